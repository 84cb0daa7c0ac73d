import { type CircleId, type DeviceId, type EpochId, type MemberId } from "../base/index.js"
import type { Author, Rekey } from "./operation.js"
import { isReader } from "./readers.js"
import { compareRoles } from "./roles.js"
import type { Circle, Device, DocumentPolicy, GroupState, Member } from "./state.js"

/** A rekey that an operation must embed: the author makes the key and fills in the wraps. */
export interface RekeyPlan {
  readonly circle: CircleId
  readonly replaces: readonly EpochId[]
  /** Exactly those that get a wrap. */
  readonly to: readonly (DeviceId | "recovery")[]
}

/** What a taking operation does, before its taking is filled in. */
export type Change =
  | { readonly type: "removeMember"; readonly member: MemberId }
  | { readonly type: "removeDevice" | "suspend"; readonly device: DeviceId }
  | { readonly type: "setRole"; readonly member: MemberId; readonly role: Member["role"] }
  | {
      readonly type: "circle"
      readonly circle: CircleId
      readonly add: readonly MemberId[]
      readonly remove: readonly MemberId[]
    }
  | { readonly type: "rekey"; readonly circle: CircleId }
  | { readonly type: "setRecovery" }
  | {
      readonly type: "docPolicy"
      readonly circle: CircleId
      readonly document: DocumentPolicy["document"]
      readonly usersWrite: boolean
      readonly invited: readonly MemberId[]
    }

/** Whether the author holds the circle's keys by right: the recovery key holds all. */
export const readsCircle = (state: GroupState, author: Author, circle: Circle): boolean => {
  if (author === "recovery") return true
  const device = state.devices.get(author)
  return device !== undefined && isReader(circle, device)
}

const plan = (state: GroupState, circle: Circle, stays: (device: Device) => boolean): RekeyPlan => ({
  circle: circle.id,
  replaces: circle.heads,
  to: [...[...state.devices.values()].filter(stays).map(device => device.id), "recovery" as const],
})

/** Those who could write the document before the policy and cannot after it. */
export const losersOf = (
  state: GroupState,
  change: Extract<Change, { readonly type: "docPolicy" }>,
): readonly MemberId[] => {
  const circle = state.circles.get(change.circle)
  const before = state.docPolicies.get(change.document)?.[0]
  return [...(circle?.members ?? [])].filter(id => {
    const role = state.members.get(id)?.role
    if (role === "user") return (before?.usersWrite ?? true) && !change.usersWrite
    return role === "guest" && (before?.invited.has(id) ?? false) && !change.invited.includes(id)
  })
}

/**
 * The rekeys that a change must embed when `author` makes it at `state`: one for each circle that he reads and that
 * the target is in. Used to make operations and to check them.
 */
export const rekeyPlans = (state: GroupState, author: Author, change: Change): readonly RekeyPlan[] => {
  const read = [...state.circles.values()].filter(circle => readsCircle(state, author, circle))
  const around = (member: MemberId | undefined, stays: (device: Device) => boolean): readonly RekeyPlan[] =>
    read
      .filter(circle => member !== undefined && circle.members.has(member))
      .map(circle => plan(state, circle, device => isReader(circle, device) && stays(device)))
  switch (change.type) {
    case "removeMember":
      return around(change.member, device => device.member !== change.member)
    case "removeDevice":
    case "suspend":
      return around(state.devices.get(change.device)?.member, device => device.id !== change.device)
    case "setRole": {
      const role = state.members.get(change.member)?.role
      const isDemotion = role !== undefined && compareRoles(change.role, role) < 0
      return isDemotion ? around(change.member, () => true) : []
    }
    case "circle": {
      const existing = state.circles.get(change.circle)
      if (existing !== undefined && change.remove.length === 0) return []
      const members = new Set([...(existing?.members ?? []), ...change.add])
      for (const member of change.remove) members.delete(member)
      const stays = (device: Device): boolean =>
        device.live && !device.suspended && members.has(device.member)
      const to = [...state.devices.values()].filter(stays).map(device => device.id)
      return [{ circle: change.circle, replaces: existing?.heads ?? [], to: [...to, "recovery"] }]
    }
    case "rekey":
      return read.filter(c => c.id === change.circle).map(c => plan(state, c, device => isReader(c, device)))
    case "setRecovery":
      return read.map(circle => plan(state, circle, device => isReader(circle, device)))
    case "docPolicy":
      if (losersOf(state, change).length === 0) return []
      return read.filter(c => c.id === change.circle).map(c => plan(state, c, device => isReader(c, device)))
  }
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && new Set(a).size === a.length && a.every(item => b.includes(item))

const isNamed = (state: GroupState, epoch: EpochId): boolean =>
  [...state.circles.values()].some(circle => circle.epochs.has(epoch))

/** Whether a rekey is what was planned: a new epoch that replaces the heads and is wrapped to exactly the right ones. */
export const isAsPlanned = (state: GroupState, rekey: Rekey, planned: RekeyPlan): boolean =>
  rekey.circle === planned.circle &&
  !isNamed(state, rekey.epoch) &&
  sameSet(rekey.replaces, planned.replaces) &&
  sameSet(
    rekey.wraps.map(wrap => wrap.to),
    planned.to,
  ) &&
  rekey.wraps.every(wrap => wrap.circle === rekey.circle && wrap.epoch === rekey.epoch)
