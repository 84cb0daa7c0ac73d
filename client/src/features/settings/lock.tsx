import LockIcon from "lucide-solid/icons/lock"
import { type JSX, Show, createSignal } from "solid-js"
import type { Calls, Self } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Select, Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Dialog } from "../../ui/overlay.js"
import { Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"

const never = "never"
const autoLockMinutes = [1, 5, 15, 60] as const

export function Lock(props: {
  readonly self: Self
  readonly calls: Pick<
    Calls,
    "lock" | "changePassphrase" | "setAutoLock" | "setDeviceLock" | "addPasskey" | "removePasskeys"
  >
  readonly makePasskey: (name: string) => Promise<Parameters<Calls["addPasskey"]>[0] | undefined>
  readonly canUsePasskeys: boolean
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [isChanging, setChanging] = createSignal(false)

  const setPasskey = async (isOn: boolean): Promise<void> => {
    if (!isOn) return void (await props.calls.removePasskeys({}))
    const passkey = await props.makePasskey(props.self.deviceName)
    if (passkey === undefined) return toast({ text: t("settings.passkeyFailed") })
    await props.calls.addPasskey(passkey)
  }
  return (
    <Section
      title={t("settings.lock")}
      actions={
        <Button icon={LockIcon} onClick={() => void props.calls.lock({})}>
          {t("settings.lockNow")}
        </Button>
      }
    >
      <Select
        label={t("settings.autoLock")}
        options={[
          ...autoLockMinutes.map(count => ({
            value: String(count),
            label: t("settings.autoLockMinutes", { count }),
          })),
          { value: never, label: t("settings.autoLockNever") },
        ]}
        value={String(props.self.autoLockMinutes ?? never)}
        onChange={value =>
          void props.calls.setAutoLock({ minutes: value === never ? undefined : Number(value) })
        }
      />
      <Switch
        label={t("settings.deviceLock")}
        hint={t("settings.deviceLockHint")}
        isOn={props.self.hasDeviceLock}
        onChange={isOn => void props.calls.setDeviceLock({ isOn })}
      />
      <Show when={props.canUsePasskeys}>
        <Switch
          label={t("settings.passkey")}
          hint={t("settings.passkeyHint")}
          isOn={props.self.passkeys > 0}
          onChange={isOn => void setPasskey(isOn)}
        />
      </Show>
      <span>
        <Button onClick={() => setChanging(true)}>{t("settings.changePassphrase")}</Button>
      </span>
      <ChangePassphrase isOpen={isChanging()} calls={props.calls} onClose={() => setChanging(false)} />
    </Section>
  )
}

function ChangePassphrase(props: {
  readonly isOpen: boolean
  readonly calls: Pick<Calls, "changePassphrase">
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [current, setCurrent] = createSignal("")
  const [next, setNext] = createSignal("")
  const [problem, setProblem] = createSignal<string>()
  const [isBusy, setBusy] = createSignal(false)
  const close = (): void => {
    setCurrent("")
    setNext("")
    setProblem(undefined)
    props.onClose()
  }
  const change = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    const changed = await props.calls.changePassphrase({ current: current(), next: next() })
    setBusy(false)
    if (!changed.ok) return void setProblem(explain(t, changed.error))
    close()
    toast({ text: t("settings.passphraseChanged") })
  }
  return (
    <Dialog
      isOpen={props.isOpen}
      title={t("settings.changePassphrase")}
      closeLabel={t("action.close")}
      onClose={close}
    >
      <form class="stack" onSubmit={event => void change(event)}>
        <TextField
          label={t("settings.currentPassphrase")}
          type="password"
          autocomplete="current-password"
          required
          value={current()}
          error={problem()}
          onInput={setCurrent}
        />
        <TextField
          label={t("settings.newPassphrase")}
          hint={t("setup.passphraseHint")}
          type="password"
          autocomplete="new-password"
          required
          value={next()}
          onInput={setNext}
        />
        <Button kind="primary" type="submit" isBusy={isBusy()}>
          {t("settings.changePassphrase")}
        </Button>
      </form>
    </Dialog>
  )
}
