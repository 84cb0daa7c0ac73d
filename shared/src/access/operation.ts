import type {
  BundleHash,
  ChangeHash,
  CircleId,
  DeviceId,
  DocumentId,
  EpochId,
  FeedId,
  GroupId,
  MemberId,
  OperationId,
} from "../base/index.js"

export type Role = "admin" | "editor" | "user" | "guest"

/** A person, or the box: the device of the family that stands at home and authors no operations. */
export type MemberKind = "person" | "box"

/** The domain-separated hash that the caller hands in (`Sealer["hash"]`): 32 bytes. */
export type Hash = (domain: string, ...parts: readonly Uint8Array[]) => Uint8Array

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

/**
 * The other side of a share: one member for the whole family, with the role of all its devices. Its contact key is its
 * first device, the voucher, which admits and removes that side's devices and does nothing else.
 */
export interface Voucher {
  readonly member: MemberId
  /** Never admin. */
  readonly role: Role
  /** Ed25519 and X25519 keys of the contact card, 32 bytes each. */
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

/** What an operation carries that takes nothing: a promotion, an invitation. */
export const nothingTaken: Taking = { circles: [], cuts: [], rekeys: [] }

/** A device asks to be in: the signature (by the device's signing key) proves that it holds its keys. */
export interface DeviceAdmission {
  readonly keys: DeviceKeys
  readonly proof: Uint8Array
}

export type OperationBody =
  | {
      readonly type: "genesis"
      readonly kind: "family" | "share"
      /** 16 random bytes: two families founded alike have different ids. */
      readonly nonce: Uint8Array
      readonly founder: MemberId
      readonly keys: DeviceKeys
      readonly recovery: RecoveryKeys
      /** Everyone's first epoch. The circle may be zeros, for the group's id is not known yet. */
      readonly rekey: Rekey
      /** In a share, and only there. */
      readonly voucher?: Voucher | undefined
    }
  | {
      readonly type: "addMember"
      readonly member: MemberId
      readonly kind: MemberKind
      readonly role: Role
      /** The circles that the newcomer is listed in. Everyone is one of them or not: a box outside it is blind. */
      readonly circles: readonly CircleId[]
      /** Of a guest: until when, by the clock of whoever asks (`expiry`). The fold carries it and never looks at it. */
      readonly expiresMs: number | undefined
      readonly device: DeviceAdmission
      readonly wraps: readonly KeyWrap[]
    }
  | {
      readonly type: "addDevice"
      readonly member: MemberId
      readonly device: DeviceAdmission
      readonly wraps: readonly KeyWrap[]
    }
  | { readonly type: "removeMember"; readonly member: MemberId; readonly taking: Taking }
  | { readonly type: "removeDevice"; readonly device: DeviceId; readonly taking: Taking }
  | {
      readonly type: "setRole"
      readonly member: MemberId
      readonly role: Role
      /** Full for a demotion, `nothingTaken` otherwise. */
      readonly taking: Taking
    }
  | { readonly type: "yield"; readonly to: YieldTarget }
  | { readonly type: "suspend"; readonly device: DeviceId; readonly taking: Taking }
  | { readonly type: "resume"; readonly device: DeviceId }
  | {
      readonly type: "circle"
      /** For a new circle: `circleIdOf(group, author, seq)`. */
      readonly circle: CircleId
      readonly add: readonly MemberId[]
      readonly remove: readonly MemberId[]
      readonly wraps: readonly KeyWrap[]
      /** A new circle and a removal carry a rekey; an addition `nothingTaken`. */
      readonly taking: Taking
    }
  | {
      readonly type: "rekey"
      readonly rekey: Rekey
      /** Feeds (in this circle) of the dead devices that this is the first rekey to exclude. */
      readonly cuts: readonly Cut[]
    }
  | { readonly type: "wrap"; readonly wraps: readonly KeyWrap[] }
  | {
      readonly type: "setRecovery"
      readonly recovery: RecoveryKeys
      readonly rekeys: readonly Rekey[]
      /** As in a rekey: of dead devices that these rekeys are the first to exclude. */
      readonly cuts: readonly Cut[]
    }
  | {
      readonly type: "docPolicy"
      readonly circle: CircleId
      readonly document: DocumentId
      /** Whether members of role user may write it. */
      readonly usersWrite: boolean
      /** Guests who may write it. */
      readonly invited: readonly MemberId[]
      /** Full when somebody loses the right to write, `nothingTaken` otherwise. */
      readonly taking: Taking
    }
  | {
      readonly type: "move"
      readonly circle: CircleId
      readonly document: DocumentId
      readonly toCircle: CircleId
      /** `documentIdOf` of the same area and `movedNameOf(document, toCircle)`: nothing that is there already. */
      readonly to: DocumentId
      /** The Automerge heads of what goes along, ascending, without fixed changes: that closure and nothing else. */
      readonly frontier: readonly ChangeHash[]
    }
  | {
      readonly type: "rebase"
      readonly circle: CircleId
      readonly document: DocumentId
      /** The Automerge heads of the old document that the new one starts from. */
      readonly frontier: readonly ChangeHash[]
      readonly to: DocumentId
    }
  | { readonly type: "deleteDocument"; readonly circle: CircleId; readonly document: DocumentId }

export type OperationType = OperationBody["type"]

/** To another device of the same member, or (by the member's highest device) to another member. */
export type YieldTarget =
  | { readonly type: "Device"; readonly device: DeviceId }
  | { readonly type: "Member"; readonly member: MemberId }

export type Author = DeviceId | "recovery"

export interface Operation {
  readonly id: OperationId
  readonly group: GroupId
  /** Ascending, at most `limits.groupHeads`; empty for the genesis only. */
  readonly parents: readonly OperationId[]
  readonly author: Author
  /** Counts the author's operations along its own history, from 1. */
  readonly seq: number
  readonly body: OperationBody
  /** As transmitted: the signed part, then the signature. Never serialised again. */
  readonly bytes: Uint8Array
  readonly signedPart: Uint8Array
  readonly signature: Uint8Array
}

export type UnsignedOperation = Omit<Operation, "id" | "bytes" | "signedPart" | "signature">

/** What an operation takes along that carries a taking; `undefined` for the other types. */
export const takingOf = (body: OperationBody): Taking | undefined =>
  "taking" in body ? body.taking : undefined

/** Every rekey inside an operation. */
export const rekeysOf = (body: OperationBody): readonly Rekey[] => {
  switch (body.type) {
    case "genesis":
    case "rekey":
      return [body.rekey]
    case "setRecovery":
      return body.rekeys
    default:
      return takingOf(body)?.rekeys ?? []
  }
}

/** Every cut inside an operation. */
export const cutsOf = (body: OperationBody): readonly Cut[] =>
  "cuts" in body ? body.cuts : (takingOf(body)?.cuts ?? [])

/** The wraps of existing epochs that an operation hands out (those of new epochs stand in their rekeys). */
export const wrapsOf = (body: OperationBody): readonly KeyWrap[] => ("wraps" in body ? body.wraps : [])

/** The device that an operation admits, with whose proof: `undefined` for the other types. */
export const admissionOf = (
  body: OperationBody,
): { readonly member: MemberId; readonly keys: DeviceKeys; readonly proof: Uint8Array } | undefined =>
  body.type === "addMember" || body.type === "addDevice"
    ? { member: body.member, keys: body.device.keys, proof: body.device.proof }
    : undefined
