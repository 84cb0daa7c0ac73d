import Fingerprint from "lucide-solid/icons/fingerprint-pattern"
import { For, type JSX, Show, createSignal, onMount } from "solid-js"
import type { Calls, Passkey, UnlockWay } from "../../engine/port.js"
import { type Problem, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { Note } from "../../ui/pieces.js"
import { PassphraseField } from "./passphrase-field.js"
import "./setup.css"

interface UnlockProps {
  readonly calls: Pick<Calls, "unlock" | "eraseEverything">
  readonly ways: readonly UnlockWay[]
  /** Asks the platform for the passkey's 32 secret bytes; `undefined`: the person or the platform said no. */
  readonly readPasskey: (passkeys: readonly Passkey[]) => Promise<Uint8Array | undefined>
}

/** A locked device: opens with what was set up on it, the quickest way first. */
export function Unlock(props: UnlockProps): JSX.Element {
  const t = useT()
  const [passphrase, setPassphrase] = createSignal("")
  const [problem, setProblem] = createSignal<Problem>()
  const [isBusy, setBusy] = createSignal(false)
  const [isErasing, setErasing] = createSignal(false)

  const unlock = async (how: Parameters<Calls["unlock"]>[0]): Promise<void> => {
    setBusy(true)
    const opened = await props.calls.unlock(how)
    setBusy(false)
    if (!opened.ok) setProblem(opened.error)
  }
  const unlockByPasskey = async (passkeys: readonly Passkey[]): Promise<void> => {
    const secret = await props.readPasskey(passkeys)
    if (secret !== undefined) await unlock({ type: "Passkey", secret })
    else setProblem({ type: "WrongPasskey" })
  }
  onMount(() => {
    if (props.ways.some(({ type }) => type === "DeviceLock")) void unlock({ type: "DeviceLock" })
  })
  return (
    <div class="screen welcome">
      <img class="welcome-mark" src="/icon.svg" alt="" width="72" height="72" />
      <h1>{t("unlock.title")}</h1>
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault()
          void unlock({ type: "Passphrase", passphrase: passphrase() })
        }}
      >
        <PassphraseField
          value={passphrase()}
          onInput={setPassphrase}
          error={problem()?.type === "WrongPassphrase" ? t("problem.wrongPassphrase") : undefined}
        />
        <Show when={problem()?.type !== "WrongPassphrase" && problem()}>
          {found => <Note tone="danger">{explain(t, found())}</Note>}
        </Show>
        <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
          {t("unlock.open")}
        </Button>
        <For each={props.ways}>
          {way => (
            <Show when={way.type === "Passkey" && way}>
              {passkey => (
                <Button icon={Fingerprint} isWide onClick={() => void unlockByPasskey(passkey().credentials)}>
                  {t("unlock.passkey")}
                </Button>
              )}
            </Show>
          )}
        </For>
      </form>
      <details class="fold">
        <summary>{t("unlock.forgotten")}</summary>
        <div class="stack">
          <p class="quiet">{t("unlock.forgottenWhy")}</p>
          <Button kind="danger" onClick={() => setErasing(true)}>
            {t("unlock.erase")}
          </Button>
        </div>
      </details>
      <Dialog
        isOpen={isErasing()}
        title={t("unlock.eraseSure")}
        closeLabel={t("action.close")}
        onClose={() => setErasing(false)}
        actions={
          <>
            <Button onClick={() => setErasing(false)}>{t("action.cancel")}</Button>
            <Button kind="danger" onClick={() => void props.calls.eraseEverything({})}>
              {t("unlock.erase")}
            </Button>
          </>
        }
      >
        <p>{t("unlock.eraseWhy")}</p>
      </Dialog>
    </div>
  )
}
