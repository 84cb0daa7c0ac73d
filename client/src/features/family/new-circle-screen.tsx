import { For, type JSX, Show, createSignal } from "solid-js"
import type { Calls, MemberView, Membership, Self } from "../../engine/port.js"
import { type Problem, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { nameOf } from "./names.js"

interface NewCircleScreenProps {
  readonly self: Self
  readonly membership: Membership | undefined
  readonly calls: Pick<Calls, "makeCircle">
  readonly onMade: (circle: string) => void
}

/** A name, who is in it, and whether the box reads along. Only an admin makes one with others. */
export function NewCircleScreen(props: NewCircleScreenProps): JSX.Element {
  const t = useT()
  const [name, setName] = createSignal("")
  const [chosen, setChosen] = createSignal<ReadonlySet<MemberView["id"]>>(new Set())
  const [isBoxIn, setBoxIn] = createSignal(false)
  const [isBusy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const live = (kind: MemberView["kind"]): readonly MemberView[] =>
    (props.membership?.members ?? []).filter(member => member.isLive && member.kind === kind)
  const others = (): readonly MemberView[] =>
    props.self.role === "admin" ? live("person").filter(({ isYou }) => !isYou) : []
  const choose = (id: MemberView["id"], isIn: boolean): void => {
    const next = new Set(chosen())
    if (isIn) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    const made = await props.calls.makeCircle({ name: name(), members: [...chosen()], isBoxIn: isBoxIn() })
    setBusy(false)
    if (made.ok) props.onMade(made.value)
    else setProblem(made.error)
  }
  return (
    <Screen title={t("circles.new")} back={{ href: "/family/circles", label: t("action.back") }}>
      <form class="stack" onSubmit={event => void make(event)}>
        <p>{t("circles.why")}</p>
        <TextField
          label={t("circles.name")}
          hint={t("circles.nameHint")}
          required
          maxLength={40}
          value={name()}
          onInput={setName}
        />
        <Show when={others().length > 0}>
          <Section title={t("circles.who")}>
            <p class="quiet">{t("circles.whoHint")}</p>
            <For each={others()}>
              {member => (
                <Switch
                  label={nameOf(t, member)}
                  isOn={chosen().has(member.id)}
                  onChange={isIn => choose(member.id, isIn)}
                />
              )}
            </For>
          </Section>
        </Show>
        <Show when={props.self.role === "admin" && live("box").length > 0}>
          <Switch
            label={t("circles.box")}
            hint={isBoxIn() ? t("circles.boxIn") : t("circles.boxOut")}
            isOn={isBoxIn()}
            onChange={setBoxIn}
          />
        </Show>
        <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
        <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
          {t("circles.make")}
        </Button>
      </form>
    </Screen>
  )
}
