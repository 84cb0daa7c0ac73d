import { type JSX, Show, createResource, createSignal } from "solid-js"
import type { Calls, StorageStatus } from "../../engine/port.js"
import { explain, useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextArea } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"

export type Persistence = "Kept" | "NotKept" | "Unknown"

/** What this device holds, whether the browser will keep it, and where devices meet. */
export function Keeping(props: {
  readonly storage: StorageStatus | undefined
  readonly persistence: Persistence
  readonly onKeep: () => Promise<Persistence>
  readonly calls: Pick<Calls, "relays" | "setRelays">
}): JSX.Element {
  const { t, formats } = useLanguage()
  const toast = useToast()
  const [stored] = createResource(async () => {
    const relays = await props.calls.relays({})
    return relays.ok ? relays.value.join("\n") : ""
  })
  const [typed, setTyped] = createSignal<string>()
  const [problem, setProblem] = createSignal<string>()
  const text = (): string => typed() ?? stored.latest ?? ""
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const relays = text().split(/\s+/).filter(Boolean)
    const saved = await props.calls.setRelays({ relays })
    setProblem(saved.ok ? undefined : explain(t, saved.error))
    if (saved.ok) toast({ text: t("settings.relaysSaved") })
  }
  const keep = async (): Promise<void> => {
    const answer = await props.onKeep()
    toast({ text: answer === "Kept" ? t("first.kept") : t("first.refused") })
  }
  const used = (): string | undefined => {
    const { usedBytes, quotaBytes } = props.storage ?? {}
    if (usedBytes === undefined || quotaBytes === undefined) return undefined
    return t("settings.usage", { used: formats().bytes(usedBytes), quota: formats().bytes(quotaBytes) })
  }
  const promise = (): string =>
    ({
      Kept: t("settings.persistent"),
      NotKept: t("settings.notPersistent"),
      Unknown: t("settings.persistenceUnknown"),
    })[props.persistence]
  return (
    <Section title={t("settings.kept")}>
      <Note tone={props.persistence === "NotKept" ? "notice" : "plain"}>
        {promise()}
        <Show when={props.persistence === "NotKept"}>
          <Button onClick={() => void keep()}>{t("eviction.allow")}</Button>
        </Show>
        <span class="quiet small">{used()}</span>
      </Note>
      <form class="stack" onSubmit={event => void save(event)}>
        <TextArea
          label={t("settings.relays")}
          hint={t("settings.relaysHint")}
          error={problem()}
          autocomplete="off"
          spellcheck={false}
          rows={2}
          value={text()}
          onInput={setTyped}
        />
        <span>
          <Button type="submit">{t("action.save")}</Button>
        </span>
      </form>
    </Section>
  )
}
