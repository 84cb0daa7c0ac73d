import { type JSX, Show } from "solid-js"
import type { Phrase } from "../../engine/port.js"
import { CheckStep } from "./check-step.js"
import { PhraseStep } from "./phrase-step.js"

/** New words: shown to be written down, then three of them typed from the paper. */
export function KeepWords(props: {
  readonly family: string
  readonly phrase: Phrase
  readonly isChecking: boolean
  readonly onChecking: (isChecking: boolean) => void
  readonly wrong: readonly number[]
  readonly isBusy: boolean
  readonly onCopy: (text: string) => Promise<void>
  readonly onAnswers: (answers: readonly string[]) => void
}): JSX.Element {
  return (
    <Show
      when={props.isChecking}
      fallback={
        <PhraseStep
          family={props.family}
          words={props.phrase.words}
          onCopy={props.onCopy}
          onDone={() => props.onChecking(true)}
        />
      }
    >
      <CheckStep
        asked={props.phrase.asked}
        wrong={props.wrong}
        isBusy={props.isBusy}
        onAnswers={props.onAnswers}
        onAgain={() => props.onChecking(false)}
      />
    </Show>
  )
}
