import { type JSX, Match, Show, Switch, createSignal } from "solid-js"
import type { Calls, Phrase } from "../../engine/port.js"
import { type Problem, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { TextArea } from "../../ui/field.js"
import { Dialog } from "../../ui/overlay.js"
import { Note } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { KeepWords } from "./keep-words.js"
import "./setup.css"

interface PhraseScreenProps {
  readonly calls: Pick<Calls, "tryPhrase" | "newPhrase" | "checkPhrase" | "replacePhrase">
  /** What stands on the paper beside the words. */
  readonly family: string
  /** Without the old words only the founder may make new ones. */
  readonly isFounder: boolean
  readonly backHref: string
  readonly onCopyPhrase: (text: string) => Promise<void>
}

type Step = "begin" | "words" | "check" | "done"

/** The words once more: whether the paper is still right, and others in their place. */
export function PhraseScreen(props: PhraseScreenProps): JSX.Element {
  const t = useT()
  const [step, setStep] = createSignal<Step>("begin")
  const [typed, setTyped] = createSignal("")
  const [isRight, setRight] = createSignal(false)
  const [isLost, setLost] = createSignal(false)
  const [isAsking, setAsking] = createSignal(false)
  const [phrase, setPhrase] = createSignal<Phrase>()
  const [wrong, setWrong] = createSignal<readonly number[]>([])
  const [problem, setProblem] = createSignal<Problem>()
  const [isBusy, setBusy] = createSignal(false)
  const current = (): string => typed().trim().toLowerCase().split(/\s+/).join(" ")

  const tryWords = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    const tried = await props.calls.tryPhrase({ phrase: current() })
    setBusy(false)
    setRight(tried.ok)
    if (!tried.ok) setProblem(tried.error)
  }
  const makeWords = async (isWithout: boolean): Promise<void> => {
    setAsking(false)
    setLost(isWithout)
    setProblem(undefined)
    const made = await props.calls.newPhrase({})
    if (!made.ok) return void setProblem(made.error)
    setPhrase(made.value)
    setWrong([])
    setStep("words")
  }
  const finish = async (answers: readonly string[]): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    const checked = await props.calls.checkPhrase({ answers })
    const replaced = checked.ok
      ? await props.calls.replacePhrase({ current: isLost() ? undefined : current() })
      : checked
    setBusy(false)
    if (replaced.ok) {
      setTyped("")
      setPhrase(undefined)
      setStep("done")
    } else if (replaced.error.type === "WrongWords") setWrong(replaced.error.positions)
    else setProblem(replaced.error)
  }

  return (
    <Screen title={t("phrase.title")} back={{ href: props.backHref, label: t("action.back") }}>
      <Show when={problem()}>{found => <Note tone="danger">{explain(t, found())}</Note>}</Show>
      <Switch>
        <Match when={step() === "begin"}>
          <form class="stack" onSubmit={event => void tryWords(event)}>
            <p>{t("phrase.why")}</p>
            <TextArea
              label={t("phrase.type")}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              required
              rows={5}
              value={typed()}
              onInput={text => {
                setTyped(text)
                setRight(false)
              }}
            />
            <Show when={isRight()}>
              <Note tone="good">{t("phrase.right")}</Note>
            </Show>
            <span>
              <Button kind="primary" type="submit" isBusy={isBusy()}>
                {t("phrase.try")}
              </Button>
            </span>
          </form>
          <Section title={t("phrase.newTitle")}>
            <p>{t("phrase.newWhy")}</p>
            <div class="cluster">
              <Button disabled={!isRight()} onClick={() => void makeWords(false)}>
                {t("phrase.new")}
              </Button>
              <Show when={props.isFounder} fallback={<p class="quiet">{t("phrase.lostFounder")}</p>}>
                <Button kind="quiet" onClick={() => setAsking(true)}>
                  {t("phrase.lost")}
                </Button>
              </Show>
            </div>
          </Section>
          <Dialog
            isOpen={isAsking()}
            title={t("phrase.lostSure")}
            closeLabel={t("action.close")}
            onClose={() => setAsking(false)}
            actions={
              <Button kind="danger" onClick={() => void makeWords(true)}>
                {t("phrase.new")}
              </Button>
            }
          >
            <p>{t("phrase.lostWhy")}</p>
          </Dialog>
        </Match>
        <Match when={(step() === "words" || step() === "check") && phrase()}>
          {shown => (
            <KeepWords
              family={props.family}
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
        <Match when={step() === "done"}>
          <Note tone="good">{t("phrase.done")}</Note>
        </Match>
      </Switch>
    </Screen>
  )
}
