import type { CircleId, DeviceId, EpochId } from "../base/index.js"
import { bytesToHex } from "../base/index.js"
import type { Author } from "./operation.js"
import { type Rank, compareRank, recoveryRank } from "./rank.js"
import type { Circle, Device, GroupState } from "./state.js"

const noDevices: ReadonlySet<DeviceId> = new Set()

/** The rank of an author; `undefined` for a device that was never admitted. */
export const rankOf = (state: GroupState, author: Author): Rank | undefined => {
  if (author === "recovery") return recoveryRank
  const device = state.devices.get(author)
  const member = device && state.members.get(device.member)
  return device && member && { type: "Device", member: member.seniority, device: device.seniority }
}

/** Whether a device may hold the circle's key: live, not suspended, and its member is listed and live. */
export const isReader = (circle: Circle, device: Device): boolean =>
  device.live && !device.suspended && circle.members.has(device.member)

/** Who must hold a wrap of the circle's key, highest rank first. */
export const liveDevicesOf = (state: GroupState, circle: CircleId): readonly DeviceId[] => {
  const found = state.circles.get(circle)
  if (found === undefined) return []
  return [...state.devices.values()]
    .filter(device => isReader(found, device))
    .sort((a, b) => compareRank(rankOf(state, a.id) ?? recoveryRank, rankOf(state, b.id) ?? recoveryRank))
    .map(device => device.id)
}

/** Devices that hold a key which may seal, and may not: the reason to rekey before sealing. */
export const deadDevicesInReach = (state: GroupState, circle: CircleId): ReadonlySet<DeviceId> => {
  const found = state.circles.get(circle)
  if (found === undefined) return noDevices
  const live = new Set(liveDevicesOf(state, circle))
  const dead = new Set<DeviceId>()
  for (const head of found.heads) {
    for (const holder of found.epochs.get(head)?.holders ?? noDevices) if (!live.has(holder)) dead.add(holder)
  }
  return dead
}

const reachesOldRecovery = (state: GroupState, circle: Circle): boolean => {
  const current = bytesToHex(state.recovery.wrap)
  return circle.heads.some(head => circle.epochs.get(head)?.recovery !== current)
}

/**
 * Why the circle wants a new epoch. "dead device": a key that may seal is held by a device that may not read (or
 * by a recovery key that was replaced), so nobody seals before a rekey. "several heads": seal under all of them
 * combined, and let `whoHealsFirst` rekey.
 */
export const needsRekey = (
  state: GroupState,
  circle: CircleId,
): "dead device" | "several heads" | undefined => {
  const found = state.circles.get(circle)
  if (found === undefined) return undefined
  if (found.heads.length === 0) return "dead device"
  if (deadDevicesInReach(state, circle).size > 0 || reachesOldRecovery(state, found)) return "dead device"
  return found.heads.length > 1 ? "several heads" : undefined
}

/** Readers that lack the key of one of the heads; any holder wraps it for them. */
export const missingWraps = (
  state: GroupState,
  circle: CircleId,
): readonly { readonly device: DeviceId; readonly epoch: EpochId }[] => {
  const found = state.circles.get(circle)
  if (found === undefined) return []
  return liveDevicesOf(state, circle).flatMap(device =>
    found.heads
      .filter(head => !found.epochs.get(head)?.holders.has(device))
      .map(epoch => ({ device, epoch })),
  )
}

/** The devices that may rekey, in the order in which they should try: the first at once, the others later. */
export const whoHealsFirst = (state: GroupState, circle: CircleId): readonly DeviceId[] =>
  liveDevicesOf(state, circle).filter(id => {
    const member = state.devices.get(id)?.member
    if (id === state.voucher?.device) return false
    return member !== undefined && state.members.get(member)?.kind === "person"
  })
