import Copy from "lucide-solid/icons/copy"
import Printer from "lucide-solid/icons/printer"
import ShieldAlert from "lucide-solid/icons/shield-alert"
import { For, type JSX } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Note } from "../../ui/pieces.js"
import { QrCode } from "../../ui/qr-code.js"
import { useToast } from "../../ui/toast.js"

/** The phrase for the one time that it is shown; on paper the same page is the kit, with a code to scan. */
export function PhraseStep(props: {
  readonly family: string
  readonly words: readonly string[]
  /** Puts it into the clipboard, and takes it out again after a minute. */
  readonly onCopy: (text: string) => Promise<void>
  readonly onDone: () => void
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const text = (): string => props.words.join(" ")
  const copy = async (): Promise<void> => {
    await props.onCopy(text())
    toast({ text: t("setup.wordsCopied") })
  }
  return (
    <>
      <div class="stack screen-only">
        <p>{t("setup.wordsWhy")}</p>
        <Note tone="notice" icon={ShieldAlert}>
          {t("setup.wordsOnce")}
        </Note>
      </div>
      <div class="print-only stack">
        <h2>{t("setup.kitTitle", { family: props.family })}</h2>
        <p>{t("setup.kitText")}</p>
      </div>
      <ol class="words" aria-label={t("setup.wordsList")} translate="no">
        <For each={props.words}>
          {(word, index) => (
            <li>
              <span class="words-number" aria-hidden="true">
                {index() + 1}
              </span>
              {word}
            </li>
          )}
        </For>
      </ol>
      <div class="print-only">
        <QrCode text={text()} label={t("setup.kitQr")} />
      </div>
      <div class="cluster screen-only">
        <Button icon={Printer} onClick={() => print()}>
          {t("setup.printKit")}
        </Button>
        <Button icon={Copy} onClick={() => void copy()}>
          {t("action.copy")}
        </Button>
      </div>
      <div class="screen-only">
        <Button kind="primary" isWide onClick={() => props.onDone()}>
          {t("setup.wordsWritten")}
        </Button>
      </div>
    </>
  )
}
