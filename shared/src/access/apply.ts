import type { CircleId, DeviceId, EpochId, MemberId, OperationId } from "../base/index.js"
import type { Entry } from "./causality.js"
import type { Draft } from "./draft.js"
import { type Precedes, addEpoch, addHolder, recordTaking } from "./epochs.js"
import { LayeredMap } from "./layered-map.js"
import {
  type DeviceKeys,
  type OperationBody,
  type Role,
  type Taking,
  type YieldTarget,
  rekeysOf,
  wrapsOf,
} from "./operation.js"
import { type Rank, compareRank, compareSeniority } from "./rank.js"
import { compareRoles } from "./roles.js"
import type { Circle, Epoch, TakingRecord } from "./state.js"

interface Grant {
  readonly operation: OperationId
  readonly rank: Rank
}

/** What came last: concurrent grants stand side by side, the one of the highest rank first. */
const withGrant = <T extends Grant>(
  grants: readonly T[],
  added: T,
  entry: Entry,
  precedes: Precedes,
  compareTied: (a: T, b: T) => number = () => 0,
): readonly T[] =>
  [...grants.filter(grant => !precedes(grant.operation, entry)), added].sort(
    (a, b) => compareRank(a.rank, b.rank) || compareTied(a, b) || (a.operation < b.operation ? -1 : 1),
  )

const addDevice = (draft: Draft, id: DeviceId, member: MemberId, keys: DeviceKeys, entry: Entry): void => {
  const owner = draft.members.get(member)
  if (owner === undefined || draft.devices.has(id)) return
  draft.devices.set(id, {
    id,
    member,
    keys,
    live: owner.live && !draft.removed.has(id),
    suspended: false,
    seniority: { depth: entry.depth, operation: entry.operation.id },
    admittedBy: entry.operation.id,
    seniorityGrants: [],
    suspensions: [],
  })
}

const addMember = (
  draft: Draft,
  { member: id, kind, role, expiresMs }: Extract<OperationBody, { readonly type: "addMember" }>,
  entry: Entry,
): void => {
  if (draft.members.has(id)) return
  const operation = entry.operation.id
  draft.members.set(id, {
    id,
    kind,
    role,
    live: !draft.removed.has(id),
    seniority: { depth: entry.depth, operation },
    admittedBy: operation,
    expiresMs,
    roleGrants: [{ operation, role, rank: entry.basis.rank }],
    seniorityGrants: [],
  })
}

const setCircle = (draft: Draft, circle: Omit<Circle, "members">): void => {
  const members = new Set<MemberId>()
  for (const [member, listings] of circle.listings) {
    if (listings.length > 0 && draft.members.get(member)?.live === true) members.add(member)
  }
  draft.circles.set(circle.id, { ...circle, members })
}

const addCircle = (draft: Draft, id: CircleId, everyone: boolean): void => {
  if (draft.circles.has(id)) return
  const empty = {
    heads: [],
    epochs: LayeredMap.empty<EpochId, Epoch>(),
    listings: new Map(),
    unlistings: new Map(),
  }
  setCircle(draft, { id, everyone, ...empty })
}

/** A listing counts when it has seen every removal from the circle: of two concurrent ones the removal wins. */
const list = (draft: Draft, id: CircleId, member: MemberId, entry: Entry, precedes: Precedes): void => {
  const circle = draft.circles.get(id)
  if (circle === undefined) return
  if (!(circle.unlistings.get(member) ?? []).every(removal => precedes(removal, entry))) return
  const listings = [...(circle.listings.get(member) ?? []), entry.operation.id]
  setCircle(draft, { ...circle, listings: new Map(circle.listings).set(member, listings) })
}

const unlist = (draft: Draft, id: CircleId, member: MemberId, entry: Entry): void => {
  const circle = draft.circles.get(id)
  if (circle === undefined) return
  const unlistings = [...(circle.unlistings.get(member) ?? []), entry.operation.id]
  setCircle(draft, {
    ...circle,
    listings: new Map(circle.listings).set(member, []),
    unlistings: new Map(circle.unlistings).set(member, unlistings),
  })
}

const removeMember = (draft: Draft, id: MemberId): void => {
  draft.removed = new Set(draft.removed).add(id)
  const member = draft.members.get(id)
  if (member === undefined) return
  draft.members.set(id, { ...member, live: false })
  for (const device of draft.devices.values()) {
    if (device.member === id) draft.devices.set(device.id, { ...device, live: false })
  }
  for (const circle of draft.circles.values()) if (circle.members.has(id)) setCircle(draft, circle)
}

const removeDevice = (draft: Draft, id: DeviceId): void => {
  draft.removed = new Set(draft.removed).add(id)
  const device = draft.devices.get(id)
  if (device !== undefined) draft.devices.set(id, { ...device, live: false })
}

/** The two change places, so that the order stays strict; yielding to a senior does nothing. */
const yieldTo = (draft: Draft, author: DeviceId, to: YieldTarget, entry: Entry): void => {
  const from = draft.devices.get(author)
  if (from === undefined) return
  const operation = entry.operation.id
  if (to.type === "Device") {
    const heir = draft.devices.get(to.device)
    if (heir === undefined || compareSeniority(from.seniority, heir.seniority) >= 0) return
    const { seniority, seniorityGrants } = from
    draft.devices.set(author, { ...from, seniority: heir.seniority, seniorityGrants: heir.seniorityGrants })
    draft.devices.set(heir.id, { ...heir, seniority, seniorityGrants: [...seniorityGrants, operation] })
    return
  }
  const giver = draft.members.get(from.member)
  const heir = draft.members.get(to.member)
  if (giver === undefined || heir === undefined || compareSeniority(giver.seniority, heir.seniority) >= 0)
    return
  const { seniority, seniorityGrants } = giver
  draft.members.set(giver.id, { ...giver, seniority: heir.seniority, seniorityGrants: heir.seniorityGrants })
  draft.members.set(heir.id, { ...heir, seniority, seniorityGrants: [...seniorityGrants, operation] })
}

const suspend = (draft: Draft, id: DeviceId, entry: Entry): void => {
  const device = draft.devices.get(id)
  if (device === undefined) return
  const suspensions = [...device.suspensions, { operation: entry.operation.id, rank: entry.basis.rank }]
  draft.devices.set(id, { ...device, suspended: true, suspensions })
}

/** Lifts what it has seen; a concurrent suspension stands. */
const resume = (draft: Draft, id: DeviceId, entry: Entry, precedes: Precedes): void => {
  const device = draft.devices.get(id)
  if (device === undefined) return
  const suspensions = device.suspensions.filter(suspension => !precedes(suspension.operation, entry))
  draft.devices.set(id, { ...device, suspended: suspensions.length > 0, suspensions })
  const isLifted = (record: TakingRecord): boolean =>
    record.effect === "suspension" &&
    record.target.type === "Device" &&
    record.target.device === id &&
    precedes(record.operation, entry)
  draft.takings = draft.takings.filter(record => !isLifted(record))
  draft.recorded = draft.recorded.filter(record => !isLifted(record))
}

const setRole = (draft: Draft, id: MemberId, role: Role, entry: Entry, precedes: Precedes): void => {
  const member = draft.members.get(id)
  if (member === undefined) return
  const grant = { operation: entry.operation.id, role, rank: entry.basis.rank }
  const roleGrants = withGrant(member.roleGrants, grant, entry, precedes, (a, b) =>
    compareRoles(a.role, b.role),
  )
  draft.members.set(id, { ...member, role: roleGrants[0]?.role ?? role, roleGrants })
}

/** The document's policy goes along: who could not write it does not become its writer by its being moved. */
const move = (
  draft: Draft,
  { document, circle, to, toCircle, frontier }: Extract<OperationBody, { readonly type: "move" }>,
  entry: Entry,
  precedes: Precedes,
): void => {
  const made = {
    document,
    circle,
    to,
    toCircle,
    frontier,
    operation: entry.operation.id,
    rank: entry.basis.rank,
  }
  draft.moves.set(document, withGrant(draft.moves.get(document) ?? [], made, entry, precedes))
  const arrived = [...(draft.arrivals.get(to) ?? []), made]
  draft.arrivals.set(
    to,
    arrived.sort((a, b) => (a.operation < b.operation ? -1 : 1)),
  )
  const policies = draft.docPolicies.get(document)
  if (policies === undefined || draft.docPolicies.has(to)) return
  draft.docPolicies.set(
    to,
    policies.map(policy => ({ ...policy, document: to, circle: toCircle })),
  )
}

const takingRecordOf = (
  body: OperationBody,
  entry: Entry,
): Pick<TakingRecord, "effect" | "target"> | undefined => {
  switch (body.type) {
    case "removeMember":
      return { effect: "removal", target: { type: "Members", members: [body.member] } }
    case "removeDevice":
      return { effect: "removal", target: { type: "Device", device: body.device } }
    case "circle":
      return body.remove.length === 0
        ? undefined
        : { effect: "removal", target: { type: "Members", members: body.remove } }
    case "suspend":
      return { effect: "suspension", target: { type: "Device", device: body.device } }
    case "setRole":
    case "docPolicy": {
      const effect = body.type === "setRole" ? "demotion" : "policy"
      const members = entry.basis.losers
      return members.length === 0 ? undefined : { effect, target: { type: "Members", members } }
    }
    default:
      return undefined
  }
}

const recordBodyTaking = (draft: Draft, taking: Taking, entry: Entry, precedes: Precedes): void => {
  const record = takingRecordOf(entry.operation.body, entry)
  if (record !== undefined) recordTaking(draft, entry, { ...record, ...taking }, precedes)
}

const applyBody = (
  draft: Draft,
  entry: Entry,
  precedes: Precedes,
  deviceOf: (keys: DeviceKeys) => DeviceId,
): void => {
  const { body, author, id } = entry.operation
  const { rank } = entry.basis
  if ("taking" in body) recordBodyTaking(draft, body.taking, entry, precedes)
  switch (body.type) {
    case "addMember":
      addMember(draft, body, entry)
      addDevice(draft, deviceOf(body.device.keys), body.member, body.device.keys, entry)
      for (const circle of body.circles) list(draft, circle, body.member, entry, precedes)
      return
    case "addDevice":
      return addDevice(draft, deviceOf(body.device.keys), body.member, body.device.keys, entry)
    case "removeMember":
      return removeMember(draft, body.member)
    case "removeDevice":
      return removeDevice(draft, body.device)
    case "setRole":
      return setRole(draft, body.member, body.role, entry, precedes)
    case "yield":
      if (author !== "recovery") yieldTo(draft, author, body.to, entry)
      return
    case "suspend":
      return suspend(draft, body.device, entry)
    case "resume":
      return resume(draft, body.device, entry, precedes)
    case "circle":
      addCircle(draft, body.circle, false)
      for (const member of body.remove) unlist(draft, body.circle, member, entry)
      for (const member of body.add) list(draft, body.circle, member, entry, precedes)
      return
    case "setRecovery": {
      const grant = { operation: id, keys: body.recovery, rank }
      draft.recoveryGrants = withGrant(draft.recoveryGrants, grant, entry, precedes)
      return
    }
    case "docPolicy": {
      const { document, circle, usersWrite } = body
      const policy = { document, circle, usersWrite, invited: new Set(body.invited), operation: id, rank }
      const policies = draft.docPolicies.get(document) ?? []
      draft.docPolicies.set(document, withGrant(policies, policy, entry, precedes))
      return
    }
    case "rebase": {
      const { document, circle, to, frontier } = body
      const rebase = { document, circle, to, frontier, operation: id, rank }
      draft.rebases.set(document, withGrant(draft.rebases.get(document) ?? [], rebase, entry, precedes))
      return
    }
    case "move":
      return move(draft, body, entry, precedes)
    case "genesis":
    case "rekey":
    case "wrap":
    case "deleteDocument":
      return
  }
}

/** Applies the next operation in order. A void one changes nothing but what its keys have given away. */
export const applyEntry = (
  draft: Draft,
  entry: Entry,
  precedes: Precedes,
  deviceOf: (keys: DeviceKeys) => DeviceId,
): void => {
  const live = !draft.void.has(entry.operation.id)
  if (live) applyBody(draft, entry, precedes, deviceOf)
  for (const rekey of rekeysOf(entry.operation.body)) addEpoch(draft, rekey, entry, live, precedes)
  for (const wrap of wrapsOf(entry.operation.body)) addHolder(draft, wrap)
}
