import {
  type BundleHash,
  type CircleId,
  type DeviceId,
  type EpochId,
  type FeedId,
  type MemberId,
  type Random,
  bytesToHex,
} from "../base/index.js"
import {
  type Cut,
  type GroupState,
  type KeyWrap,
  type OperationBody,
  type RecoveryKeys,
  type Rekey,
  type Taking,
  deadDevicesInReach,
  liveDevicesOf,
} from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { GroupSession } from "./group-session.js"
import { wrapContext } from "./keyring.js"

/** The membership operations that this device writes: with the keys, wraps and cuts that they must carry. */
export interface Author {
  /** A new epoch of one circle, without the devices that `without` names. */
  rekey(circle: CircleId, without?: ReadonlySet<DeviceId>): Rekey
  /** The rekey that shuts out dead devices, or heals several heads; with the cuts that it must bring. */
  rekeyBody(circle: CircleId): Promise<OperationBody>
  /** Wraps of the circle's heads for devices that lack them. */
  wraps(wanted: readonly { readonly circle: CircleId; readonly epoch: EpochId; readonly device: DeviceId }[]): readonly KeyWrap[]
  /** Wraps for a device that is not in the log yet: of every head of the circles given. */
  wrapsFor(device: DeviceId, wrapKey: Uint8Array, circles: readonly CircleId[]): readonly KeyWrap[]
  removeMember(member: MemberId): Promise<OperationBody>
  removeDevice(device: DeviceId): Promise<OperationBody>
  /** Cuts and rekeys against some devices, in the circles that this device reads and they are in. */
  taking(devices: readonly DeviceId[], rekeys: boolean): Promise<Taking>
}

/** The circles whose content this device can read and seal. */
export const circlesReadBy = (state: GroupState, device: DeviceId): readonly CircleId[] =>
  [...state.circles.keys()].filter(circle => liveDevicesOf(state, circle).includes(device))

export const wrapKeyFor = (
  sealer: Sealer,
  circle: CircleId,
  key: Uint8Array,
  to: { readonly id: DeviceId | "recovery"; readonly wrapKey: Uint8Array },
): KeyWrap => {
  const epoch = bytesToHex(sealer.commitment(key)) as EpochId
  return { circle, epoch, to: to.id, sealed: sealer.wrapKey(to.wrapKey, wrapContext(epoch), key) }
}

/** The first epoch of a circle that does not exist yet. */
export const firstRekey = (
  sealer: Sealer,
  circle: CircleId,
  key: Uint8Array,
  readers: readonly { readonly id: DeviceId; readonly wrapKey: Uint8Array }[],
  recovery: RecoveryKeys,
): Rekey => {
  const epoch = bytesToHex(sealer.commitment(key)) as EpochId
  const wraps = [...readers, { id: "recovery" as const, wrapKey: recovery.wrap }]
  return {
    circle,
    epoch,
    tag: bytesToHex(sealer.epochTag(key)),
    replaces: [],
    wraps: wraps.map(to => wrapKeyFor(sealer, circle, key, to)),
    earlier: sealer.sealUnder("earlier keys", key, wrapContext(epoch), new Uint8Array(2)),
  }
}

export const createAuthor = (deps: {
  readonly sealer: Sealer
  readonly random: Random
  readonly session: GroupSession
  readonly archive: Archive
  readonly device: DeviceId
  /** Which feeds a device has in a circle, from the certificates seen. */
  readonly feedsOf: (device: DeviceId, circle: CircleId) => Promise<readonly FeedId[]>
}): Author => {
  const { sealer, session, archive } = deps

  const rekey = (circle: CircleId, without: ReadonlySet<DeviceId> = new Set()): Rekey => {
    const state = session.state()
    const key = deps.random.bytes(32)
    const epoch = bytesToHex(sealer.commitment(key)) as EpochId
    const readers = liveDevicesOf(state, circle).filter(device => !without.has(device))
    const wraps: KeyWrap[] = []
    for (const reader of readers) {
      const wrapKey = state.devices.get(reader)?.keys.wrap
      if (wrapKey !== undefined) wraps.push(wrapKeyFor(sealer, circle, key, { id: reader, wrapKey }))
    }
    wraps.push(wrapKeyFor(sealer, circle, key, { id: "recovery", wrapKey: state.recovery.wrap }))
    const earlier = session.keyring.sealEarlier(circle, key)
    return {
      circle,
      epoch,
      tag: bytesToHex(sealer.epochTag(key)),
      replaces: [...(state.circles.get(circle)?.heads ?? [])],
      wraps,
      earlier,
    }
  }

  const cutsOf = async (devices: readonly DeviceId[], circles: readonly CircleId[]): Promise<readonly Cut[]> => {
    const cuts: Cut[] = []
    for (const device of devices) {
      for (const circle of circles) {
        for (const feed of await deps.feedsOf(device, circle)) {
          const position = await archive.position(feed)
          if (position?.hash === undefined) continue
          const variants = await archive.read(feed, position.contiguousSeq, 1)
          const heads = variants
            .filter(variant => variant.bundle.seq === position.contiguousSeq)
            .map(variant => ({ seq: position.contiguousSeq, hash: variant.hash as BundleHash }))
          cuts.push({ feed, heads })
        }
      }
    }
    return cuts
  }

  const taking = async (devices: readonly DeviceId[], rekeys: boolean): Promise<Taking> => {
    const state = session.state()
    const circles = circlesReadBy(state, deps.device).filter(circle => {
      const readers = liveDevicesOf(state, circle)
      return devices.some(device => readers.includes(device) || deadDevicesInReach(state, circle).has(device))
    })
    const without = new Set(devices)
    return {
      circles,
      cuts: await cutsOf(devices, circles),
      rekeys: rekeys ? circles.map(circle => rekey(circle, without)) : [],
    }
  }

  const headKeys = (circle: CircleId): readonly Uint8Array[] =>
    (session.state().circles.get(circle)?.heads ?? [])
      .map(head => session.keyring.epochKey(head))
      .filter(key => key !== undefined)

  return {
    rekey,
    taking,
    rekeyBody: async circle => {
      const dead = [...deadDevicesInReach(session.state(), circle)]
      return { type: "rekey", rekey: rekey(circle), cuts: await cutsOf(dead, [circle]) }
    },
    wraps: wanted => {
      const wraps: KeyWrap[] = []
      for (const { circle, epoch, device } of wanted) {
        const key = session.keyring.epochKey(epoch)
        const wrapKey = session.state().devices.get(device)?.keys.wrap
        if (key !== undefined && wrapKey !== undefined) {
          wraps.push(wrapKeyFor(sealer, circle, key, { id: device, wrapKey }))
        }
      }
      return wraps
    },
    wrapsFor: (device, wrapKey, circles) =>
      circles.flatMap(circle => headKeys(circle).map(key => wrapKeyFor(sealer, circle, key, { id: device, wrapKey }))),
    removeMember: async member => {
      const devices = [...session.state().devices.values()].filter(device => device.member === member && device.live)
      return { type: "removeMember", member, taking: await taking(devices.map(({ id }) => id), true) }
    },
    removeDevice: async device => ({ type: "removeDevice", device, taking: await taking([device], true) }),
  }
}
