import type { CircleId, Clock, Dialer, Log, Random, Store } from "../base/index.js"
import type { Sealer } from "../wire/index.js"
import type { Blobs } from "./blobs.js"
import type { DeviceIdentity } from "./identity.js"
import type { Receipts } from "./receipts.js"
import type { Replica } from "./replica-port.js"
import type { RoomBlobs } from "./room-blobs.js"
import type { Signal, Signals } from "./signals.js"

export interface RoomSyncDeps {
  readonly replica: Replica
  readonly sealer: Sealer
  readonly identity: DeviceIdentity
  readonly store: Store
  readonly dialer: Dialer
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly signals: Signals
  readonly receipts: Receipts
  /** Chunks of files, where this device holds any. */
  readonly blobs?: Blobs | undefined
  /** What others cast: who is here, who is typing. Shown, never stored. */
  readonly onPresence?: (signal: Signal) => void
}

export interface RoomSyncOptions {
  readonly url: string
  readonly origin: string
  /** The box posts what reached it over links as well, so that nobody depends on the author. */
  readonly isKeeper: boolean
}

export interface RoomSync {
  /** The relay answers. */
  readonly isOnline: boolean
  readonly blobs: RoomBlobs | undefined
  /**
   * True once everything of this device is durable at the relay and everything there was taken in; false when
   * the relay cannot be reached. Ends with a receipt in every room that has moved.
   */
  settle(): Promise<boolean>
  /**
   * Tells those who listen right now that somebody is here or typing; nobody keeps it. False: nobody can be told.
   */
  castPresence(circle: CircleId, payload: Uint8Array): Promise<boolean>
  /** Something reached this store by another way: says so in its rooms. */
  announce(): void
  close(): void
}
