import Ellipsis from "lucide-solid/icons/ellipsis"
import MonitorSmartphone from "lucide-solid/icons/monitor-smartphone"
import Pause from "lucide-solid/icons/pause"
import Pencil from "lucide-solid/icons/pencil"
import Play from "lucide-solid/icons/play"
import Star from "lucide-solid/icons/star"
import Unplug from "lucide-solid/icons/unplug"
import { For, type JSX, Show, createSignal } from "solid-js"
import type { Calls, CircleView, DeviceView, MemberView, SyncStatus } from "../../engine/port.js"
import { useLanguage } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { TextField } from "../../ui/field.js"
import { Menu, type MenuItem } from "../../ui/menu.js"
import { Dialog } from "../../ui/overlay.js"
import { Badge, List, Note, Row } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { MakeMainDialog } from "./make-main.js"
import { circleNameOf, deviceNameOf, heardOf } from "./names.js"
import { PauseDialog, createLifting } from "./pause-device.js"
import { Drawn } from "../../ui/icon.js"

interface MemberDevicesProps {
  readonly member: MemberView
  /** Of the family. */
  readonly circles: readonly CircleView[]
  readonly sync: SyncStatus | undefined
  readonly nowMs: number
  readonly calls: Pick<Calls, "yieldTo" | "suspendDevice" | "resumeDevice">
  /** Whoever looks may give the devices names. */
  readonly canName: boolean
  /** What went wrong, in words. */
  readonly onName: (device: DeviceView, name: string) => Promise<string | undefined>
  readonly onRemove: (device: DeviceView) => void
}

/** The devices of one person: what each is called, when it was last heard from, what it can read, and what can be done with it. */
export function MemberDevices(props: MemberDevicesProps): JSX.Element {
  const { t, formats } = useLanguage()
  const [naming, setNaming] = createSignal<DeviceView>()
  const [promoting, setPromoting] = createSignal<DeviceView>()
  const [pausing, setPausing] = createSignal<DeviceView>()
  // eslint-disable-next-line solid/reactivity -- calls do not change
  const lift = createLifting(props.calls)
  /** Only that device itself, or the phrase, can change that. */
  const seniors = (): readonly DeviceView[] =>
    props.member.devices.filter(
      ({ isLive, isHere, may }) => props.member.isYou && isLive && !isHere && !may.remove,
    )
  const heard = (device: DeviceView): string => {
    const peer = props.sync?.peers.find(({ id }) => id === device.id)
    return heardOf(t, formats(), peer?.heardAtMs, props.nowMs)
  }
  /** Where there are no circles every device reads the same. */
  const kind = ({ kind: word }: DeviceView): string | undefined => word && t(`setup.device.${word}`)
  const reads = (device: DeviceView): string | undefined => {
    if (props.circles.length < 2) return undefined
    const names = props.circles
      .filter(({ id }) => device.reads.includes(id))
      .map(each => circleNameOf(t, each))
    return names.length === 0
      ? t("devices.readsNothing")
      : t("devices.reads", { circles: formats().list(names) })
  }
  const items = (device: DeviceView): readonly MenuItem[] => [
    ...(props.canName
      ? [{ label: t("devices.rename"), icon: Pencil, onSelect: () => void setNaming(device) }]
      : []),
    ...(device.may.makeMain
      ? [{ label: t("main.make"), icon: Star, onSelect: () => void setPromoting(device) }]
      : []),
    ...(device.may.resume
      ? [{ label: t("pause.lift"), icon: Play, onSelect: () => void lift(device.id) }]
      : []),
    ...(device.may.suspend && !device.isSuspended
      ? [{ label: t("pause.pause"), icon: Pause, onSelect: () => void setPausing(device) }]
      : []),
    ...(device.may.remove
      ? [
          {
            label: t("action.remove"),
            icon: Unplug,
            isDangerous: true,
            onSelect: () => props.onRemove(device),
          },
        ]
      : []),
  ]
  return (
    <Section title={t("member.devices")}>
      <List label={t("member.devices")}>
        <For each={props.member.devices.filter(({ isLive }) => isLive)}>
          {device => (
            <Row
              lead={<Drawn icon={MonitorSmartphone} size="1.5rem" />}
              title={deviceNameOf(t, props.member, device)}
              detail={[kind(device), device.isHere ? t("family.thisDevice") : heard(device), reads(device)]
                .filter(Boolean)
                .join(" · ")}
              trail={
                <>
                  <Show when={device.isSuspended}>
                    <Badge tone="notice">{t("family.paused")}</Badge>
                  </Show>
                  <Show when={items(device).length > 0}>
                    <Menu
                      label={deviceNameOf(t, props.member, device)}
                      items={items(device)}
                      button={attributes => (
                        <IconButton
                          {...attributes}
                          icon={Ellipsis}
                          label={t("devices.more", { name: deviceNameOf(t, props.member, device) })}
                        />
                      )}
                    />
                  </Show>
                </>
              }
            />
          )}
        </For>
      </List>
      <For each={seniors()}>
        {device => <Note>{t("devices.senior", { name: deviceNameOf(t, props.member, device) })}</Note>}
      </For>
      <Show when={pausing()} keyed>
        {device => (
          <PauseDialog
            device={device.id}
            name={deviceNameOf(t, props.member, device)}
            calls={props.calls}
            onClose={() => setPausing(undefined)}
          />
        )}
      </Show>
      <Show when={naming()} keyed>
        {device => (
          <NameDevice
            name={deviceNameOf(t, props.member, device)}
            onName={name => props.onName(device, name)}
            onClose={() => setNaming(undefined)}
          />
        )}
      </Show>
      <Show when={promoting()} keyed>
        {device => (
          <MakeMainDialog device={device.id} calls={props.calls} onClose={() => setPromoting(undefined)} />
        )}
      </Show>
    </Section>
  )
}

function NameDevice(props: {
  readonly name: string
  readonly onName: (name: string) => Promise<string | undefined>
  readonly onClose: () => void
}): JSX.Element {
  const { t } = useLanguage()
  const toast = useToast()
  // Made anew for each device.
  // eslint-disable-next-line solid/reactivity
  const [name, setName] = createSignal(props.name)
  const [problem, setProblem] = createSignal<string>()
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const wrong = await props.onName(name().trim())
    setProblem(wrong)
    if (wrong !== undefined) return
    toast({ text: t("member.saved") })
    props.onClose()
  }
  return (
    <Dialog isOpen title={t("devices.rename")} closeLabel={t("action.close")} onClose={props.onClose}>
      <form class="stack" onSubmit={event => void save(event)}>
        <TextField
          label={t("setup.device")}
          hint={t("setup.deviceHint")}
          autocomplete="off"
          autofocus
          required
          maxLength={60}
          value={name()}
          error={problem()}
          onInput={setName}
        />
        <Button kind="primary" type="submit" isWide>
          {t("action.save")}
        </Button>
      </form>
    </Dialog>
  )
}
