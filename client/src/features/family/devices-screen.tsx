import CircleCheck from "lucide-solid/icons/circle-check"
import Clock from "lucide-solid/icons/clock"
import HardDrive from "lucide-solid/icons/hard-drive"
import MonitorSmartphone from "lucide-solid/icons/monitor-smartphone"
import RefreshCw from "lucide-solid/icons/refresh-cw"
import Server from "lucide-solid/icons/server"
import Smartphone from "lucide-solid/icons/smartphone"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import type { Calls, MemberView, Membership, PeerView, SyncStatus } from "../../engine/port.js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Badge, EmptyState, List, Row } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { deviceNameOf, heardOf, memberOfDevice, nameOf } from "./names.js"
import { Drawn } from "../../ui/icon.js"

interface DevicesScreenProps {
  readonly sync: SyncStatus | undefined
  readonly membership: Membership | undefined
  readonly nowMs: number
  readonly calls: Pick<Calls, "syncNow">
}

/** Which device, box and meeting place has what: as of the last word of each. */
export function DevicesScreen(props: DevicesScreenProps): JSX.Element {
  const { t } = useLanguage()
  const toast = useToast()
  const [isLooking, setLooking] = createSignal(false)
  const look = async (): Promise<void> => {
    setLooking(true)
    const reached = await props.calls.syncNow({})
    setLooking(false)
    toast({ text: reached.ok && reached.value ? t("devices.reached") : t("devices.nobody") })
  }
  const peers = (isDevice: boolean): readonly PeerView[] =>
    (props.sync?.peers ?? []).filter(({ kind }) => (kind === "device") === isDevice)
  const here = createMemo(() => {
    const member = props.membership?.members.find(({ isYou }) => isYou)
    const device = member?.devices.find(({ isHere }) => isHere)
    return member === undefined || device === undefined ? undefined : { member, device }
  })
  return (
    <Screen
      title={t("devices.title")}
      back={{ href: "/family", label: t("action.back") }}
      actions={
        <Button icon={RefreshCw} isBusy={isLooking()} onClick={() => void look()}>
          {isLooking() ? t("devices.looking") : t("devices.now")}
        </Button>
      }
    >
      <Show
        when={peers(true).length > 0}
        fallback={
          <EmptyState
            icon={Smartphone}
            title={t("devices.nobodyYet")}
            action={
              <a class="button" href="/family/invite?for=me">
                {t("first.device")}
              </a>
            }
          >
            {t("devices.nobodyYetWhy")}
          </EmptyState>
        }
      >
        <Section title={t("devices.others")}>
          <List label={t("devices.others")}>
            <Show when={here()}>
              {own => (
                <Row
                  lead={<Drawn icon={MonitorSmartphone} size="1.5rem" />}
                  title={deviceNameOf(t, own().member, own().device)}
                  detail={t("family.thisDevice")}
                />
              )}
            </Show>
            <For each={peers(true)}>{peer => <PeerRow peer={peer} {...props} />}</For>
          </List>
        </Section>
      </Show>
      <Section title={t("devices.places")}>
        <List label={t("devices.places")}>
          <For
            each={peers(false)}
            fallback={
              <Row
                href="/family/box"
                lead={<Drawn icon={HardDrive} size="1.5rem" />}
                title={t("box.none")}
                detail={t("box.noneWhy")}
              />
            }
          >
            {peer => <PeerRow peer={peer} {...props} />}
          </For>
        </List>
      </Section>
    </Screen>
  )
}

function PeerRow(props: {
  readonly peer: PeerView
  readonly membership: Membership | undefined
  readonly nowMs: number
}): JSX.Element {
  const { t, formats } = useLanguage()
  const member = (): MemberView | undefined => {
    const { id, member: memberId } = props.peer
    return memberOfDevice(props.membership, id) ?? props.membership?.members.find(({ id }) => id === memberId)
  }
  const title = (): string => {
    const owner = member()
    if (props.peer.kind === "relay") return t("devices.relay")
    if (props.peer.kind === "box") return owner === undefined ? t("family.box") : nameOf(t, owner)
    const device = owner?.devices.find(({ id }) => id === props.peer.id)
    if (owner === undefined) return t("family.unnamed")
    return device === undefined ? nameOf(t, owner) : deviceNameOf(t, owner, device)
  }
  const whose = (): string | undefined => {
    const owner = member()
    return props.peer.kind !== "device" || owner === undefined ? undefined : nameOf(t, owner)
  }
  const heard = (): string => {
    const { isOnline, heardAtMs } = props.peer
    if (isOnline !== undefined) return isOnline ? t("devices.online") : t("devices.offline")
    return heardOf(t, formats(), heardAtMs, props.nowMs)
  }
  const isPaused = (): boolean =>
    member()?.devices.some(({ id, isSuspended }) => id === props.peer.id && isSuspended) === true
  const missingHere = (): string | undefined => {
    const count = props.peer.missingHere ?? 0
    return count === 0 ? undefined : t("devices.missingHere", { count })
  }
  return (
    <Row
      lead={
        props.peer.kind === "relay" ? (
          <Drawn icon={Server} size="1.5rem" />
        ) : props.peer.kind === "box" ? (
          <Drawn icon={HardDrive} size="1.5rem" />
        ) : (
          <Drawn icon={MonitorSmartphone} size="1.5rem" />
        )
      }
      title={title()}
      detail={[whose(), heard(), missingHere()].filter(Boolean).join(" · ")}
      trail={
        <Show
          when={!isPaused() && props.peer.missingThere === 0 && props.peer.kind !== "relay"}
          fallback={
            <Show
              when={isPaused()}
              fallback={
                <Show when={props.peer.missingThere > 0}>
                  <Badge tone="notice" icon={Clock}>
                    {t("devices.missing", { count: props.peer.missingThere })}
                  </Badge>
                </Show>
              }
            >
              <Badge tone="notice">{t("family.paused")}</Badge>
            </Show>
          }
        >
          <Badge tone="good" icon={CircleCheck}>
            {t("devices.upToDate")}
          </Badge>
        </Show>
      }
    />
  )
}
