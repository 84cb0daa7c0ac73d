import { type JSX, Match, Show, Switch, createSignal } from "solid-js"
import type { ContactView, ContactsView, ShareCalls, ShareRole } from "../../engine/port.js"
import { type PlainKey, type Problem, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Note, Skeleton } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { familyNameOf } from "./names.js"

const roles: Readonly<Record<ShareRole, { readonly label: PlainKey; readonly why: PlainKey }>> = {
  editor: { label: "shares.roleEditor", why: "shares.roleEditorWhy" },
  user: { label: "shares.roleUser", why: "shares.roleUserWhy" },
  guest: { label: "shares.roleGuest", why: "shares.roleGuestWhy" },
}
const roleNames = ["editor", "user", "guest"] as const satisfies readonly ShareRole[]

interface NewShareScreenProps {
  readonly id: string
  readonly contacts: ContactsView | undefined
  readonly calls: Pick<ShareCalls, "createShare">
  readonly onMade: (share: string) => void
}

/** A name and what the other family may do; what cannot be taken back is said before. */
export function NewShareScreen(props: NewShareScreenProps): JSX.Element {
  const t = useT()
  const contact = (): ContactView | undefined =>
    props.contacts?.families.find(({ family }) => family === props.id)
  return (
    <Screen title={t("shares.new")} back={{ href: `/family/others/${props.id}`, label: t("action.back") }}>
      <Show when={props.contacts} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
        <Switch>
          <Match when={contact() === undefined}>
            <p>{t("others.notHere")}</p>
          </Match>
          <Match when={props.contacts?.mayKeep !== true}>
            <Note tone="notice">{t("others.onlyAdmin")}</Note>
          </Match>
          <Match when={contact()?.standing === "changed"}>
            <Note tone="danger">{t("shares.changedFirst")}</Note>
          </Match>
          <Match when={contact()}>{found => <NewShare {...props} contact={found()} />}</Match>
        </Switch>
      </Show>
    </Screen>
  )
}

function NewShare(props: NewShareScreenProps & { readonly contact: ContactView }): JSX.Element {
  const t = useT()
  const [title, setTitle] = createSignal("")
  const [role, setRole] = createSignal<ShareRole>("editor")
  const [isBusy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    const made = await props.calls.createShare({
      title: title().trim(),
      family: props.contact.family,
      role: role(),
    })
    setBusy(false)
    if (made.ok) props.onMade(made.value)
    else setProblem(made.error)
  }
  return (
    <form class="stack" onSubmit={event => void make(event)}>
      <p>
        <strong>{t("shares.with", { name: familyNameOf(t, props.contact) })}</strong>
      </p>
      <p>{t("shares.newHow")}</p>
      <Show when={props.contact.standing === "unverified"}>
        <Note tone="notice">{t("shares.unverifiedFirst")}</Note>
      </Show>
      <TextField
        label={t("shares.name")}
        hint={t("shares.nameHint")}
        required
        maxLength={40}
        value={title()}
        onInput={setTitle}
      />
      <Select
        label={t("shares.role")}
        hint={t(roles[role()].why)}
        options={roleNames.map(value => ({ value, label: t(roles[value].label) }))}
        value={role()}
        onChange={setRole}
      />
      <Note>{t("shares.keeps")}</Note>
      <Show when={problem()}>{wrong => <Note tone="danger">{explain(t, wrong())}</Note>}</Show>
      <Button kind="primary" type="submit" isWide isBusy={isBusy()}>
        {isBusy() ? t("shares.making") : t("shares.make")}
      </Button>
    </form>
  )
}
