import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type GroupId,
  type MemberId,
  type OperationId,
  type Result,
  err,
  ok,
} from "../base/index.js"
import {
  type DeviceKeys,
  type MemberKind,
  type OperationBody,
  type Role,
  admissionMessage,
  deviceIdOf,
} from "../access/index.js"
import { type Sealer, limits } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import type { Author } from "./author.js"
import { admissionDomain, genuineLog } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"
import { joinLimits, logBundles, readPart, verifiedPart } from "./join-log.js"
import type { SecureChannel } from "./link-session.js"
import type { ActError, Replica } from "./replica-port.js"

/**
 * How somebody new is taken in, over a channel whose handshake proved that both know the invitation's secret:
 *
 *   newcomer: Hello (who I say I am, my keys)   ->  host asks its person, who compares six digits
 *   host:     Welcome (group, member)           ->  newcomer signs its admission
 *   newcomer: Proof                             ->  host writes addMember / addDevice
 *   host:     Admitted (log key, where to sync, how much log follows)
 *   newcomer: More, and the host: Part, until the whole log is there; so neither holds more than a part unsent
 *   newcomer: Done, once it is stored
 */
export interface Newcomer {
  readonly kind: MemberKind
  /** What the newcomer calls itself: shown to the host's person, and goes into the profile, not into the log. */
  readonly name: string
  readonly keys: DeviceKeys
}

/** What a new device stores and starts from. */
export interface Admitted {
  readonly group: GroupId
  readonly member: MemberId
  readonly logKey: Uint8Array
  /** Verified operations of the log, to be put into the store. */
  readonly operations: readonly Uint8Array[]
  /** The bundles that carried them (and the recovery note), verified: the first content of the newcomer's archive. */
  readonly bundles: readonly StoredBundle[]
  readonly relays: readonly string[]
  /** LAN addresses of the family's box, with its link key found in the log. */
  readonly boxes: readonly string[]
}

export type JoinError =
  /** The person at the host said no, or the invitation is used or expired. */
  | { readonly type: "Declined" }
  /** What came is no step of this protocol. Nothing was changed here. */
  | { readonly type: "ProtocolBroken" }
  | { readonly type: "ConnectionLost" }
  /** The log refused it: the host's role does not suffice. */
  | ActError

/** Writes and publishes one operation. */
type Acting = (write: (author: Author) => Promise<OperationBody>) => Promise<Result<OperationId, ActError>>

export interface HostOptions {
  readonly sealer: Sealer
  readonly replica: Replica
  readonly logKey: Uint8Array
  readonly relays: readonly string[]
  readonly boxes: readonly string[]
  /** Another device of the host's own member, a new person with a role, or the box. */
  readonly admitAs:
    | { readonly type: "OwnDevice" }
    /** `untilMs`: of a guest, when the stay ends. */
    | { readonly type: "Member"; readonly role: Role; readonly untilMs?: number | undefined }
    | { readonly type: "Box"; readonly circles: readonly CircleId[] }
    /** A box as a device of a share's other side, let in by that side's contact key. */
    | { readonly type: "VouchedBox"; readonly member: MemberId; readonly act: Acting }
  readonly newMemberId: () => MemberId
  /** Shows the newcomer and asks the person. */
  readonly confirm: (newcomer: Newcomer) => Promise<boolean>
  readonly onProgress?: (progress: JoinProgress) => void
  /** Left out but in tests. */
  readonly partBytes?: number
}

/** How much of the log was handed over, in bytes. */
export interface JoinProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

/** Who was let in. */
export interface Hosted {
  readonly member: MemberId
  readonly newcomer: Newcomer
  /** It said that it has stored what it got. If not, it is in the family's log, and may not know it. */
  readonly isStored: boolean
}

const steps = { Hello: 1, Welcome: 2, Proof: 3, Admitted: 4, Done: 5, Declined: 6, More: 7, Part: 8 } as const
const nameBytes = 128
const maxPlaces = 16
/** Nobody has reason to say so much before he was answered. */
const maxUnread = 8

/** Messages one at a time, in order; `undefined` when the channel is closed. */
const inboxOf = (channel: SecureChannel): (() => Promise<Uint8Array | undefined>) => {
  const arrived: Uint8Array[] = []
  const waiting: ((message: Uint8Array | undefined) => void)[] = []
  let isClosed = false
  channel.onMessage(bytes => {
    const next = waiting.shift()
    if (next !== undefined) next(bytes)
    else if (arrived.push(bytes) > maxUnread) channel.close()
  })
  channel.onClose(() => {
    isClosed = true
    for (const next of waiting.splice(0)) next(undefined)
  })
  return () =>
    new Promise(resolve => {
      const bytes = arrived.shift()
      if (bytes !== undefined || isClosed) resolve(bytes)
      else waiting.push(resolve)
    })
}

const isStep = (message: Uint8Array | undefined, step: number): boolean =>
  message?.length === 1 && message[0] === step

const declined = Uint8Array.of(steps.Declined)

const readKeys = (reader: ByteReader): DeviceKeys => ({
  signing: reader.bytes(32).slice(),
  wrap: reader.bytes(32).slice(),
  link: reader.bytes(32).slice(),
})

const memberFor = ({ admitAs, newMemberId }: HostOptions, own: MemberId): MemberId => {
  if (admitAs.type === "VouchedBox") return admitAs.member
  return admitAs.type === "OwnDevice" ? own : newMemberId()
}

/** The existing member's side. Closes the channel when it is through. */
export const hostJoin = async (
  channel: SecureChannel,
  options: HostOptions,
): Promise<Result<Hosted, JoinError>> => {
  const { sealer, replica } = options
  const next = inboxOf(channel)
  const fail = (error: JoinError): Result<never, JoinError> => {
    channel.send(declined)
    channel.close()
    return err(error)
  }

  const hello = await next()
  if (hello === undefined) return fail({ type: "ConnectionLost" })
  const reader = new ByteReader(hello)
  if (reader.u8() !== steps.Hello) reader.fail()
  const kind: MemberKind = reader.u8() === 1 ? "box" : "person"
  const name = reader.text(nameBytes)
  const keys = readKeys(reader)
  const isForBox = options.admitAs.type === "Box" || options.admitAs.type === "VouchedBox"
  if (!reader.end() || (kind === "box") !== isForBox) return fail({ type: "ProtocolBroken" })
  const newcomer: Newcomer = { kind, name, keys }
  if (!(await options.confirm(newcomer))) return fail({ type: "Declined" })

  const state = replica.session.state()
  const own = state.devices.get(replica.device)?.member
  if (own === undefined) return fail({ type: "Refused", reason: "AuthorNotLive" })
  const member = memberFor(options, own)
  channel.send(new ByteWriter().u8(steps.Welcome).hex(replica.group).hex(member).done())

  const answer = await next()
  if (answer === undefined) return fail({ type: "ConnectionLost" })
  const proofReader = new ByteReader(answer)
  if (proofReader.u8() !== steps.Proof) proofReader.fail()
  const proof = proofReader.bytes(64).slice()
  if (!proofReader.end()) return fail({ type: "ProtocolBroken" })
  const message = admissionMessage(replica.group, member, keys)
  if (!(await sealer.verify(admissionDomain, keys.signing, message, proof)))
    return fail({ type: "ProtocolBroken" })

  const device = { keys, proof }
  const id = deviceIdOf(keys, sealer.hash)
  const { admitAs } = options
  const everyone = replica.everyone()
  const act: Acting = admitAs.type === "VouchedBox" ? admitAs.act : write => replica.act(write)
  const added = await act(async author => {
    if (admitAs.type === "VouchedBox")
      return { type: "addDevice", member, device, wraps: author.wrapsFor(id, keys.wrap, [everyone]) }
    if (admitAs.type === "OwnDevice") {
      const circles = [...state.circles.values()]
        .filter(circle => circle.members.has(own))
        .map(circle => circle.id)
      return { type: "addDevice", member, device, wraps: author.wrapsFor(id, keys.wrap, circles) }
    }
    const circles = admitAs.type === "Box" ? admitAs.circles : admitAs.role === "guest" ? [] : [everyone]
    return {
      type: "addMember",
      member,
      kind,
      role: admitAs.type === "Box" ? "user" : admitAs.role,
      circles,
      expiresMs: admitAs.type === "Member" ? admitAs.untilMs : undefined,
      device,
      wraps: author.wrapsFor(id, keys.wrap, circles),
    }
  })
  if (!added.ok) return fail({ type: "Refused", reason: added.error.reason })

  const log = await logBundles(sealer, replica)
  const totalBytes = log.reduce((sum, { bytes }) => sum + bytes, 0)
  const writer = new ByteWriter()
    .u8(steps.Admitted)
    .bytes(options.logKey)
    .list(options.relays, (list, relay) => list.text(relay))
    .list(options.boxes, (list, box) => list.text(box))
    .u32(log.length)
    .u64(totalBytes)
  channel.send(writer.done())
  let sent = 0
  let doneBytes = 0
  let step = await next()
  while (isStep(step, steps.More) && sent < log.length) {
    const part = await readPart(replica, log, sent, options.partBytes ?? joinLimits.partBytes)
    channel.send(
      new ByteWriter()
        .u8(steps.Part)
        .list(part, (list, bundle) => list.block(bundle))
        .done(),
    )
    sent += part.length
    for (const bundle of part) doneBytes += bundle.length
    options.onProgress?.({ doneBytes, totalBytes })
    step = await next()
  }
  channel.close()
  // From the admission on the newcomer is in, whether or not it has heard of it.
  return ok({ member, newcomer, isStored: isStep(step, steps.Done) && sent === log.length })
}

/** The newcomer's side: what it gives must be stored before `done` is called, which tells the host. */
export const requestJoin = async (
  channel: SecureChannel,
  deps: { readonly sealer: Sealer; readonly identity: DeviceIdentity },
  self: { readonly kind: MemberKind; readonly name: string },
  onProgress?: (progress: JoinProgress) => void,
): Promise<Result<{ readonly admitted: Admitted; readonly done: () => void }, JoinError>> => {
  const { sealer, identity } = deps
  const next = inboxOf(channel)
  const fail = (error: JoinError): Result<never, JoinError> => {
    channel.close()
    return err(error)
  }
  const { keys } = identity
  channel.send(
    new ByteWriter()
      .u8(steps.Hello)
      .u8(self.kind === "box" ? 1 : 0)
      .text(self.name)
      .bytes(keys.signing)
      .bytes(keys.wrap)
      .bytes(keys.link)
      .done(),
  )

  const welcome = await next()
  if (welcome === undefined) return fail({ type: "ConnectionLost" })
  if (welcome[0] === steps.Declined) return fail({ type: "Declined" })
  const reader = new ByteReader(welcome)
  if (reader.u8() !== steps.Welcome) reader.fail()
  const group = reader.hex(32) as GroupId
  const member = reader.hex(16) as MemberId
  if (!reader.end()) return fail({ type: "ProtocolBroken" })
  const message = admissionMessage(group, member, keys)
  const proof = await sealer.sign(admissionDomain, identity.secrets.signing, message)
  channel.send(new ByteWriter().u8(steps.Proof).bytes(proof).done())

  const answer = await next()
  if (answer === undefined) return fail({ type: "ConnectionLost" })
  if (answer[0] === steps.Declined) return fail({ type: "Declined" })
  const admittedReader = new ByteReader(answer)
  if (admittedReader.u8() !== steps.Admitted) admittedReader.fail()
  const logKey = admittedReader.bytes(32).slice()
  const relays = admittedReader.list(maxPlaces, list => list.text(1024))
  const boxes = admittedReader.list(maxPlaces, list => list.text(1024))
  const total = admittedReader.u32()
  const totalBytes = admittedReader.u64()
  const isTooMuch = total > joinLimits.bundles || totalBytes > joinLimits.bytes
  if (!admittedReader.end() || isTooMuch) return fail({ type: "ProtocolBroken" })

  const bundles: StoredBundle[] = []
  const claimed: Uint8Array[] = []
  let arrived = 0
  let doneBytes = 0
  while (arrived < total) {
    channel.send(Uint8Array.of(steps.More))
    const message = await next()
    if (message === undefined) return fail({ type: "ConnectionLost" })
    const partReader = new ByteReader(message)
    if (partReader.u8() !== steps.Part) partReader.fail()
    const raw = partReader.list(limits.bundlesPerMessage, list => list.block(limits.bundleBytes).slice())
    arrived += raw.length
    for (const { length } of raw) doneBytes += length
    const isMore = arrived > total || doneBytes > totalBytes
    if (!partReader.end() || raw.length === 0 || isMore) return fail({ type: "ProtocolBroken" })
    // Whoever let us in may still be wrong about the log: every signature in it is checked here.
    const verified = await verifiedPart(sealer, logKey, raw)
    for (const bundle of verified.bundles) bundles.push(bundle)
    for (const operation of verified.operations) claimed.push(operation)
    onProgress?.({ doneBytes, totalBytes })
  }
  const genuine = await genuineLog(deps, logKey, group, claimed)
  if (genuine === undefined) return fail({ type: "ProtocolBroken" })
  const operations = genuine.map(({ bytes }) => bytes)
  return ok({
    admitted: { group, member, logKey, operations, bundles, relays, boxes },
    done: () => {
      channel.send(Uint8Array.of(steps.Done))
      channel.close()
    },
  })
}
