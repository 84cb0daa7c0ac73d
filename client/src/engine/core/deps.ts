import type { BlobCipher, Primitives } from "@home/crypto"
import type { Clock, Dialer, Log, Random } from "@home/shared/base"

export interface CoreDeps {
  readonly indexedDb: IDBFactory
  /** Undefined where the browser does not say how much it grants. */
  readonly storage: StorageManager | undefined
  readonly clock: Clock
  readonly random: Random
  readonly primitives: Primitives
  readonly cipher: BlobCipher
  readonly dialer: Dialer
  readonly log: Log
}
