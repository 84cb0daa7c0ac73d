import { For, type JSX, Show, createSignal } from "solid-js"
import type { Calls, CircleView, MemberView, Membership, Self } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Dialog } from "../../ui/overlay.js"
import { Skeleton } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { circleNameOf, nameOf } from "./names.js"

interface CircleScreenProps {
  readonly id: string
  readonly self: Self
  readonly membership: Membership | undefined
  readonly calls: Pick<Calls, "nameCircle" | "setInCircle" | "setBoxInCircle">
  readonly onOpenMoney: () => void
}

/** One circle: what it is called, who is in it, whether the box reads it, and the way to its money. */
export function CircleScreen(props: CircleScreenProps): JSX.Element {
  const t = useT()
  const found = (): CircleView | undefined =>
    props.membership?.circles.find(({ id, isRead, isEveryone }) => id === props.id && isRead && !isEveryone)
  return (
    <Show
      when={found()}
      fallback={
        <Screen title={t("circles.title")} back={{ href: "/family/circles", label: t("action.back") }}>
          <Show when={props.membership} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
            <p>{t("circles.gone")}</p>
          </Show>
        </Screen>
      }
    >
      {circle => <Known {...props} circle={circle()} />}
    </Show>
  )
}

type Change =
  | { readonly type: "member"; readonly member: MemberView; readonly isIn: boolean }
  | { readonly type: "box"; readonly isIn: boolean }

function Known(props: CircleScreenProps & { readonly circle: CircleView }): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [change, setChange] = createSignal<Change>()
  const isAdmin = (): boolean => props.self.role === "admin" && props.self.isLive
  const live = (kind: MemberView["kind"]): readonly MemberView[] =>
    (props.membership?.members ?? []).filter(member => member.isLive && member.kind === kind)
  const isIn = (member: MemberView): boolean => props.circle.members.includes(member.id)
  const apply = async (): Promise<void> => {
    const wanted = change()
    setChange(undefined)
    if (wanted === undefined) return
    const circle = props.circle.id
    const done =
      wanted.type === "box"
        ? await props.calls.setBoxInCircle({ circle, isIn: wanted.isIn })
        : await props.calls.setInCircle({ circle, member: wanted.member.id, isIn: wanted.isIn })
    toast(done.ok ? { text: t("member.saved") } : { text: explain(t, done.error), isUrgent: true })
  }
  return (
    <Screen
      title={circleNameOf(t, props.circle)}
      back={{ href: "/family/circles", label: t("action.back") }}
      actions={
        <Button kind="primary" onClick={() => props.onOpenMoney()}>
          {t("circles.openMoney")}
        </Button>
      }
    >
      <Show when={isAdmin() || (props.circle.isOnlyMe && props.self.isLive)}>
        <NameForm circle={props.circle} calls={props.calls} />
      </Show>
      <Section title={t("circles.people")}>
        <Show when={!isAdmin() && !props.circle.isOnlyMe}>
          <p class="quiet">{t("circles.onlyAdmin")}</p>
        </Show>
        <For each={isAdmin() ? live("person") : live("person").filter(isIn)}>
          {member => (
            <Switch
              label={nameOf(t, member)}
              isOn={isIn(member)}
              isDisabled={!isAdmin() || member.isYou}
              onChange={on => setChange({ type: "member", member, isIn: on })}
            />
          )}
        </For>
        <Show when={live("box").length > 0}>
          <Switch
            label={t("circles.box")}
            hint={props.circle.isBoxIn ? t("circles.boxIn") : t("circles.boxOut")}
            isOn={props.circle.isBoxIn}
            isDisabled={!isAdmin()}
            onChange={on => setChange({ type: "box", isIn: on })}
          />
        </Show>
      </Section>
      <Show when={change()}>
        {wanted => (
          <ChangeDialog change={wanted()} onClose={() => setChange(undefined)} onSure={() => void apply()} />
        )}
      </Show>
    </Screen>
  )
}

function NameForm(props: {
  readonly circle: CircleView
  readonly calls: Pick<Calls, "nameCircle">
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [typed, setTyped] = createSignal<string>()
  const [problem, setProblem] = createSignal<string>()
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const name = typed() ?? props.circle.name
    const named = await props.calls.nameCircle({ circle: props.circle.id, name })
    setProblem(named.ok ? undefined : explain(t, named.error))
    if (named.ok) toast({ text: t("member.saved") })
  }
  return (
    <form class="stack" onSubmit={event => void save(event)}>
      <TextField
        label={t("circles.name")}
        hint={t("circles.nameHint")}
        required
        maxLength={40}
        value={typed() ?? props.circle.name}
        error={problem()}
        onInput={setTyped}
      />
      <span>
        <Button type="submit">{t("action.save")}</Button>
      </span>
    </form>
  )
}

/** What a change means, before it is made: neither can be taken back for what was read meanwhile. */
function ChangeDialog(props: {
  readonly change: Change
  readonly onClose: () => void
  readonly onSure: () => void
}): JSX.Element {
  const t = useT()
  const words = (): { readonly title: string; readonly why: string } => {
    const { change } = props
    if (change.type === "box")
      return change.isIn
        ? { title: t("circles.boxSure"), why: t("circles.boxIn") }
        : { title: t("circles.boxOutSure"), why: t("circles.boxOutWhy") }
    const name = nameOf(t, change.member)
    return change.isIn
      ? { title: t("circles.addSure", { name }), why: t("circles.addWhy") }
      : { title: t("circles.removeSure", { name }), why: t("circles.removeWhy") }
  }
  return (
    <Dialog
      isOpen
      title={words().title}
      closeLabel={t("action.close")}
      onClose={() => props.onClose()}
      actions={
        <>
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button kind={props.change.isIn ? "primary" : "danger"} onClick={() => props.onSure()}>
            {t("circles.change")}
          </Button>
        </>
      }
    >
      <p>{words().why}</p>
    </Dialog>
  )
}
