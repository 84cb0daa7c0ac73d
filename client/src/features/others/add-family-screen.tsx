import { type JSX, Show, createSignal } from "solid-js"
import type { ContactCalls } from "../../engine/port.js"
import { type Problem, explain, scanTexts, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextArea } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { ScanButton } from "../../ui/scan/scan-button.js"
import { Screen } from "../../ui/screen.js"

const cardStart = /^homecard1-/i

/** Takes in another family's card; whose it is shows when the digits are compared. */
export function AddFamilyScreen(props: {
  readonly calls: Pick<ContactCalls, "addContact">
  readonly onAdded: (family: string) => void
}): JSX.Element {
  const t = useT()
  const [card, setCard] = createSignal("")
  const [isBusy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const add = async (text: string): Promise<void> => {
    setProblem(undefined)
    setBusy(true)
    const added = await props.calls.addContact({ card: text })
    setBusy(false)
    if (added.ok) props.onAdded(added.value.family)
    else setProblem(added.error)
  }
  const take = (text: string): boolean => {
    if (!cardStart.test(text)) return false
    void add(text)
    return true
  }
  return (
    <Screen title={t("others.add")} back={{ href: "/family/others", label: t("action.back") }}>
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault()
          void add(card())
        }}
      >
        <p>{t("others.addHow")}</p>
        <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
        <ScanButton texts={scanTexts(t)} isWide onText={take} />
        <TextArea
          label={t("others.addText")}
          hint={t("others.addHint")}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          rows={4}
          value={card()}
          onInput={setCard}
        />
        <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
          {t("others.add")}
        </Button>
      </form>
    </Screen>
  )
}
