import {
  type CircleId,
  type DeviceId,
  type EpochId,
  type GroupId,
  type MemberId,
  type OperationId,
  ByteWriter,
  bytesToHex,
} from "../../base/index.js"
import { circleIdOf, deviceIdOf, voucherKeysOf } from "../identity.js"
import { LayeredMap } from "../layered-map.js"
import { type AddOutcome, type GroupLog, createGroupLog } from "../log.js"
import { encodeUnsignedOperation, joinOperation, parseOperation } from "../operation-codec.js"
import type {
  Author,
  Cut,
  DeviceKeys,
  KeyWrap,
  MemberKind,
  Operation,
  OperationBody,
  Rekey,
  Role,
  Taking,
} from "../operation.js"
import { type Change, type RekeyPlan, rekeyPlans } from "../rekey-plan.js"
import type { GroupState } from "../state.js"
import { testHash } from "./hash.js"

export interface TestDevice {
  readonly id: DeviceId
  readonly keys: DeviceKeys
}

/** Makes operations for tests of the membership log; keys and signatures are fakes that only have the right size. */
export interface TestFamily {
  readonly genesis: Operation
  readonly founder: { readonly member: MemberId; readonly device: TestDevice }
  /** The other side of a share; in a family nobody. */
  readonly voucher: { readonly member: MemberId; readonly device: TestDevice }
  /** A copy of the log with the genesis and the operations given, in any order that has parents first. */
  log(operations?: readonly Operation[]): GroupLog
  /** A log of a group that another genesis founds; throws when it founds none. */
  found(genesis: OperationBody): GroupLog
  device(): TestDevice
  member(): MemberId
  rekey(plan: RekeyPlan): Rekey
  taking(state: GroupState, author: Author, change: Change, cuts?: readonly Cut[]): Taking
  /** The next operation of `author` after the heads of `log`, not added to it. */
  make(log: GroupLog, author: Author, body: OperationBody): Operation
  /** Makes it and adds it; throws when the log does not take it. */
  act(log: GroupLog, author: Author, body: OperationBody): Operation
  /** Makes it and gives what the log says to it. */
  tell(log: GroupLog, author: Author, body: OperationBody): AddOutcome
  body: Bodies
}

/** Whole bodies, with rekeys and wraps as they must be at a state. */
export interface Bodies {
  addMember(state: GroupState, author: Author, newcomer: Newcomer): OperationBody
  addDevice(member: MemberId, device: TestDevice): OperationBody
  removeMember(state: GroupState, author: Author, member: MemberId, cuts?: readonly Cut[]): OperationBody
  removeDevice(state: GroupState, author: Author, device: DeviceId, cuts?: readonly Cut[]): OperationBody
  setRole(state: GroupState, author: Author, member: MemberId, role: Role): OperationBody
  suspend(state: GroupState, author: Author, device: DeviceId): OperationBody
  newCircle(
    log: GroupLog,
    author: Author,
    members: readonly MemberId[],
  ): OperationBody & { readonly circle: CircleId }
  circle(
    state: GroupState,
    author: Author,
    circle: CircleId,
    add: readonly MemberId[],
    remove: readonly MemberId[],
  ): OperationBody
  rekey(state: GroupState, author: Author, circle: CircleId, cuts?: readonly Cut[]): OperationBody
  setRecovery(state: GroupState, author: Author): OperationBody
}

export interface Newcomer {
  readonly member: MemberId
  readonly device: TestDevice
  readonly role: Role
  readonly kind?: MemberKind
  readonly circles?: readonly CircleId[]
  readonly wraps?: readonly KeyWrap[]
  readonly expiresMs?: number
}

export const outcomeName = (outcome: AddOutcome): string =>
  typeof outcome === "string" ? outcome : "refused" in outcome ? outcome.refused.type : "missing"

/** `shareAs`: a share, whose other side has this role. */
export const createTestFamily = (seed = 0, shareAs?: Role): TestFamily => {
  let made = 0
  const fresh = (length: number): Uint8Array =>
    testHash("test", new ByteWriter().u32(seed).u32(made++).done()).slice(0, length)

  const device = (): TestDevice => {
    const keys = { signing: fresh(32), wrap: fresh(32), link: fresh(32) }
    return { id: deviceIdOf(keys, testHash), keys }
  }
  const member = (): MemberId => bytesToHex(fresh(16)) as MemberId
  const rekey = (plan: RekeyPlan): Rekey => {
    const epoch = bytesToHex(fresh(32)) as EpochId
    const { circle, replaces } = plan
    const wraps = plan.to.map(to => ({ circle, epoch, to, sealed: Uint8Array.of(1) }))
    return { circle, epoch, tag: epoch.slice(0, 16), replaces, wraps, earlier: new Uint8Array(0) }
  }
  const taking = (state: GroupState, author: Author, change: Change, cuts: readonly Cut[] = []): Taking => {
    const rekeys = rekeyPlans(state, author, change).map(rekey)
    return { circles: rekeys.map(({ circle }) => circle), cuts, rekeys }
  }

  const sign = (
    author: Author,
    group: GroupId,
    parents: readonly OperationId[],
    seq: number,
    body: OperationBody,
  ): Operation => {
    const unsigned = encodeUnsignedOperation({ author, group, parents, seq, body })
    const parsed = parseOperation(joinOperation(unsigned, new Uint8Array(64)), testHash)
    if (!parsed.ok) throw new Error(parsed.error.type)
    return parsed.value
  }

  const first = device()
  const founder = member()
  const ofOther = (what: string): Uint8Array =>
    testHash(`other side's ${what}`, new ByteWriter().u32(seed).done())
  const other = {
    member: bytesToHex(ofOther("member").slice(0, 16)) as MemberId,
    role: shareAs ?? "user",
    signing: ofOther("signing"),
    wrap: ofOther("wrap"),
  }
  const otherKeys = voucherKeysOf(other)
  const voucher = { id: deviceIdOf(otherKeys, testHash), keys: otherKeys }
  const readers = [first.id, ...(shareAs === undefined ? [] : [voucher.id])]
  const noCircle = "00".repeat(16) as CircleId
  const genesis = sign(first.id, "00".repeat(32) as GroupId, [], 1, {
    type: "genesis",
    ...(shareAs === undefined ? { kind: "family" as const } : { kind: "share" as const, voucher: other }),
    nonce: fresh(16),
    founder,
    keys: first.keys,
    recovery: { signing: fresh(32), wrap: fresh(32) },
    rekey: rekey({ circle: noCircle, replaces: [], to: [...readers, "recovery"] }),
  })

  const found = (body: OperationBody): GroupLog => {
    const created = createGroupLog(sign(first.id, "00".repeat(32) as GroupId, [], 1, body), testHash)
    if (!created.ok) throw new Error(created.error.type)
    return created.value
  }
  const log = (operations: readonly Operation[] = []): GroupLog => {
    const created = createGroupLog(genesis, testHash)
    if (!created.ok) throw new Error(created.error.type)
    for (const operation of operations) created.value.add(operation)
    return created.value
  }
  const make = (at: GroupLog, author: Author, body: OperationBody): Operation =>
    sign(author, at.group, at.heads(), at.nextSeq(author), body)
  const tell = (at: GroupLog, author: Author, body: OperationBody): AddOutcome =>
    at.add(make(at, author, body))
  const act = (at: GroupLog, author: Author, body: OperationBody): Operation => {
    const operation = make(at, author, body)
    const outcome = at.add(operation)
    if (outcome !== "Added") throw new Error(`${body.type}: ${outcomeName(outcome)}`)
    return operation
  }

  const body: Bodies = {
    addMember: (state, author, newcomer) => {
      const read = author === "recovery" ? undefined : state.devices.get(author)?.member
      const isEveryone = read === undefined || state.circles.get(state.everyone)?.members.has(read) === true
      return {
        type: "addMember",
        member: newcomer.member,
        kind: newcomer.kind ?? "person",
        role: newcomer.role,
        circles: newcomer.circles ?? (newcomer.role !== "guest" && isEveryone ? [state.everyone] : []),
        expiresMs: newcomer.expiresMs,
        device: { keys: newcomer.device.keys, proof: new Uint8Array(64) },
        wraps: newcomer.wraps ?? [],
      }
    },
    addDevice: (owner, added) => ({
      type: "addDevice",
      member: owner,
      device: { keys: added.keys, proof: new Uint8Array(64) },
      wraps: [],
    }),
    removeMember: (state, author, target, cuts) => {
      const change = { type: "removeMember", member: target } as const
      return { ...change, taking: taking(state, author, change, cuts) }
    },
    removeDevice: (state, author, target, cuts) => {
      const change = { type: "removeDevice", device: target } as const
      return { ...change, taking: taking(state, author, change, cuts) }
    },
    setRole: (state, author, target, role) => {
      const change = { type: "setRole", member: target, role } as const
      return { ...change, taking: taking(state, author, change) }
    },
    suspend: (state, author, target) => {
      const change = { type: "suspend", device: target } as const
      return { ...change, taking: taking(state, author, change) }
    },
    newCircle: (at, author, members) => {
      const circle = circleIdOf(at.group, author, at.nextSeq(author), testHash)
      const change = { type: "circle", circle, add: members, remove: [] } as const
      return { ...change, wraps: [], taking: taking(at.state(), author, change) }
    },
    circle: (state, author, circle, add, remove) => {
      const change = { type: "circle", circle, add, remove } as const
      return { ...change, wraps: [], taking: taking(state, author, change) }
    },
    rekey: (state, author, circle, cuts = []) => {
      const [planned] = rekeyPlans(state, author, { type: "rekey", circle })
      return { type: "rekey", rekey: rekey(planned ?? { circle, replaces: [], to: ["recovery"] }), cuts }
    },
    setRecovery: (state, author) => {
      const rekeys = rekeyPlans(state, author, { type: "setRecovery" }).map(rekey)
      return { type: "setRecovery", recovery: { signing: fresh(32), wrap: fresh(32) }, rekeys, cuts: [] }
    },
  }
  return {
    genesis,
    founder: { member: founder, device: first },
    voucher: { member: other.member, device: voucher },
    log,
    found,
    device,
    member,
    rekey,
    taking,
    make,
    act,
    tell,
    body,
  }
}

/** A comparable form of a state: the same text for equal states, whatever order their maps were filled in. */
export const stateText = (state: object): string => {
  const plain = (value: unknown): unknown => {
    if (value instanceof Map || value instanceof LayeredMap)
      return [...value].map(([k, v]) => [k, plain(v)]).sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
    if (value instanceof Set) return [...value].sort()
    if (value instanceof Uint8Array) return bytesToHex(value)
    if (Array.isArray(value)) return value.map(plain)
    if (value !== null && typeof value === "object") {
      return Object.entries(value).map(([k, v]) => [k, plain(v)])
    }
    return value
  }
  return JSON.stringify(plain(state))
}

/** What people would notice: who is in, with which role and rank, who reads what, which cuts bind. */
export const effectText = (state: GroupState): string =>
  stateText({
    ...state,
    void: new Set(),
    circles: new Map(
      [...state.circles].map(([id, circle]) => [
        id,
        { ...circle, epochs: new Map([...circle.epochs].filter(([, epoch]) => epoch.live)) },
      ]),
    ),
  })
