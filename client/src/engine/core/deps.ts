import type { BlobCipher, PassphraseCost, Primitives } from "@home/crypto"
import type { Clock, Dialer, Log, Random } from "@home/shared/base"

export interface CoreDeps {
  readonly indexedDb: IDBFactory
  /** Undefined where the browser does not say how much it grants. */
  readonly storage: StorageManager | undefined
  readonly clock: Clock
  readonly random: Random
  readonly primitives: Primitives
  readonly cipher: BlobCipher
  /** Of new passphrases. A vault that is there names its own. */
  readonly passphraseCost: PassphraseCost
  readonly dialer: Dialer
  readonly log: Log
  /** Automerge's wasm: without it no document is made or opened. */
  readonly automerge: Promise<unknown>
}
