import type { ProfileContent } from "@home/crypto"
import type { Result, StoreChange } from "@home/shared/base"
import type { NetDeps } from "@home/shared/device"
import type { StoredBundle } from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import type { NotOpen, StorageFull } from "../port.js"
import type { Cells } from "./cells.js"
import type { CoreDeps } from "./deps.js"
import type { Family } from "./family.js"
import type { Locks } from "./locks.js"
import type { Company } from "./peers.js"
import type { Disk } from "./profile.js"
import type { Shares } from "./shares.js"

/** What came of founding, joining or recovering. */
export interface FirstContent {
  readonly content: ProfileContent
  readonly changes: readonly StoreChange[]
  readonly bundles?: readonly StoredBundle[]
}

/** What the calls work on. */
export interface Context {
  readonly deps: CoreDeps
  readonly sealer: Sealer
  readonly cells: Cells
  readonly net: NetDeps
  disk(): Disk
  locks(): Locks
  /** Undefined while it is locked or there is none. */
  family(): Family | undefined
  company(): Company | undefined
  /** Of the open family. */
  shares(): Shares | undefined
  /**
   * Writes a new profile and opens it. Only once `finish` has done its part is it a profile: what ends before that
   * leaves nothing.
   */
  adopt<E>(
    passphrase: string,
    first: FirstContent,
    finish: (family: Family) => Promise<Result<void, E>>,
  ): Promise<Result<Family, StorageFull | E>>
  open(masterKey: Uint8Array): Promise<Result<Family, { readonly type: "ProfileDamaged" }>>
  /** Forgets the keys. */
  shut(): Promise<void>
  /** Removes everything and begins anew. */
  erase(): Promise<void>
  /** What `state` tells of this device is looked up anew. */
  reshow(): Promise<void>
  /** The idle clock starts anew, with this many minutes from now on. */
  setAutoLock(minutes: number | undefined): Promise<void>
}

export const notOpen: NotOpen = { type: "NotOpen" }
