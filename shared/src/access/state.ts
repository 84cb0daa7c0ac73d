import type {
  ChangeHash,
  CircleId,
  DeviceId,
  DocumentId,
  EpochId,
  GroupId,
  MemberId,
  OperationId,
} from "../base/index.js"
import type { LayeredMap } from "./layered-map.js"
import type { Cut, DeviceKeys, MemberKind, RecoveryKeys, Rekey, Role } from "./operation.js"
import type { Rank, Seniority } from "./rank.js"

export interface Member {
  readonly id: MemberId
  readonly kind: MemberKind
  readonly role: Role
  /** Admitted and not removed. */
  readonly live: boolean
  /** By which members are ordered; a yield swaps it. */
  readonly seniority: Seniority
  readonly admittedBy: OperationId
  /** As the admission says; see `expiry`. */
  readonly expiresMs: number | undefined
  /** The last operations that gave the role (concurrent ones stand side by side): the first one counts. */
  readonly roleGrants: readonly RoleGrant[]
  /** The yields that this member's seniority came by. */
  readonly seniorityGrants: readonly OperationId[]
}

export interface RoleGrant {
  readonly operation: OperationId
  readonly role: Role
  readonly rank: Rank
}

export interface RecoveryGrant {
  readonly operation: OperationId
  readonly keys: RecoveryKeys
  readonly rank: Rank
}

export interface Device {
  readonly id: DeviceId
  readonly member: MemberId
  readonly keys: DeviceKeys
  /** Admitted, not removed, and its member is live. */
  readonly live: boolean
  readonly suspended: boolean
  /** By which the devices of one member are ordered. */
  readonly seniority: Seniority
  readonly admittedBy: OperationId
  readonly seniorityGrants: readonly OperationId[]
  /** Suspensions that nobody has lifted. */
  readonly suspensions: readonly { readonly operation: OperationId; readonly rank: Rank }[]
}

export interface Epoch {
  readonly id: EpochId
  readonly tag: string
  readonly rekey: Rekey
  readonly operation: OperationId
  /** False when the rekey's operation is void: the key still opens, and never seals. */
  readonly live: boolean
  /** Everyone to whom any operation, void or not, gave this key. */
  readonly holders: ReadonlySet<DeviceId>
  /** The recovery key it was wrapped to (hex of its wrap key). */
  readonly recovery: string
}

export interface Circle {
  readonly id: CircleId
  readonly everyone: boolean
  /** Listed and live members. */
  readonly members: ReadonlySet<MemberId>
  /** Live epochs that no live epoch replaces, ascending: those that may seal. */
  readonly heads: readonly EpochId[]
  readonly epochs: LayeredMap<EpochId, Epoch>
  /** Which operations listed whom: a listing counts unless a removal has not seen it. */
  readonly listings: ReadonlyMap<MemberId, readonly OperationId[]>
  readonly unlistings: ReadonlyMap<MemberId, readonly OperationId[]>
}

export interface DocumentPolicy {
  readonly document: DocumentId
  readonly circle: CircleId
  readonly usersWrite: boolean
  readonly invited: ReadonlySet<MemberId>
  readonly operation: OperationId
  readonly rank: Rank
}

export interface Rebase {
  readonly document: DocumentId
  readonly circle: CircleId
  readonly to: DocumentId
  readonly frontier: readonly ChangeHash[]
  readonly operation: OperationId
  readonly rank: Rank
}

/** A document went to another circle, where it goes on as another document. */
export interface Move {
  readonly document: DocumentId
  readonly circle: CircleId
  readonly to: DocumentId
  readonly toCircle: CircleId
  readonly frontier: readonly ChangeHash[]
  readonly operation: OperationId
  readonly rank: Rank
}

/** A live operation that takes rights, as the fold remembers it; `cutRules` spells it out per device and circle. */
export interface TakingRecord {
  readonly operation: OperationId
  readonly effect: "removal" | "demotion" | "suspension" | "policy"
  readonly target:
    | { readonly type: "Members"; readonly members: readonly MemberId[] }
    | { readonly type: "Device"; readonly device: DeviceId }
  readonly circles: readonly CircleId[]
  readonly cuts: readonly Cut[]
  readonly rank: Rank
  /** Takings that neither precede nor follow this one, as far as they were folded before it. */
  readonly concurrent: ReadonlySet<OperationId>
}

/**
 * One normalised rule: content of `device` in `circle` counts only inside `cuts`; beyond it the effective heads
 * include `operation`. A feed that is not listed counts for nothing.
 */
export interface CutRule {
  readonly operation: OperationId
  readonly device: DeviceId
  readonly circle: CircleId
  readonly cuts: readonly Cut[]
}

/** What a set of operations comes to. Immutable; a pure function of the set. */
export interface GroupState {
  readonly group: GroupId
  readonly kind: "family" | "share"
  /** The member with the highest rank. */
  readonly founder: MemberId
  /** Of a share: the other side's member, and the device that stands for its contact key. */
  readonly voucher: { readonly member: MemberId; readonly device: DeviceId } | undefined
  readonly everyone: CircleId
  /** Admitted ones, the removed included; an admission that is void admits nobody. */
  readonly members: ReadonlyMap<MemberId, Member>
  readonly devices: ReadonlyMap<DeviceId, Device>
  readonly circles: ReadonlyMap<CircleId, Circle>
  readonly recovery: RecoveryKeys
  /** The operations that the recovery keys come from. Concurrent ones stand side by side: the first one counts. */
  readonly recoveryGrants: readonly RecoveryGrant[]
  /** Removed by a live operation, whatever admission may still turn up. */
  readonly removed: ReadonlySet<MemberId | DeviceId>
  /** Concurrent ones stand side by side: the first one counts. */
  readonly docPolicies: ReadonlyMap<DocumentId, readonly DocumentPolicy[]>
  readonly rebases: ReadonlyMap<DocumentId, readonly Rebase[]>
  /** By the old document. The first one says where it is now; concurrent ones to elsewhere left copies there. */
  readonly moves: ReadonlyMap<DocumentId, readonly Move[]>
  /** All of them by the new document: it may hold what any of these names. */
  readonly arrivals: ReadonlyMap<DocumentId, readonly Move[]>
  readonly takings: readonly TakingRecord[]
  /** Operations of the set that change nothing: their author was sealed off, or what they rest on is void. */
  readonly void: ReadonlySet<OperationId>
  readonly cutRules: readonly CutRule[]
}
