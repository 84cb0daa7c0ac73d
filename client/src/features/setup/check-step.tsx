import { For, type JSX, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextField } from "../../ui/field.js"

/** Three of the words, typed from the paper. */
export function CheckStep(props: {
  /** Positions from 1, in the order in which the answers are given. */
  readonly asked: readonly number[]
  readonly wrong: readonly number[]
  readonly isBusy: boolean
  readonly onAnswers: (answers: readonly string[]) => void
  readonly onAgain: () => void
}): JSX.Element {
  const t = useT()
  const [answers, setAnswers] = createSignal<readonly string[]>([])
  const change = (at: number, text: string): void => {
    const next = props.asked.map((_, index) => answers()[index] ?? "")
    next[at] = text
    setAnswers(next)
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    props.onAnswers(props.asked.map((_, index) => (answers()[index] ?? "").trim().toLowerCase()))
  }
  return (
    <form class="stack" onSubmit={submit}>
      <p>{t("setup.checkWhy")}</p>
      <For each={props.asked}>
        {(position, index) => (
          <TextField
            label={t("setup.word", { position })}
            error={props.wrong.includes(position) ? t("setup.wordWrong", { position }) : undefined}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            value={answers()[index()] ?? ""}
            onInput={text => change(index(), text)}
          />
        )}
      </For>
      <Button kind="primary" type="submit" isWide isBusy={props.isBusy}>
        {props.isBusy ? t("setup.working") : t("setup.finish")}
      </Button>
      <Button kind="quiet" onClick={() => props.onAgain()}>
        {t("setup.wordsAgain")}
      </Button>
    </form>
  )
}
