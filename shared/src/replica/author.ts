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
  type Change,
  type Cut,
  type GroupState,
  type KeyWrap,
  type OperationBody,
  type RecoveryKeys,
  type Rekey,
  type RekeyPlan,
  type Role,
  type Taking,
  deadDevicesInReach,
  liveDevicesOf,
  losersOf,
  nothingTaken,
  operationLimits,
  rekeyPlans,
} from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { GroupSession } from "./group-session.js"
import { type CircleAuthor, createCircleAuthor } from "./circle-author.js"
import { epochsForNewcomer } from "./history-keys.js"
import { type Keyring, wrapContext } from "./keyring.js"

/** The membership operations that this device writes: with the keys, wraps and cuts that they must carry. */
export interface Author extends CircleAuthor {
  /**
   * The rekey that shuts out dead devices, or heals several heads; with the cuts that it must bring. `undefined`:
   * this device does not read the circle.
   */
  rekeyBody(circle: CircleId): Promise<OperationBody | undefined>
  /** Wraps of epochs for devices that lack them. */
  wraps(
    wanted: readonly { readonly circle: CircleId; readonly epoch: EpochId; readonly device: DeviceId }[],
  ): readonly KeyWrap[]
  /** Wraps for a device that is not in the log yet: of all that it needs to read the history of the circles given. */
  wrapsFor(device: DeviceId, wrapKey: Uint8Array, circles: readonly CircleId[]): readonly KeyWrap[]
  removeMember(member: MemberId): Promise<OperationBody>
  removeDevice(device: DeviceId): Promise<OperationBody>
  suspend(device: DeviceId): Promise<OperationBody>
  setRole(member: MemberId, role: Role): Promise<OperationBody>
  /** Every circle that is read here gets a key that the new recovery key opens. */
  setRecovery(recovery: RecoveryKeys): Promise<OperationBody>
  /** The cuts and rekeys that a change must carry, in the circles that this device reads. */
  taking(change: Change): Promise<Taking>
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

/** The same of each epoch that is held here. */
export const wrapsOfEpochs = (
  sealer: Sealer,
  keyring: Keyring,
  circle: CircleId,
  epochs: readonly EpochId[],
  to: Parameters<typeof wrapKeyFor>[3],
): readonly KeyWrap[] =>
  epochs.flatMap(epoch => {
    const key = keyring.epochKey(epoch)
    return key === undefined ? [] : [wrapKeyFor(sealer, circle, key, to)]
  })

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
  readonly device: DeviceId | "recovery"
  /** Which feeds a device has in a circle, from the certificates seen. */
  readonly feedsOf: (device: DeviceId, circle: CircleId) => Promise<readonly FeedId[]>
}): Author => {
  const { sealer, session, archive } = deps

  /** A new epoch with exactly the wraps that the log asks for. */
  const rekeyOf = (
    { circle, replaces, to }: RekeyPlan,
    recoveryWrap: Uint8Array = session.state().recovery.wrap,
  ): Rekey => {
    const state = session.state()
    const key = deps.random.bytes(32)
    const wraps: KeyWrap[] = []
    for (const id of to) {
      const wrapKey = id === "recovery" ? recoveryWrap : state.devices.get(id)?.keys.wrap
      if (wrapKey !== undefined) wraps.push(wrapKeyFor(sealer, circle, key, { id, wrapKey }))
    }
    return {
      circle,
      epoch: bytesToHex(sealer.commitment(key)) as EpochId,
      tag: bytesToHex(sealer.epochTag(key)),
      replaces,
      wraps,
      earlier: session.keyring.sealEarlier(circle, key, replaces),
    }
  }

  const cutsOf = async (
    devices: readonly DeviceId[],
    circles: readonly CircleId[],
  ): Promise<readonly Cut[]> => {
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
    // A feed that is not named is cut off whole. Who has more feeds than a removal can name is removed all the same.
    const seqOf = ({ heads }: Cut): number => heads[0]?.seq ?? 0
    return cuts.sort((one, other) => seqOf(other) - seqOf(one)).slice(0, operationLimits.cuts)
  }

  /** Whose content a change cuts off: all devices of those who lose something by it. */
  const targetsOf = (state: GroupState, change: Change): readonly DeviceId[] => {
    const devicesOf = (members: readonly MemberId[]): readonly DeviceId[] =>
      [...state.devices.values()].filter(({ member }) => members.includes(member)).map(({ id }) => id)
    switch (change.type) {
      case "removeDevice":
      case "suspend":
        return [change.device]
      case "removeMember":
      case "setRole":
        return devicesOf([change.member])
      case "circle":
        return devicesOf(change.remove)
      case "docPolicy":
        return devicesOf(losersOf(state, change))
      case "rekey":
      case "setRecovery":
        return []
    }
  }

  const taking = async (change: Change): Promise<Taking> => {
    const state = session.state()
    const plans = rekeyPlans(state, deps.device, change)
    if (plans.length === 0) return nothingTaken
    const circles = plans.map(({ circle }) => circle)
    return {
      circles,
      cuts: await cutsOf(targetsOf(state, change), circles),
      rekeys: plans.map(plan => rekeyOf(plan)),
    }
  }

  const wrapsFor: Author["wrapsFor"] = (device, wrapKey, circles) =>
    circles.flatMap(id => {
      const circle = session.state().circles.get(id)
      const epochs = circle === undefined ? [] : epochsForNewcomer(session.keyring, circle)
      return wrapsOfEpochs(sealer, session.keyring, id, epochs, { id: device, wrapKey })
    })

  return {
    ...createCircleAuthor({ ...deps, taking, wrapsFor }),
    taking,
    wrapsFor,
    rekeyBody: async circle => {
      const [plan] = rekeyPlans(session.state(), deps.device, { type: "rekey", circle })
      if (plan === undefined) return undefined
      const dead = [...deadDevicesInReach(session.state(), circle)]
      return { type: "rekey", rekey: rekeyOf(plan), cuts: await cutsOf(dead, [circle]) }
    },
    setRecovery: async recovery => {
      const state = session.state()
      const plans = rekeyPlans(state, deps.device, { type: "setRecovery" })
      const circles = plans.map(({ circle }) => circle)
      const dead = new Set(circles.flatMap(circle => [...deadDevicesInReach(state, circle)]))
      return {
        type: "setRecovery",
        recovery,
        rekeys: plans.map(plan => rekeyOf(plan, recovery.wrap)),
        cuts: await cutsOf([...dead], circles),
      }
    },
    wraps: wanted =>
      wanted.flatMap(({ circle, epoch, device }) => {
        const wrapKey = session.state().devices.get(device)?.keys.wrap
        if (wrapKey === undefined) return []
        return wrapsOfEpochs(sealer, session.keyring, circle, [epoch], { id: device, wrapKey })
      }),
    removeMember: async member => ({
      type: "removeMember",
      member,
      taking: await taking({ type: "removeMember", member }),
    }),
    removeDevice: async device => ({
      type: "removeDevice",
      device,
      taking: await taking({ type: "removeDevice", device }),
    }),
    suspend: async device => ({
      type: "suspend",
      device,
      taking: await taking({ type: "suspend", device }),
    }),
    setRole: async (member, role) => ({
      type: "setRole",
      member,
      role,
      taking: await taking({ type: "setRole", member, role }),
    }),
  }
}
