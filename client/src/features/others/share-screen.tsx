import TriangleAlert from "lucide-solid/icons/triangle-alert"
import { For, type JSX, Show, createSignal } from "solid-js"
import type { ContactsView, ShareCalls, ShareView } from "../../engine/port.js"
import { type Translate, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { Avatar, Badge, List, Note, Row, Skeleton } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { otherFamilyOf, shareSilence } from "./names.js"
import { ShareLog, type ShareLogProps } from "./share-log.js"

interface ShareScreenProps {
  readonly id: string
  readonly shares: readonly ShareView[] | undefined
  /** The other family, as the contacts know it now. */
  readonly contacts: ContactsView | undefined
  readonly calls: Pick<ShareCalls, "leaveShare" | "endShare" | "forgetShare"> & ShareLogProps["calls"]
  readonly onOpenMoney: () => void
  readonly onForgotten: () => void
}

/** One thing that two families have together: who is in it, the way to its money, and how it ends. */
export function ShareScreen(props: ShareScreenProps): JSX.Element {
  const t = useT()
  const found = (): ShareView | undefined => props.shares?.find(({ share }) => share === props.id)
  return (
    <Show
      when={found()}
      fallback={
        <Screen title={t("shares.title")} back={{ href: "/family/others", label: t("action.back") }}>
          <Show when={props.shares} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
            <p>{t("shares.gone")}</p>
          </Show>
        </Screen>
      }
    >
      {share => <Known {...props} share={share()} />}
    </Show>
  )
}

function Known(props: ShareScreenProps & { readonly share: ShareView }): JSX.Element {
  const t = useT()
  const name = (): string => otherFamilyOf(t, props.share)
  const isOurs = (): boolean => props.share.side === "ours"
  const hasChanged = (): boolean =>
    props.contacts?.families.some(
      ({ family, standing }) => family === props.share.family && standing === "changed",
    ) === true
  return (
    <Screen
      title={props.share.title}
      back={{ href: "/family/others", label: t("action.back") }}
      actions={
        <Button kind="primary" onClick={() => props.onOpenMoney()}>
          {t("shares.openMoney")}
        </Button>
      }
    >
      <Show
        when={props.share.isLive}
        fallback={
          <Note tone="notice">
            {isOurs()
              ? t("shares.endedOurs")
              : props.share.hasLeft
                ? t("shares.weLeft")
                : t("shares.endedTheirs", { name: name() })}
          </Note>
        }
      >
        <Show when={shareSilence(t, props.share)}>{why => <Note tone="notice">{why()}</Note>}</Show>
      </Show>
      <Show when={hasChanged()}>
        <Note tone="danger" icon={TriangleAlert}>
          <span>{t("shares.cardChanged", { name: name() })}</span>
          <a href={`/family/others/${props.share.family}`}>{t("others.compare")}</a>
        </Note>
      </Show>
      <Section title={t("shares.people")}>
        <List label={t("shares.people")}>
          <For each={props.share.members}>{member => <Family share={props.share} member={member} />}</For>
        </List>
        <p class="quiet">{t("shares.names")}</p>
      </Section>
      <ShareLog share={props.share} calls={props.calls} />
      <Ending {...props} />
    </Screen>
  )
}

/** One of the two families, in plain words. */
function Family(props: {
  readonly share: ShareView
  readonly member: ShareView["members"][number]
}): JSX.Element {
  const t = useT()
  const isYou = (): boolean => props.member.id === props.share.self
  const isMaker = (): boolean => isYou() === (props.share.side === "ours")
  const name = (): string => props.member.name || t("others.unnamed")
  const labels = { editor: "shares.roleEditor", user: "shares.roleUser", guest: "shares.roleGuest" } as const
  const detail = (): string => {
    if (isMaker()) return t("shares.madeIt")
    if (props.share.hasLeft) return t("shares.hasLeft")
    if (!isYou() && !props.share.hasArrived) return t("shares.waiting")
    return t(labels[props.share.role])
  }
  return (
    <Row
      lead={<Avatar name={name()} colour={props.member.colour} />}
      title={
        <>
          {name()} <Show when={isYou()}>({t("shares.youHere")})</Show>
        </>
      }
      detail={props.share.isLive ? detail() : undefined}
      trail={
        <Show when={!props.share.isLive && !isMaker()}>
          <Badge>{t("shares.ended")}</Badge>
        </Show>
      }
    />
  )
}

type Way = "leave" | "end" | "forget"

/** What each way out asks, says beforehand, is called, and says afterwards. */
const wordsOf = (t: Translate, share: ShareView) => {
  const { title } = share
  const name = otherFamilyOf(t, share)
  return {
    leave: {
      sure: t("shares.leaveSure", { title }),
      why: t("shares.leaveWhy", { name }),
      button: t("shares.leave"),
      done: t("shares.leftToast"),
    },
    end: {
      sure: t("shares.endSure", { title }),
      why: t("shares.endWhy", { name }),
      button: t("shares.end"),
      done: t("shares.endedToast"),
    },
    forget: {
      sure: t("shares.forgetSure", { title }),
      why: t("shares.forgetWhy", { name }),
      button: t("action.remove"),
      done: t("shares.forgotten"),
    },
  } as const
}

/** The family that made it ends it for both; the other one leaves it; whoever has no use for what is here removes it from the device. */
function Ending(props: ShareScreenProps & { readonly share: ShareView }): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [asked, setAsked] = createSignal<Way>()
  const words = () => wordsOf(t, props.share)
  const canLeave = (): boolean =>
    props.share.isLive && props.share.side === "theirs" && props.contacts?.mayKeep === true
  const canForget = (): boolean =>
    !props.share.isLive || (props.share.side === "theirs" && props.contacts?.mayKeep === false)
  const apply = async (): Promise<void> => {
    const wanted = asked()
    setAsked(undefined)
    const share = props.share.share
    if (wanted === undefined) return
    // Afterwards there may be none.
    const { done: text } = words()[wanted]
    const { leaveShare, endShare, forgetShare } = props.calls
    const done = await { leave: leaveShare, end: endShare, forget: forgetShare }[wanted]({ share })
    if (!done.ok) return void toast({ text: explain(t, done.error), isUrgent: true })
    toast({ text })
    if (wanted !== "end") props.onForgotten()
  }
  return (
    <>
      <div class="cluster">
        <Show when={props.share.isLive && props.share.mayEnd}>
          <Button onClick={() => setAsked("end")}>{t("shares.end")}</Button>
        </Show>
        <Show when={canLeave()}>
          <Button onClick={() => setAsked("leave")}>{t("shares.leave")}</Button>
        </Show>
        <Show when={canForget()}>
          <Button onClick={() => setAsked("forget")}>{t("shares.forget")}</Button>
        </Show>
      </div>
      <Show when={asked()}>
        {wanted => (
          <Dialog
            isOpen
            title={words()[wanted()].sure}
            closeLabel={t("action.close")}
            onClose={() => setAsked(undefined)}
            actions={
              <>
                <Button onClick={() => setAsked(undefined)}>{t("action.cancel")}</Button>
                <Button kind="danger" onClick={() => void apply()}>
                  {words()[wanted()].button}
                </Button>
              </>
            }
          >
            <p>{words()[wanted()].why}</p>
          </Dialog>
        )}
      </Show>
    </>
  )
}
