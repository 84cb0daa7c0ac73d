import type { IncarnationId, Log } from "@home/shared/base"
import {
  type DeviceIdentity,
  type Replica,
  type RoomSync,
  createReceipts,
  createRoomSync,
  createSignals,
  openReplica,
} from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import type { Chance } from "./chance.js"
import type { SimulationClock } from "./clock.js"
import { type Life, type Profile, mortalArchive, mortalStore } from "./mortal.js"
import { type SimulatedRelay, relayOrigin } from "./relay.js"

/** A running process of a device. */
export interface Running {
  readonly life: Life
  readonly replica: Replica
  sync: RoomSync | undefined
}

export interface SimulatedDevice {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly logKey: Uint8Array
  readonly isKeeper: boolean
  profile: Profile
  incarnation: IncarnationId
  running: Running | undefined
  /** Wants the relay. */
  isOnline: boolean
  /** Never comes back. */
  isLost: boolean
  /** Does what it should not: removed, or cheating. Its own documents prove nothing. */
  isRogue: boolean
  /** Old copies of its disk. */
  readonly backups: { readonly profile: Profile; readonly incarnation: IncarnationId }[]
}

export interface DeviceDeps {
  readonly sealer: Sealer
  readonly chance: Chance
  readonly clock: SimulationClock
  readonly relay: SimulatedRelay | undefined
  readonly log: Log
}

export const openDevice = async (deps: DeviceDeps, device: SimulatedDevice, life: Life): Promise<Running> => {
  const replica = await openReplica(
    {
      sealer: deps.sealer,
      random: deps.chance,
      clock: deps.clock,
      log: deps.log,
      store: mortalStore(device.profile.disk, life),
      archive: mortalArchive(device.profile.archive, life),
    },
    {
      identity: device.identity,
      logKey: device.logKey,
      incarnation: device.incarnation,
      isKeeper: device.isKeeper,
      slot: 0,
    },
  )
  return { life, replica, sync: undefined }
}

/** Dials the relay, or stops doing so. */
export const setOnline = (deps: DeviceDeps, device: SimulatedDevice, isOnline: boolean): void => {
  device.isOnline = isOnline
  const { running } = device
  if (running === undefined || deps.relay === undefined) return
  if (!isOnline) {
    running.sync?.close()
    running.sync = undefined
    return
  }
  if (running.sync !== undefined) return
  const { replica, life } = running
  const { identity, isKeeper } = device
  const { session } = replica
  const { sealer, clock } = deps
  const store = mortalStore(device.profile.disk, life)
  running.sync = createRoomSync(
    {
      replica,
      sealer,
      identity,
      store,
      clock,
      random: deps.chance,
      log: deps.log,
      dialer: deps.relay.dialer,
      signals: createSignals({ sealer, session, identity, clock }),
      receipts: createReceipts({ store, replica, clock, isKeeper }),
    },
    { url: relayOrigin, origin: relayOrigin, isKeeper },
  )
}
