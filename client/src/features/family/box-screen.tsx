import { type JSX, Show, createSignal } from "solid-js"
import type { Calls } from "../../engine/port.js"
import { type Problem, explain, scanTexts, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextArea } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { ScanButton } from "../../ui/scan/scan-button.js"
import { Screen } from "../../ui/screen.js"

const codeStart = "home1-"

/** Takes a box into the family by the code that it printed; the code itself proves that it is the one. */
export function BoxScreen(props: { readonly calls: Pick<Calls, "claimBox"> }): JSX.Element {
  const t = useT()
  const [code, setCode] = createSignal("")
  const [isBusy, setBusy] = createSignal(false)
  const [isDone, setDone] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const claim = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    const claimed = await props.calls.claimBox({ code: code().trim() })
    setBusy(false)
    if (claimed.ok) setDone(true)
    else setProblem(claimed.error)
  }
  const take = (text: string): boolean => {
    if (!text.startsWith(codeStart)) return false
    setCode(text)
    return true
  }
  return (
    <Screen title={t("box.title")} back={{ href: "/family", label: t("action.back") }}>
      <Show
        when={!isDone()}
        fallback={
          <div class="stack">
            <Note tone="good">{t("box.done")}</Note>
            <a class="button" href="/family">
              {t("action.done")}
            </a>
          </div>
        }
      >
        <form class="stack" onSubmit={event => void claim(event)}>
          <p>{t("box.how")}</p>
          <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
          <ScanButton texts={scanTexts(t)} isWide onText={take} />
          <TextArea
            label={t("box.code")}
            hint={t("box.codeHint")}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            rows={3}
            value={code()}
            onInput={setCode}
          />
          <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
            {isBusy() ? t("box.working") : t("box.connect")}
          </Button>
        </form>
      </Show>
    </Screen>
  )
}
