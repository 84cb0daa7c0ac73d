import Copy from "lucide-solid/icons/copy"
import Speech from "lucide-solid/icons/speech"
import ShieldAlert from "lucide-solid/icons/shield-alert"
import { type JSX, Match, Show, Switch, createSignal, onCleanup } from "solid-js"
import type { Calls, Pairing } from "../../engine/port.js"
import { type Problem, explain, useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Segmented, Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Note } from "../../ui/pieces.js"
import { QrCode } from "../../ui/qr-code.js"
import { Screen } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { MakeMain } from "./make-main.js"

type Role = Parameters<Calls["setRole"]>[0]["role"]
export const roles: readonly Role[] = ["admin", "editor", "user", "guest"]

interface InviteScreenProps {
  readonly pairing: Pairing | undefined
  /** It begins with "another device of mine". */
  readonly isForMe: boolean
  readonly canAdmit: boolean
  /** YYYY-MM-DD: no stay ends before. */
  readonly today: string
  readonly endOfDayMs: (isoDay: string) => number
  readonly calls: Pick<
    Calls,
    "createInvitation" | "showCode" | "answerNewcomer" | "cancelPairing" | "yieldTo"
  >
  readonly onCopy: (text: string) => Promise<void>
}

/** Shows an invitation, then who answered it with six digits to compare; nobody is let in without a yes here. */
export function InviteScreen(props: InviteScreenProps): JSX.Element {
  const { t, formats } = useLanguage()
  const toast = useToast()
  const [chosen, choose] = createSignal<boolean>()
  /** The address proposes, the person decides; who may admit nobody adds devices of their own. */
  const isOwn = (): boolean => !props.canAdmit || (chosen() ?? props.isForMe)
  const [role, setRole] = createSignal<Role>("editor")
  /** YYYY-MM-DD, or nothing. */
  const [lastDay, setLastDay] = createSignal("")
  const stayEndsMs = (): number | undefined =>
    role() === "guest" && lastDay() !== "" ? props.endOfDayMs(lastDay()) : undefined
  const [problem, setProblem] = createSignal<Problem>()
  const [isBusy, setBusy] = createSignal(false)
  const [isStarted, setStarted] = createSignal(false)

  const invite = async (): Promise<void> => {
    setProblem(undefined)
    setBusy(true)
    const made = await props.calls.createInvitation({
      admitAs: isOwn() ? { type: "OwnDevice" } : { type: "Member", role: role(), untilMs: stayEndsMs() },
    })
    setBusy(false)
    if (made.ok) setStarted(true)
    else setProblem(made.error)
  }
  const readOut = async (): Promise<void> => {
    setProblem(undefined)
    const shown = await props.calls.showCode({})
    if (!shown.ok) setProblem(shown.error)
  }
  const answer = (accept: boolean): void => void props.calls.answerNewcomer({ accept })
  // Whoever leaves this screen has stopped inviting: a code that nobody watches is not left open.
  onCleanup(() => {
    const type = props.pairing?.type
    if (isStarted() && (type === "Waiting" || type === "Asking")) void props.calls.cancelPairing({})
  })
  const copy = async (text: string): Promise<void> => {
    await props.onCopy(text)
    toast({ text: t("action.copied") })
  }
  /** Where this invitation stands, if it stands there: what came before this screen does not count. */
  const now = <Type extends Pairing["type"]>(type: Type): Extract<Pairing, { type: Type }> | undefined =>
    isStarted() && props.pairing?.type === type
      ? (props.pairing as Extract<Pairing, { type: Type }>)
      : undefined
  return (
    <Screen title={t("invite.title")} back={{ href: "/family", label: t("action.back") }}>
      <Switch
        fallback={
          <form
            class="stack"
            onSubmit={event => {
              event.preventDefault()
              void invite()
            }}
          >
            <Show when={problem() ?? now("Ended")?.error}>
              {found => <Note tone="danger">{explain(t, found())}</Note>}
            </Show>
            <Show when={props.canAdmit}>
              <Segmented
                label={t("invite.who")}
                options={[
                  { value: "other", label: t("invite.somebody") },
                  { value: "own", label: t("invite.own") },
                ]}
                value={isOwn() ? "own" : "other"}
                onChange={value => choose(value === "own")}
              />
            </Show>
            <Show when={!isOwn()}>
              <Select
                label={t("role.label")}
                hint={t(`role.${role()}Why`)}
                options={roles.map(value => ({ value, label: t(`role.${value}`) }))}
                value={role()}
                onChange={setRole}
              />
            </Show>
            <Show when={!isOwn() && role() === "guest"}>
              <TextField
                type="date"
                label={t("invite.until")}
                hint={t("invite.untilHint")}
                min={props.today}
                value={lastDay()}
                onInput={setLastDay}
              />
            </Show>
            <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
              {now("Ended") === undefined ? t("invite.make") : t("invite.again")}
            </Button>
          </form>
        }
      >
        <Match when={now("Waiting")}>
          {waiting => (
            <div class="stack">
              <p>{t("invite.how")}</p>
              <QrCode text={waiting().invitation} label={t("invite.qr")} />
              <Show when={waiting().code}>
                {code => (
                  <div class="stack">
                    <p>{t("invite.sayCode")}</p>
                    <p class="code-words" translate="no">
                      {code()}
                    </p>
                    <p class="quiet small">{t("invite.sayCodeOnce")}</p>
                  </div>
                )}
              </Show>
              <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
              <p class="quiet small">{t("invite.expires", { time: formats().time(waiting().expiresMs) })}</p>
              <p role="status">{t("invite.waiting")}</p>
              <div class="cluster">
                <Button icon={Copy} onClick={() => void copy(waiting().invitation)}>
                  {t("invite.orCopy")}
                </Button>
                <Show when={waiting().code === undefined}>
                  <Button icon={Speech} onClick={() => void readOut()}>
                    {t("invite.orSay")}
                  </Button>
                </Show>
                <Button kind="quiet" onClick={() => void props.calls.cancelPairing({})}>
                  {t("action.cancel")}
                </Button>
              </div>
            </div>
          )}
        </Match>
        <Match when={now("Asking")}>
          {asking => (
            <div class="stack" role="alertdialog" aria-labelledby="newcomer" aria-describedby="digits">
              <h2 id="newcomer">
                {asking().name === "" ? t("invite.asksUnnamed") : t("invite.asks", { name: asking().name })}
              </h2>
              <p>{t("invite.sameDigits")}</p>
              <p class="digits" id="digits">
                {asking().digits}
              </p>
              <Note tone="notice" icon={ShieldAlert}>
                {t("invite.onlyIf")}
              </Note>
              <div class="cluster">
                <Button kind="primary" onClick={() => answer(true)}>
                  {t("invite.yes")}
                </Button>
                <Button onClick={() => answer(false)}>{t("invite.no")}</Button>
              </div>
            </div>
          )}
        </Match>
        <Match when={now("Done")}>
          {done => (
            <div class="stack">
              <Note tone="good">{isOwn() ? t("invite.doneOwn") : t("invite.done")}</Note>
              <Show when={isOwn()}>
                <MakeMain device={done().device} calls={props.calls} />
              </Show>
              <a class="button" href="/family">
                {t("action.done")}
              </a>
            </div>
          )}
        </Match>
      </Switch>
    </Screen>
  )
}
