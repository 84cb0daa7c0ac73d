import { createDeviceIdentity } from "@home/crypto"
import { type MemberId, bytesToHex, err, ok } from "@home/shared/base"
import { deviceIdOf } from "@home/shared/access"
import {
  type Meeting,
  bounded,
  dialInvitation,
  invitationMs,
  isName,
  operationChanges,
  parted,
  publishAddresses,
  showCode,
  talkMs,
  waitForNewcomer,
  withKnown,
  writeDeviceName,
  writeMemberName,
} from "@home/shared/device"
import { type HostOptions, hostJoin, openRendezvous, requestJoin } from "@home/shared/replica"
import { encodeInvitation, linkKeyHash, parseInvitation } from "@home/shared/wire"
import type { Calls, Pairing, PairingError } from "../port.js"
import { checkSetup } from "./calls-setup.js"
import { tendCard } from "./contacts.js"
import { type Context, notOpen } from "./context.js"
import type { Family } from "./family.js"
import { codeDeps, invitationOf } from "./spoken.js"

type PairingCalls = Pick<
  Calls,
  "join" | "createInvitation" | "showCode" | "answerNewcomer" | "cancelPairing" | "claimBox"
>

/** Two devices meeting, one at a time: what is under way, and how to end it. */
interface UnderWay {
  cancel(): void
  answer: ((accept: boolean) => void) | undefined
  /** There while a code to read out stands for the invitation. */
  hideCode?: () => void
}

export const createPairingCalls = (context: Context): PairingCalls => {
  const { sealer, cells, net } = context
  const { random, clock } = net
  let underWay: UnderWay | undefined
  const show = (pairing: Pairing): void => cells.pairing.set(pairing)
  const ended = (error: PairingError): void => {
    underWay = undefined
    show({ type: "Ended", error })
  }
  const newMemberId = (): MemberId => bytesToHex(random.bytes(16)) as MemberId
  const cancel = (): void => {
    underWay?.cancel()
    underWay = undefined
  }

  const hostOptions = (
    family: Family,
    rest: Pick<HostOptions, "admitAs" | "boxes" | "confirm">,
  ): HostOptions => {
    const { logKey, relays } = family.profile.content()
    return { sealer, replica: family.replica, logKey, relays, newMemberId, ...rest }
  }

  /** From the handshake on: the person compares, the log says yes, the newcomer gets what it needs. */
  const host = async (
    family: Family,
    meeting: Meeting,
    admitAs: HostOptions["admitAs"],
    current: UnderWay,
  ): Promise<void> => {
    current.cancel = () => {
      current.answer?.(false)
      meeting.channel.close()
    }
    const digits = meeting.digits ?? ""
    const confirm: HostOptions["confirm"] = ({ name }) =>
      new Promise(resolve => {
        current.answer = resolve
        show({ type: "Asking", name, digits })
      })
    const { boxes } = family.profile.content()
    const talk = hostJoin(meeting.channel, hostOptions(family, { admitAs, boxes, confirm }))
    const hosted = await bounded(net, meeting.channel, talkMs, talk)
    await parted(net, meeting)
    if (!hosted.ok) return ended(hosted.error)
    const { member, newcomer } = hosted.value
    // So that this device can speak of the newcomer before anything of his has arrived.
    if (admitAs.type === "Member" && isName(newcomer.name))
      await writeMemberName(family, member, newcomer.name)
    // An admin's new device may share with other families from the beginning.
    await tendCard(family.device, clock)
    family.touch()
    underWay = undefined
    show({ type: "Done", member, device: deviceIdOf(newcomer.keys, sealer.hash) })
  }

  return {
    createInvitation: async ({ admitAs }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      const { identity, relays, member } = family.profile.content()
      const { session, device, everyone } = family.replica
      // Asked beforehand, so that nobody comes for nothing.
      const refusal = session.log.refusalOf(
        device,
        admitAs.type === "OwnDevice"
          ? { type: "addDevice", member }
          : { type: "addMember", role: admitAs.role, circles: admitAs.role === "guest" ? [] : [everyone()] },
      )
      if (refusal !== undefined) return err({ type: "Refused", reason: refusal.type })
      const [relay] = relays
      // A page cannot listen: a relay is the only way to be found.
      if (relay === undefined) return err({ type: "NoWay" })
      cancel()
      const secret = random.bytes(32)
      const waiting = waitForNewcomer(net, { linkSecret: identity.secrets.link, secret })
      const current: UnderWay = {
        cancel: () => {
          waiting.cancel()
          current.hideCode?.()
        },
        answer: undefined,
      }
      underWay = current
      waiting.answer(openRendezvous({ ...net, sealer }, { url: relay, origin: relay }, secret, "host"))
      const expiresMs = clock.now() + invitationMs
      const invitation = encodeInvitation({
        kind: "invite",
        addresses: [],
        relay,
        secret,
        keyHash: linkKeyHash(sealer, identity.keys.link),
        expiresMs,
      })
      show({ type: "Waiting", invitation, expiresMs })
      const isCurrent = (): boolean => underWay === current
      void waiting.met
        .then(async met => {
          current.hideCode?.()
          if (met.ok) await host(family, met.value, admitAs, current)
          else if (isCurrent()) ended(met.error)
        })
        .catch(() => ended({ type: "ConnectionLost" }))
      return ok({ invitation, expiresMs })
    },

    showCode: async () => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      const pairing = cells.pairing.get()
      const current = underWay
      const [relay] = family.profile.content().relays
      if (relay === undefined || current === undefined || pairing?.type !== "Waiting")
        return err({ type: "NoWay" })
      if (pairing.code !== undefined) return ok(undefined)
      const shown = await showCode(codeDeps(context), family.profile.store, relay, pairing.invitation)
      if (!shown.ok) return err({ type: "TooManyCodes", againMs: shown.error.againMs })
      const { text, ended: over, cancel: hide } = shown.value
      if (underWay !== current) {
        hide()
        return err({ type: "Cancelled" })
      }
      current.hideCode = hide
      show({ ...pairing, code: text })
      void over.then(how => {
        if (how !== "Burnt" || underWay !== current) return
        cancel()
        ended({ type: "CodeRefused" })
      })
      return ok(undefined)
    },

    answerNewcomer: ({ accept }) => {
      const answer = underWay?.answer
      if (answer === undefined) return Promise.resolve(err({ type: "NobodyAsks" }))
      answer(accept)
      return Promise.resolve(ok(undefined))
    },

    cancelPairing: () => {
      const wasUnderWay = underWay !== undefined
      cancel()
      show(wasUnderWay ? { type: "Ended", error: { type: "Cancelled" } } : { type: "None" })
      return Promise.resolve(ok(undefined))
    },

    claimBox: async ({ code }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      const invitation = parseInvitation(code)
      if (invitation?.kind !== "claim") return err({ type: "NotAnInvitation" })
      const { identity, boxes, member } = family.profile.content()
      if (family.replica.session.state().members.get(member)?.role !== "admin")
        return err({ type: "Refused", reason: "RoleTooLow" })
      const linkSecret = identity.secrets.link
      const met = await dialInvitation(net, sealer, invitation, { linkSecret, digits: false })
      if (!met.ok) return met
      const known = withKnown(invitation.addresses, boxes)
      const options = hostOptions(family, {
        admitAs: { type: "Box", circles: [family.replica.everyone()] },
        boxes: known,
        // The code itself is the proof: a box has no screen to show digits at.
        confirm: () => Promise.resolve(true),
      })
      const talk = hostJoin(met.value.channel, options)
      const hosted = await bounded(net, met.value.channel, talkMs, talk)
      await parted(net, met.value)
      if (!hosted.ok) return hosted
      await family.profile.update({ boxes: known })
      await writeMemberName(family, hosted.value.member, hosted.value.newcomer.name || "Box")
      await publishAddresses(family, hosted.value.member, invitation.addresses)
      family.touch()
      void context.company()?.settleNow()
      return ok(undefined)
    },

    join: async input => {
      const checked = checkSetup(context, input)
      if (!checked.ok) return checked
      const current: UnderWay = { cancel: () => {}, answer: undefined }
      underWay = current
      const fail = <E extends PairingError>(error: E) => {
        if (underWay === current) ended(error)
        return err(error)
      }
      show({ type: "Dialling" })
      const text = await invitationOf(context, input.invitation, input.relay)
      if (!text.ok) return fail(text.error)
      if (underWay !== current) return err({ type: "Cancelled" })
      const invitation = parseInvitation(text.value)
      if (invitation?.kind !== "invite") return fail({ type: "NotAnInvitation" })
      if (invitation.expiresMs !== undefined && invitation.expiresMs < clock.now())
        return fail({ type: "Expired" })
      const identity = createDeviceIdentity(random)
      const linkSecret = identity.secrets.link
      const met = await dialInvitation(net, sealer, invitation, { linkSecret, digits: true })
      if (!met.ok) return fail(met.error)
      const { channel } = met.value
      if (underWay !== current) {
        channel.close()
        return err({ type: "Cancelled" })
      }
      current.cancel = () => channel.close()
      show({ type: "Comparing", digits: met.value.digits ?? "" })
      const talk = requestJoin(channel, { sealer, identity }, { kind: "person", name: input.member })
      const joined = await bounded(net, channel, talkMs, talk)
      if (!joined.ok) return fail(joined.error)
      const { admitted, done } = joined.value
      const { operations, bundles, ...rest } = admitted
      const first = {
        content: { ...rest, identity, deviceName: input.deviceName },
        changes: operationChanges(sealer, operations),
        bundles,
      }
      const opened = await context.adopt<never>(input.passphrase, first, async family => {
        const devices = [...family.replica.session.state().devices.values()]
        const isFirst = !devices.some(({ member, id }) => member === admitted.member && id !== identity.id)
        // Another device of the same member finds the name in the family's documents.
        if (isFirst) await writeMemberName(family, admitted.member, input.member)
        await writeDeviceName(family, admitted.member, identity.id, input.deviceName, input.deviceKind)
        return ok(undefined)
      })
      if (!opened.ok) return opened
      done()
      void parted(net, met.value)
      underWay = undefined
      show({ type: "Done", member: admitted.member, device: identity.id })
      return ok(undefined)
    },
  }
}
