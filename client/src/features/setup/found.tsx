import type { DeviceKind } from "@home/shared/documents"
import { type JSX, Match, Show, Switch, createSignal } from "solid-js"
import type { Calls, Phrase } from "../../engine/port.js"
import { type Problem, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Switch as Toggle } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { KeepWords } from "./keep-words.js"
import { PassphraseField } from "./passphrase-field.js"
import { PersonFields } from "./person-fields.js"
import "./setup.css"

interface FoundProps {
  readonly calls: Pick<Calls, "newPhrase" | "checkPhrase" | "found" | "setDeviceLock">
  /** What to propose for a device of somebody of this name. */
  readonly deviceName: (member: string) => string
  readonly deviceKind: DeviceKind
  /** A meeting place that answers where this page came from. */
  readonly relay: string | undefined
  readonly backHref: string
  readonly onCopyPhrase: (text: string) => Promise<void>
  /** The family stands; what is behind this screen takes over. */
  readonly onFounded: () => void
}

type Step = "names" | "protect" | "words" | "check"
const steps: readonly Step[] = ["names", "protect", "words", "check"]

/** From nothing to a family on this device, without a network: names, passphrase, the phrase, and proof that it was kept. */
export function Found(props: FoundProps): JSX.Element {
  const t = useT()
  const [step, setStep] = createSignal<Step>("names")
  const [family, setFamily] = createSignal("")
  const [member, setMember] = createSignal("")
  const [typedDevice, setDevice] = createSignal<string>()
  const [passphrase, setPassphrase] = createSignal("")
  const [staysOpen, setStaysOpen] = createSignal(false)
  const [isOnline, setOnline] = createSignal(true)
  const [phrase, setPhrase] = createSignal<Phrase>()
  const [wrong, setWrong] = createSignal<readonly number[]>([])
  const [problem, setProblem] = createSignal<Problem>()
  const [isBusy, setBusy] = createSignal(false)
  const deviceName = (): string => typedDevice() ?? props.deviceName(member().trim())

  const title = (): string =>
    ({
      names: t("setup.found"),
      protect: t("setup.protect"),
      words: t("setup.words"),
      check: t("setup.check"),
    })[step()]

  const showWords = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const made = await props.calls.newPhrase({})
    if (!made.ok) return void setProblem(made.error)
    setProblem(undefined)
    setPhrase(made.value)
    setStep("words")
  }

  const finish = async (answers: readonly string[]): Promise<void> => {
    setBusy(true)
    const checked = await props.calls.checkPhrase({ answers })
    if (!checked.ok) {
      setBusy(false)
      if (checked.error.type === "WrongWords") setWrong(checked.error.positions)
      else setProblem(checked.error)
      return
    }
    const founded = await props.calls.found({
      family: family().trim(),
      member: member().trim(),
      deviceName: deviceName().trim(),
      deviceKind: props.deviceKind,
      passphrase: passphrase(),
      relay: isOnline() ? props.relay : undefined,
    })
    if (founded.ok && staysOpen()) await props.calls.setDeviceLock({ isOn: true })
    setBusy(false)
    setPassphrase("")
    setPhrase(undefined)
    if (founded.ok) props.onFounded()
    else setProblem(founded.error)
  }

  return (
    <Screen title={title()} back={{ href: props.backHref, label: t("action.back") }}>
      <p class="quiet small screen-only">
        {t("setup.step", { at: steps.indexOf(step()) + 1, of: steps.length })}
      </p>
      <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
      <Switch>
        <Match when={step() === "names"}>
          <form
            class="stack"
            onSubmit={event => {
              event.preventDefault()
              setStep("protect")
            }}
          >
            <TextField
              label={t("setup.family")}
              placeholder={t("setup.familyExample")}
              autocomplete="off"
              required
              maxLength={60}
              value={family()}
              onInput={setFamily}
            />
            <PersonFields
              member={member()}
              onMember={setMember}
              deviceName={deviceName()}
              onDeviceName={setDevice}
            />
            <Button kind="primary" type="submit" isWide>
              {t("action.continue")}
            </Button>
          </form>
        </Match>
        <Match when={step() === "protect"}>
          <form class="stack" onSubmit={event => void showWords(event)}>
            <p>{t("setup.protectWhy")}</p>
            <PassphraseField isNew value={passphrase()} onInput={setPassphrase} />
            <Toggle
              label={t("setup.stayOpen")}
              hint={t("setup.stayOpenHint")}
              isOn={staysOpen()}
              onChange={setStaysOpen}
            />
            <Show when={props.relay}>
              <Toggle
                label={t("setup.meeting")}
                hint={t("setup.meetingHint")}
                isOn={isOnline()}
                onChange={setOnline}
              />
            </Show>
            <Button kind="primary" type="submit" isWide>
              {t("action.continue")}
            </Button>
          </form>
        </Match>
        <Match when={(step() === "words" || step() === "check") && phrase()}>
          {shown => (
            <KeepWords
              family={family()}
              phrase={shown()}
              isChecking={step() === "check"}
              onChecking={isChecking => setStep(isChecking ? "check" : "words")}
              wrong={wrong()}
              isBusy={isBusy()}
              onCopy={props.onCopyPhrase}
              onAnswers={answers => void finish(answers)}
            />
          )}
        </Match>
      </Switch>
    </Screen>
  )
}
