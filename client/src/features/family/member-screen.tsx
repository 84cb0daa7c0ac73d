import { type JSX, Show, createSignal } from "solid-js"
import type { Calls, DeviceView, MemberView, Membership, Self, SyncStatus } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Dialog } from "../../ui/overlay.js"
import { Note, Skeleton } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { roles } from "./invite-screen.js"
import { MemberDevices } from "./member-devices.js"
import { deviceNameOf, nameOf } from "./names.js"

interface MemberScreenProps {
  readonly id: string
  readonly self: Self
  readonly membership: Membership | undefined
  readonly calls: Pick<
    Calls,
    "setRole" | "removeMember" | "removeDevice" | "suspendDevice" | "resumeDevice" | "yieldTo"
  >
  readonly sync: SyncStatus | undefined
  readonly nowMs: number
  /** What went wrong, in words. */
  readonly onRename: (name: string) => Promise<string | undefined>
  readonly onNameDevice: (device: DeviceView["id"], name: string) => Promise<string | undefined>
}

type Removal = { readonly type: "member" } | { readonly type: "device"; readonly device: DeviceView }

/** One member: name, role, devices, and the way out of the family. */
export function MemberScreen(props: MemberScreenProps): JSX.Element {
  const t = useT()
  const found = (): MemberView | undefined => props.membership?.members.find(({ id }) => id === props.id)
  return (
    <Show
      when={found()}
      fallback={
        <Screen title={t("member.title")} back={{ href: "/family", label: t("action.back") }}>
          <Show when={props.membership} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
            <p>{t("member.gone")}</p>
          </Show>
        </Screen>
      }
    >
      {member => <Known {...props} member={member()} />}
    </Show>
  )
}

function Known(props: MemberScreenProps & { readonly member: MemberView }): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [typedName, setName] = createSignal<string>()
  const [problem, setProblem] = createSignal<string>()
  const [removal, setRemoval] = createSignal<Removal>()
  /** Names lie in the member's profile: his own, and the admins'. */
  const canName = (): boolean =>
    props.self.isLive && !props.self.isSuspended && (props.member.isYou || props.self.role === "admin")
  /** The role of now beside those that can be given instead. */
  const choices = (): readonly MemberView["role"][] =>
    roles.filter(role => role === props.member.role || props.member.may.giveRoles.includes(role))
  const name = (): string => nameOf(t, props.member)
  /** A box that nobody has named is called what it is; of a person only what he is called is shown. */
  const shownName = (): string => typedName() ?? (props.member.kind === "box" ? name() : props.member.name)

  /** Why there are no buttons for somebody else's place in the family. */
  const whyNot = (): string | undefined => {
    const { isLive, isYou, may } = props.member
    if (!isLive || isYou || may.remove || !props.self.isLive || props.self.isSuspended) return undefined
    return props.self.role === "admin" ? t("member.isSenior", { name: name() }) : t("member.onlyAdmin")
  }

  const rename = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const wrong = await props.onRename(shownName().trim())
    setProblem(wrong)
    if (wrong === undefined) toast({ text: t("member.saved") })
  }
  const removalTitle = (): string => {
    const what = removal()
    return what?.type === "device"
      ? t("member.removeDeviceSure", { name: deviceNameOf(t, props.member, what.device) })
      : t("member.removeMemberSure", { name: name() })
  }
  const say = (done: Awaited<ReturnType<Calls["setRole"]>>, text: string): void =>
    toast(done.ok ? { text } : { text: explain(t, done.error), isUrgent: true })
  const remove = async (): Promise<void> => {
    const what = removal()
    setRemoval(undefined)
    if (what === undefined) return
    const done =
      what.type === "member"
        ? await props.calls.removeMember({ member: props.member.id })
        : await props.calls.removeDevice({ device: what.device.id })
    say(done, t("member.removedToast"))
  }
  return (
    <Screen title={name()} back={{ href: "/family", label: t("action.back") }}>
      <Show when={!props.member.isLive}>
        <Note>{t("family.removed")}</Note>
      </Show>
      <Show when={canName() && (props.member.isYou || props.member.kind === "box")}>
        <form class="stack" onSubmit={event => void rename(event)}>
          <TextField
            label={t("member.name")}
            required
            maxLength={60}
            value={shownName()}
            error={problem()}
            onInput={setName}
          />
          <span>
            <Button type="submit">{t("action.save")}</Button>
          </span>
        </form>
      </Show>
      <Show when={choices().length > 1}>
        <Select
          label={t("role.label")}
          hint={t(`role.${props.member.role}Why`)}
          options={choices().map(value => ({ value, label: t(`role.${value}`) }))}
          value={props.member.role}
          onChange={role =>
            void props.calls
              .setRole({ member: props.member.id, role })
              .then(done => say(done, t("member.saved")))
          }
        />
      </Show>
      <Show when={props.member.kind === "person"}>
        <MemberDevices
          member={props.member}
          circles={props.membership?.circles ?? []}
          sync={props.sync}
          nowMs={props.nowMs}
          calls={props.calls}
          canName={canName() && props.member.isLive}
          onName={(device, name) => props.onNameDevice(device.id, name)}
          onRemove={device => setRemoval({ type: "device", device })}
        />
        <Show when={props.member.isYou && props.self.mayAddDevice}>
          <span>
            <a class="button" href="/family/invite?for=me">
              {t("family.addDevice")}
            </a>
          </span>
        </Show>
      </Show>
      <Show when={whyNot()}>{why => <p class="quiet">{why()}</p>}</Show>
      <Show when={props.member.may.remove}>
        <span>
          <Button kind="danger" onClick={() => setRemoval({ type: "member" })}>
            {t("member.removeMember")}
          </Button>
        </span>
      </Show>
      <Dialog
        isOpen={removal() !== undefined}
        title={removalTitle()}
        closeLabel={t("action.close")}
        onClose={() => setRemoval(undefined)}
        actions={
          <>
            <Button onClick={() => setRemoval(undefined)}>{t("action.cancel")}</Button>
            <Button kind="danger" onClick={() => void remove()}>
              {t("action.remove")}
            </Button>
          </>
        }
      >
        <p>{removal()?.type === "device" ? t("member.removeDeviceWhy") : t("member.removeMemberWhy")}</p>
      </Dialog>
    </Screen>
  )
}
