import ShieldCheck from "lucide-solid/icons/shield-check"
import TriangleAlert from "lucide-solid/icons/triangle-alert"
import { type JSX, Match, Show, Switch, createSignal } from "solid-js"
import type { ContactCalls, ContactView, ContactsView, Membership, ShareView } from "../../engine/port.js"
import { type Problem, explain, useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { Note, Skeleton } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { Changed, Compare } from "./compare.js"
import { Digits } from "./digits.js"
import { StandingBadge, familyNameOf } from "./names.js"
import { ShareList } from "./share-list.js"
import "./others.css"

interface ContactScreenProps {
  readonly id: string
  readonly contacts: ContactsView | undefined
  readonly membership: Membership | undefined
  /** With this family and with others. */
  readonly shares: readonly ShareView[]
  readonly calls: Pick<ContactCalls, "confirmContact" | "removeContact">
  readonly onRemoved: () => void
}

/** Another family: whether it is the one that it says it is, and how to find that out. */
export function ContactScreen(props: ContactScreenProps): JSX.Element {
  const { t } = useLanguage()
  const found = (): ContactView | undefined =>
    props.contacts?.families.find(({ family }) => family === props.id)
  return (
    <Show
      when={found()}
      fallback={
        <Screen title={t("others.title")} back={{ href: "/family/others", label: t("action.back") }}>
          <Show when={props.contacts} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
            <p>{t("others.notHere")}</p>
          </Show>
        </Screen>
      }
    >
      {contact => <Known {...props} contact={contact()} mayKeep={props.contacts?.mayKeep === true} />}
    </Show>
  )
}

function Known(
  props: ContactScreenProps & { readonly contact: ContactView; readonly mayKeep: boolean },
): JSX.Element {
  const { t } = useLanguage()
  const toast = useToast()
  const [problem, setProblem] = createSignal<Problem>()
  const confirm = async (digits: string): Promise<void> => {
    setProblem(undefined)
    const confirmed = await props.calls.confirmContact({ family: props.contact.family, digits })
    if (confirmed.ok) toast({ text: t("others.isVerified") })
    else setProblem(confirmed.error)
  }
  const shares = (): readonly ShareView[] =>
    props.shares.filter(({ family }) => family === props.contact.family)
  const first = (): ContactView["cards"][number] | undefined => props.contact.cards[0]
  return (
    <Screen
      title={familyNameOf(t, props.contact)}
      back={{ href: "/family/others", label: t("action.back") }}
      actions={<StandingBadge standing={props.contact.standing} />}
    >
      <Show when={problem()}>
        {found => (
          <Note tone="danger" icon={TriangleAlert}>
            {explain(t, found())}
          </Note>
        )}
      </Show>
      <Switch>
        <Match when={props.contact.standing === "changed"}>
          <Changed
            cards={props.contact.cards}
            membership={props.membership}
            mayKeep={props.mayKeep}
            onSame={d => void confirm(d)}
          />
        </Match>
        <Match when={props.contact.standing === "verified" && first()}>
          {card => <Verified card={card()} membership={props.membership} />}
        </Match>
        <Match when={first()}>
          {card => (
            <Compare digits={card().digits} mayKeep={props.mayKeep} onSame={digits => void confirm(digits)} />
          )}
        </Match>
      </Switch>
      <Section
        title={t("shares.title")}
        actions={
          <Show when={props.mayKeep && props.contact.standing !== "changed"}>
            <a
              class="button"
              data-kind={props.contact.standing === "verified" ? "primary" : "plain"}
              href={`/family/others/${props.id}/share`}
            >
              {t("shares.new")}
            </a>
          </Show>
        }
      >
        <Show when={shares().length > 0} fallback={<p class="quiet">{t("shares.none")}</p>}>
          <ShareList shares={shares()} />
        </Show>
      </Section>
      <Show when={props.mayKeep}>
        <Remove {...props} />
      </Show>
    </Screen>
  )
}

function Verified(props: {
  readonly card: ContactView["cards"][number]
  readonly membership: Membership | undefined
}): JSX.Element {
  const { t, formats } = useLanguage()
  const who = (): string | undefined =>
    props.membership?.members.find(({ id }) => id === props.card.verified?.by)?.name
  const words = (): string => {
    const day = formats().date(props.card.verified?.atMs ?? 0)
    const name = who()
    return name === undefined || name === ""
      ? t("others.verifiedOn", { day })
      : t("others.verifiedBy", { name, day })
  }
  return (
    <>
      <Note tone="good" icon={ShieldCheck}>
        {words()}
      </Note>
      <Section title={t("others.digits")}>
        <Digits digits={props.card.digits} label={t("others.digits")} />
      </Section>
    </>
  )
}

function Remove(props: {
  readonly contact: ContactView
  readonly calls: Pick<ContactCalls, "removeContact">
  readonly onRemoved: () => void
}): JSX.Element {
  const { t } = useLanguage()
  const toast = useToast()
  const [isAsking, setAsking] = createSignal(false)
  const remove = async (): Promise<void> => {
    setAsking(false)
    const removed = await props.calls.removeContact({ family: props.contact.family })
    if (!removed.ok) return void toast({ text: explain(t, removed.error), isUrgent: true })
    toast({ text: t("others.removed") })
    props.onRemoved()
  }
  return (
    <>
      <span>
        <Button onClick={() => setAsking(true)}>{t("others.remove")}</Button>
      </span>
      <Show when={isAsking()}>
        <Dialog
          isOpen
          title={t("others.removeSure", { name: familyNameOf(t, props.contact) })}
          closeLabel={t("action.close")}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t("action.cancel")}</Button>
              <Button kind="danger" onClick={() => void remove()}>
                {t("action.remove")}
              </Button>
            </>
          }
        >
          <p>{t("others.removeWhy")}</p>
        </Dialog>
      </Show>
    </>
  )
}
