import type { DeviceKind } from "@home/shared/documents"
import { type JSX, Match, Show, Switch, createSignal } from "solid-js"
import type { Calls, Pairing } from "../../engine/port.js"
import { type Problem, explain, scanTexts, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextArea, TextField } from "../../ui/field.js"
import { Note, Progress } from "../../ui/pieces.js"
import { ScanButton } from "../../ui/scan/scan-button.js"
import { Screen } from "../../ui/screen.js"
import { PassphraseField } from "./passphrase-field.js"
import { PersonFields } from "./person-fields.js"
import "./setup.css"

interface JoinProps {
  readonly calls: Pick<Calls, "join" | "cancelPairing">
  readonly pairing: Pairing | undefined
  /** What to propose for a device of somebody of this name. */
  readonly deviceName: (member: string) => string
  readonly deviceKind: DeviceKind
  /** Where a code that was read out is looked for first: the meeting place beside this page. */
  readonly relay: string | undefined
  readonly backHref: string
  readonly onJoined: () => void
}

/** How every code of HOME begins: other codes that the camera sees are passed over. */
const codeStart = "home1-"

/** Joins the family of another device: its code by camera or pasted, then six digits that must be the same on both. */
export function Join(props: JoinProps): JSX.Element {
  const t = useT()
  const [typedRelay, setRelay] = createSignal<string>()
  const relay = (): string => typedRelay() ?? props.relay ?? ""
  /** Four digits begin a code that was read out. */
  const isSpoken = (): boolean => /^\s*\d/.test(invitation().normalize("NFKC"))
  const [invitation, setInvitation] = createSignal("")
  const [member, setMember] = createSignal("")
  const [typedDevice, setDevice] = createSignal<string>()
  const [passphrase, setPassphrase] = createSignal("")
  const [problem, setProblem] = createSignal<Problem>()
  const [isBusy, setBusy] = createSignal(false)
  const deviceName = (): string => typedDevice() ?? props.deviceName(member().trim())

  const take = (text: string): boolean => {
    if (!text.startsWith(codeStart)) return false
    setInvitation(text)
    return true
  }
  const join = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    const joined = await props.calls.join({
      invitation: invitation().trim(),
      relay: isSpoken() ? relay().trim() : undefined,
      member: member().trim(),
      deviceName: deviceName().trim(),
      deviceKind: props.deviceKind,
      passphrase: passphrase(),
    })
    setBusy(false)
    if (joined.ok) {
      setPassphrase("")
      props.onJoined()
    } else setProblem(joined.error)
  }
  const digits = (): string | undefined =>
    props.pairing?.type === "Comparing" ? props.pairing.digits : undefined

  return (
    <Screen title={t("setup.join")} back={{ href: props.backHref, label: t("action.back") }}>
      <Switch>
        <Match when={digits()}>
          {shown => (
            <div class="stack">
              <h2>{t("setup.compare")}</h2>
              <p class="digits" aria-live="assertive">
                {shown()}
              </p>
              <p>{t("setup.compareWhy")}</p>
              <Button onClick={() => void props.calls.cancelPairing({})}>{t("action.cancel")}</Button>
            </div>
          )}
        </Match>
        <Match when={isBusy()}>
          <div class="stack">
            <p role="status">{t("setup.dialling")}</p>
            <Progress label={t("setup.dialling")} />
            <Button onClick={() => void props.calls.cancelPairing({})}>{t("action.cancel")}</Button>
          </div>
        </Match>
        <Match when={true}>
          <form class="stack" onSubmit={event => void join(event)}>
            <p>{t("setup.joinHow")}</p>
            <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
            <ScanButton texts={scanTexts(t)} isWide onText={take} />
            <TextArea
              label={t("setup.invitation")}
              hint={t("setup.invitationHint")}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              required
              rows={3}
              value={invitation()}
              onInput={setInvitation}
            />
            <Show when={isSpoken()}>
              <TextField
                label={t("setup.recoverRelay")}
                hint={t("setup.codeRelayHint")}
                inputMode="url"
                autocomplete="off"
                required
                value={relay()}
                onInput={setRelay}
              />
            </Show>
            <PersonFields
              member={member()}
              onMember={setMember}
              deviceName={deviceName()}
              onDeviceName={setDevice}
            />
            <PassphraseField isNew value={passphrase()} onInput={setPassphrase} />
            <Button kind="primary" type="submit" isWide>
              {t("setup.joinNow")}
            </Button>
          </form>
        </Match>
      </Switch>
    </Screen>
  )
}
