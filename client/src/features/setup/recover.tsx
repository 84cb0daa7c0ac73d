import type { DeviceKind } from "@home/shared/documents"
import { type JSX, Show, createSignal } from "solid-js"
import type { Calls } from "../../engine/port.js"
import { type Problem, explain, scanTexts, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextArea, TextField } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { ScanButton } from "../../ui/scan/scan-button.js"
import { Screen, Section } from "../../ui/screen.js"
import { PassphraseField } from "./passphrase-field.js"
import "./setup.css"

interface RecoverProps {
  readonly calls: Pick<Calls, "recover">
  /** What to propose for a device of somebody of this name. */
  readonly deviceName: (member: string) => string
  readonly deviceKind: DeviceKind
  readonly relay: string | undefined
  readonly backHref: string
  readonly onRecovered: () => void
}

const isPhrase = (text: string): boolean => text.trim().split(/\s+/).length === 24

/** Everything back from the 24 words and a place that kept the family's sealed data. */
export function Recover(props: RecoverProps): JSX.Element {
  const t = useT()
  const [phrase, setPhrase] = createSignal("")
  const [typedRelay, setRelay] = createSignal<string>()
  const [typedDevice, setDevice] = createSignal<string>()
  const [passphrase, setPassphrase] = createSignal("")
  const [problem, setProblem] = createSignal<Problem>()
  const [isBusy, setBusy] = createSignal(false)
  const relay = (): string => typedRelay() ?? props.relay ?? ""
  const deviceName = (): string => typedDevice() ?? props.deviceName("")

  const recover = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    const recovered = await props.calls.recover({
      phrase: phrase().trim().toLowerCase().split(/\s+/).join(" "),
      relay: relay().trim(),
      deviceName: deviceName().trim(),
      deviceKind: props.deviceKind,
      passphrase: passphrase(),
    })
    setBusy(false)
    if (!recovered.ok) return void setProblem(recovered.error)
    setPhrase("")
    setPassphrase("")
    props.onRecovered()
  }
  const take = (text: string): boolean => {
    if (!isPhrase(text)) return false
    setPhrase(text)
    return true
  }
  return (
    <Screen title={t("setup.recover")} back={{ href: props.backHref, label: t("action.back") }}>
      <form class="stack" onSubmit={event => void recover(event)}>
        <p>{t("setup.recoverHow")}</p>
        <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
        <TextArea
          label={t("setup.phrase")}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          rows={5}
          value={phrase()}
          onInput={setPhrase}
        />
        <ScanButton texts={scanTexts(t)} onText={take} />
        <TextField
          label={t("setup.recoverRelay")}
          hint={t("setup.recoverRelayHint")}
          inputMode="url"
          autocomplete="off"
          required
          value={relay()}
          onInput={setRelay}
        />
        <TextField
          label={t("setup.device")}
          hint={t("setup.deviceHint")}
          autocomplete="off"
          required
          maxLength={60}
          value={deviceName()}
          onInput={setDevice}
        />
        <PassphraseField isNew value={passphrase()} onInput={setPassphrase} />
        <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
          {isBusy() ? t("setup.working") : t("setup.recoverNow")}
        </Button>
      </form>
      <Section title={t("setup.noWords")}>
        <p>{t("setup.noWordsAdmin")}</p>
        <p>{t("setup.noWordsRefound")}</p>
        <p>{t("setup.noWordsNothing")}</p>
      </Section>
    </Screen>
  )
}
