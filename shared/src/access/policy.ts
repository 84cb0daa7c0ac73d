import { type Area, type CircleId, type DeviceId, type DocumentId, type MemberId } from "../base/index.js"
import { isReader } from "./readers.js"
import type { Circle, GroupState, Member, Move } from "./state.js"

/**
 * What one does with a document. "receipt": saying what one has stored. Making one is writing the first change into it,
 * taking one away is writing into the catalogue: receivers cannot tell more.
 */
export type Verb = "read" | "write" | "snapshot" | "receipt"

export interface PolicyTarget {
  readonly circle: CircleId
  readonly document: DocumentId
  readonly area: Area
  readonly name: string
}

/** The name of a member's profile document. */
export const profileNameOf = (member: MemberId): string => member

/** The profile of a circle: what it is called. Only its readers can open it. */
export const circleProfile = "circle"

/** What people make and take elsewhere: one note, one list of events and tasks. The rest belongs to its circle. */
export const movableAreas: readonly Area[] = ["notes", "plans"]

/** Where a document is that was moved to another circle. */
export const movedTo = (
  state: GroupState,
  target: Pick<PolicyTarget, "area" | "document">,
): Move | undefined =>
  movableAreas.includes(target.area) ? state.moves.get(target.document)?.[0] : undefined

const mayWrite = (state: GroupState, member: Member, circle: Circle, target: PolicyTarget): boolean => {
  if (target.area === "profile") {
    const isAlone = circle.members.size === 1 && member.role !== "guest"
    if (target.name === circleProfile && isAlone) return true
    return target.name === profileNameOf(member.id) || member.role === "admin"
  }
  if (target.area === "contacts") return member.role === "admin"
  // Whoever knows of the move writes where the document is now.
  if (movedTo(state, target) !== undefined) return false
  const policy = state.docPolicies.get(target.document)?.[0]
  switch (member.role) {
    case "admin":
    case "editor":
      return true
    case "user":
      return policy?.usersWrite ?? true
    case "guest":
      return target.area === "chat" || (policy?.invited.has(member.id) ?? false)
  }
}

/**
 * The table of who may do what, for a device at one state. Nobody may anything in a circle that he is not in, a
 * suspended device nothing at all, the box only read, snapshot and receipt.
 */
export const may = (state: GroupState, device: DeviceId, verb: Verb, target: PolicyTarget): boolean => {
  const found = state.devices.get(device)
  const circle = state.circles.get(target.circle)
  const member = found && state.members.get(found.member)
  if (!found || !circle || !member || !isReader(circle, found)) return false
  if (verb === "read" || verb === "receipt") return true
  if (device === state.voucher?.device) return false
  if (verb === "snapshot") return member.role === "admin" || member.kind === "box"
  return member.kind !== "box" && mayWrite(state, member, circle, target)
}
