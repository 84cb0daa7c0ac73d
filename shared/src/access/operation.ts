import type { BundleHash, CircleId, DeviceId, DocumentId, EpochId, FeedId, GroupId, MemberId, OperationId } from "../base/index.js"

export type Role = "admin" | "editor" | "user" | "guest"

/** The three public keys of a device, 32 bytes each: one key, one purpose. */
export interface DeviceKeys {
  readonly signing: Uint8Array
  readonly wrap: Uint8Array
  readonly link: Uint8Array
}

/** Public halves of what the recovery phrase yields, 32 bytes each. */
export interface RecoveryKeys {
  readonly signing: Uint8Array
  readonly wrap: Uint8Array
}

/** An epoch key sealed to one device (or to the recovery key) with HPKE. It opens all earlier keys as well. */
export interface KeyWrap {
  readonly circle: CircleId
  readonly epoch: EpochId
  readonly to: DeviceId | "recovery"
  readonly sealed: Uint8Array
}

/** A new epoch of a circle. */
export interface Rekey {
  readonly circle: CircleId
  readonly epoch: EpochId
  /** Hex of the 8 bytes that name the key in bundle headers. */
  readonly tag: string
  /** The epoch heads that it replaces. */
  readonly replaces: readonly EpochId[]
  readonly wraps: readonly KeyWrap[]
  /** Every earlier key that the author holds, sealed under the new one. */
  readonly earlier: Uint8Array
}

/** Up to where a feed of the target counts: reachable over `prev` from one of the heads. A feed not listed: nothing. */
export interface Cut {
  readonly feed: FeedId
  readonly heads: readonly { readonly seq: number; readonly hash: BundleHash }[]
}

/** What an operation that takes rights carries. `circles`: those that its author could read; only there do the cuts bind. */
export interface Taking {
  readonly circles: readonly CircleId[]
  readonly cuts: readonly Cut[]
  readonly rekeys: readonly Rekey[]
}

/** A device asks to be in: the signature (by the device's signing key) proves that it holds its keys. */
export interface DeviceAdmission {
  readonly keys: DeviceKeys
  readonly proof: Uint8Array
}
