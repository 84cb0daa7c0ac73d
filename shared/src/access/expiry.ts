import type { DeviceId, MemberId } from "../base/index.js"
import type { GroupState, Member } from "./state.js"

// The log has no clock: when a guest's stay ends, every device judges by its own, where it opens a link or runs a
// command, and an admin's device turns it into a removal, which is what the others hold on to.

/** When the stay of a member ends; who is no guest (any more) stays. */
export const stayEndsMs = (member: Member): number | undefined =>
  member.live && member.role === "guest" ? member.expiresMs : undefined

const hasEnded = (member: Member, nowMs: number): boolean => (stayEndsMs(member) ?? Infinity) <= nowMs

/** Whether the stay of a device's member has ended. */
export const isStayOver = (state: GroupState, device: DeviceId, nowMs: number): boolean => {
  const owner = state.devices.get(device)?.member
  const member = owner === undefined ? undefined : state.members.get(owner)
  return member !== undefined && hasEnded(member, nowMs)
}

/** Those whose stay has ended and who are still in; and when the next one's ends. */
export const endedStays = (
  state: GroupState,
  nowMs: number,
): { readonly over: readonly MemberId[]; readonly nextMs: number | undefined } => {
  const members = [...state.members.values()]
  const later = members.map(stayEndsMs).filter(endsMs => endsMs !== undefined && endsMs > nowMs)
  return {
    over: members.filter(member => hasEnded(member, nowMs)).map(({ id }) => id),
    nextMs: later.length === 0 ? undefined : Math.min(...later.map(endsMs => endsMs ?? Infinity)),
  }
}
