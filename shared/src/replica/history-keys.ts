import type { CircleId, DeviceId, EpochId } from "../base/index.js"
import { type Circle, type GroupState, liveDevicesOf } from "../access/index.js"
import type { Keyring } from "./keyring.js"

// A rekey carries every earlier key, so that the newest opens all of the history. Where one became void beside
// others, or its author lacked a key himself, some epoch is left that no head opens.

/** Of `offered`, oldest first, the fewest that open together with `given` whatever all of them open. */
const fewest = (
  keyring: Keyring,
  given: readonly EpochId[],
  offered: readonly EpochId[],
): readonly EpochId[] => {
  const opened = new Set(keyring.openedBy(given))
  const found: EpochId[] = []
  for (const epoch of [...offered].reverse()) {
    if (opened.has(epoch)) continue
    found.push(epoch)
    for (const id of keyring.openedBy([epoch])) opened.add(id)
  }
  return found
}

/** The epochs whose keys open all of a circle's history, as far as it opens here: its heads, and what no head carries. */
export const epochsForNewcomer = (keyring: Keyring, circle: Circle): readonly EpochId[] => {
  const isHeld = (epoch: EpochId): boolean => keyring.epochKey(epoch) !== undefined
  const heads = circle.heads.filter(isHeld)
  return [...heads, ...fewest(keyring, heads, [...circle.epochs.keys()].filter(isHeld))]
}

/** Readers of a circle whose keys do not open all of the history that this device's open: who lacks which epochs. */
export const missingHistory = (
  state: GroupState,
  keyring: Keyring,
  circle: CircleId,
  own: DeviceId,
): readonly { readonly device: DeviceId; readonly epoch: EpochId }[] => {
  const found = state.circles.get(circle)
  if (found === undefined) return []
  const givenTo = (device: DeviceId): readonly EpochId[] =>
    [...found.epochs.values()].filter(({ holders }) => holders.has(device)).map(({ id }) => id)
  const offered = givenTo(own).filter(epoch => keyring.epochKey(epoch) !== undefined)
  // As a rule the heads open everything, and every reader holds them.
  if (fewest(keyring, found.heads, offered).length === 0) return []
  return liveDevicesOf(state, circle)
    .filter(device => device !== own)
    .flatMap(device => fewest(keyring, givenTo(device), offered).map(epoch => ({ device, epoch })))
}
