import { networkInterfaces } from "node:os"
import { type MemberId, bytesToHex, err, ok } from "@home/shared/base"
import type { Act, Role } from "@home/shared/access"
import { deviceIdOf } from "@home/shared/access"
import { hostJoin, openRendezvous } from "@home/shared/replica"
import { encodeInvitation, frameLimits, joinPath, linkKeyHash } from "@home/shared/wire"
import {
  bounded,
  invitationMs,
  isName,
  type Meeting,
  parted,
  type ShownCode,
  showCode,
  talkMs,
  type WaitError,
  waitForNewcomer,
  writeMemberName,
} from "@home/shared/device"
import { listen } from "../net/listen.js"
import type { OpenDevice } from "../profile/device.js"
import { lanAddresses } from "../box/addresses.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { codeNetOf, neverStored, netOf, showFailure, showProgress } from "./meeting.js"
import { findFormer } from "./find.js"
import { actFailure, joinFailure } from "./refusals.js"
import { requireMembership, withDevice } from "./with-device.js"

export interface InviteOptions {
  readonly admitAs:
    | { readonly type: "OwnDevice" }
    | { readonly type: "Member"; readonly role: Role; readonly untilMs?: number | undefined }
  readonly host: string
  readonly port: number
  readonly isYes: boolean
  /** Also a code to read out. */
  readonly isSpoken: boolean
  /** Somebody of a family before: his name, or the beginning of his old id. */
  readonly as?: string | undefined
}

/** Sockets that may be in a handshake at once: a newcomer may try several ways. */
const maxConnections = 16

const waitFailure = (error: WaitError): Failure => {
  switch (error.type) {
    case "Burnt":
      return {
        kind: "refused",
        message: "somebody answered with a wrong code: this invitation is burnt, make a new one",
      }
    case "Expired":
      return { kind: "unreachable", message: "nobody came within five minutes: this invitation has expired" }
    case "Cancelled":
      return { kind: "refused", message: "this invitation was taken back" }
  }
}

/** Waits in the local network and, if the family has a relay, there. */
const meetNewcomer = async (
  home: Home,
  device: OpenDevice,
  options: InviteOptions,
  secret: Uint8Array,
  announce: (port: number) => Outcome<ShownCode | undefined>,
): Outcome<Meeting> => {
  const { identity, relays } = device.profile.content
  const waiting = waitForNewcomer(netOf(home), { linkSecret: identity.secrets.link, secret })
  const listening = await listen(
    home.clock,
    {
      host: options.host,
      port: options.port,
      maxMessageBytes: frameLimits.blobBytes,
      maxConnections,
      trustForwardedFor: false,
    },
    {
      onSocket: (socket, _, path) => (path === joinPath ? waiting.answer(socket) : socket.close()),
      onRequest: (_, response) => void response.writeHead(404).end(),
    },
  )
  if (!listening.ok) {
    waiting.cancel()
    return listening.error.type === "PortInUse"
      ? fail("usage", `port ${listening.error.port} is taken: choose another with --port, or 0 for any`)
      : fail("usage", `cannot listen at ${options.host} (${listening.error.code})`)
  }
  for (const url of relays.slice(0, 1)) {
    const relay = { url, origin: url }
    waiting.answer(openRendezvous({ ...home, sealer: device.sealer }, relay, secret, "host"))
  }
  const announced = await announce(listening.value.port)
  const code = announced.ok ? announced.value : undefined
  let isBurnt = false
  void code?.ended.then(how => {
    isBurnt = how === "Burnt"
    if (isBurnt) waiting.cancel()
  })
  if (!announced.ok) waiting.cancel()
  const met = await waiting.met
  listening.value.stop()
  code?.cancel()
  if (!announced.ok) return announced
  return met.ok ? met : err(waitFailure(isBurnt ? { type: "Burnt" } : met.error))
}

/** What the log will be told once the newcomer is here: asked beforehand, so that nobody comes for nothing. */
const actOf = ({ replica, profile }: OpenDevice, admitAs: InviteOptions["admitAs"]): Act =>
  admitAs.type === "OwnDevice"
    ? { type: "addDevice", member: profile.content.member }
    : {
        type: "addMember",
        role: admitAs.role,
        circles: admitAs.role === "guest" ? [] : [replica.everyone()],
      }

const confirm = async (home: Home, isYes: boolean, name: string, digits: string): Promise<boolean> => {
  home.terminal.say(`"${name}" wants to come in. The digits on both screens must be the same: ${digits}`)
  if (isYes) return true
  const answer = await home.terminal.ask("Are they the same, and is it who you think? [y/N] ")
  if (answer === undefined)
    home.terminal.say("There is no terminal to ask at: run this in one, or say --yes.")
  return answer !== undefined && /^(y|yes)$/i.test(answer.trim())
}

/** Shows an invitation and takes one newcomer in, after asking. */
export const invite = (home: Home, options: InviteOptions): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const { profile, replica, sealer } = device
    const { identity, logKey, relays, boxes } = profile.content
    const refusal = replica.session.log.refusalOf(replica.device, actOf(device, options.admitAs))
    if (refusal?.type === "RoleTooLow" && options.admitAs.type === "Member")
      return fail("refused", "only an admin takes new members in; another device of your own: --own-device")
    if (refusal !== undefined) return err(actFailure({ type: "Refused", reason: refusal.type }))

    const former = options.as === undefined ? ok(undefined) : await findFormer(device, options.as)
    if (!former.ok) return former
    const [relay] = relays
    if (options.isSpoken && relay === undefined)
      return fail("usage", "a code to read out needs a relay to meet at, and this family has none")
    const secret = home.random.bytes(32)
    const met = await meetNewcomer(home, device, options, secret, async port => {
      const text = encodeInvitation({
        kind: "invite",
        addresses: lanAddresses(options.host, port, networkInterfaces()),
        relay,
        secret,
        keyHash: linkKeyHash(sealer, identity.keys.link),
        expiresMs: home.clock.now() + invitationMs,
      })
      home.terminal.say(
        "Give this invitation to one person, over a channel that you trust; it is good for five minutes and one use.",
      )
      if (!options.isSpoken || relay === undefined) {
        home.result({ invitation: text }, text)
        return ok(undefined)
      }
      const shown = await showCode(codeNetOf(home, sealer), profile.folder.store, relay, text)
      if (!shown.ok) return err(showFailure(shown.error))
      home.terminal.say(
        `Or read this code out; the newcomer says "home join CODE --relay ${relay}", or types it in the app.`,
      )
      home.result({ invitation: text, code: shown.value.text }, `${text}\n${shown.value.text}`)
      return shown
    })
    if (!met.ok) return met

    const digits = met.value.digits ?? ""
    const talk = hostJoin(met.value.channel, {
      sealer,
      replica,
      logKey,
      relays,
      boxes,
      admitAs: options.admitAs,
      newMemberId: () => former.value ?? (bytesToHex(home.random.bytes(16)) as MemberId),
      confirm: newcomer => confirm(home, options.isYes, newcomer.name, digits),
      onProgress: showProgress(home),
    })
    const hosted = await bounded(home, met.value.channel, talkMs, talk)
    await parted(home, met.value)
    if (!hosted.ok) return err(joinFailure(hosted.error))
    const { member, newcomer, isStored } = hosted.value
    // So that this device can speak of the newcomer before anything of his has arrived.
    if (options.admitAs.type === "Member" && isName(newcomer.name))
      await writeMemberName(device, member, newcomer.name)
    const joined = { member, device: deviceIdOf(newcomer.keys, sealer.hash), name: newcomer.name }
    home.result(
      { joined, stored: isStored, digits },
      isStored ? `${newcomer.name} is in.` : `${newcomer.name} is admitted.`,
    )
    return isStored ? ok(undefined) : neverStored(newcomer.name, joined.device)
  })
