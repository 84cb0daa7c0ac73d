import { For, type JSX, Show } from "solid-js"
import type { Calls, LateEditsView, Membership } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Note } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { nameOf } from "./names.js"

/** Edits that do not count, for their device was removed or is paused: shown, and taken over or not. */
export function LateEdits(props: {
  readonly late: readonly LateEditsView[]
  /** This device may take them over. */
  readonly canDecide: boolean
  readonly membership: Membership | undefined
  readonly calls: Pick<Calls, "acceptLate" | "discardLate">
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const nameFor = (edits: LateEditsView): string => {
    const member = props.membership?.members.find(({ id }) => id === edits.member)
    return member === undefined ? t("family.unnamed") : nameOf(t, member)
  }
  const decide = async (decision: ReturnType<Calls["acceptLate" | "discardLate"]>): Promise<void> => {
    const decided = await decision
    if (!decided.ok) toast({ text: explain(t, decided.error), isUrgent: true })
  }
  return (
    <Show when={props.late.length > 0}>
      <Section title={t("late.title")}>
        <For each={props.late}>
          {edits => (
            <Note tone="notice">
              <strong>{t("late.from", { count: edits.changes, name: nameFor(edits) })}</strong>
              <span>{edits.isHeld ? t("late.heldWhy") : t("late.why")}</span>
              <Show when={props.canDecide}>
                <span class="cluster">
                  <Button onClick={() => void decide(props.calls.acceptLate({ id: edits.id }))}>
                    {t("late.accept")}
                  </Button>
                  <Button onClick={() => void decide(props.calls.discardLate({ id: edits.id }))}>
                    {t("late.discard")}
                  </Button>
                </span>
              </Show>
            </Note>
          )}
        </For>
      </Section>
    </Show>
  )
}
