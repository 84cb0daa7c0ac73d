import type { CircleId, DeviceId, DocumentId, GroupId, MemberId, OperationId } from "../base/index.js"
import { cutRulesOf } from "./cut-rules.js"
import type { RecoveryKeys } from "./operation.js"
import { compareSeniority } from "./rank.js"
import type {
  Circle,
  CutRule,
  Device,
  DocumentPolicy,
  GroupState,
  Member,
  Move,
  Rebase,
  RecoveryGrant,
  TakingRecord,
} from "./state.js"

/** A state while operations are applied to it. Its maps are its own; the values in them are shared and immutable. */
export interface Draft {
  readonly group: GroupId
  readonly kind: "family" | "share"
  readonly voucher: GroupState["voucher"]
  readonly everyone: CircleId
  readonly members: Map<MemberId, Member>
  readonly devices: Map<DeviceId, Device>
  readonly circles: Map<CircleId, Circle>
  readonly docPolicies: Map<DocumentId, readonly DocumentPolicy[]>
  readonly rebases: Map<DocumentId, readonly Rebase[]>
  readonly moves: Map<DocumentId, readonly Move[]>
  readonly arrivals: Map<DocumentId, readonly Move[]>
  readonly removed: Set<MemberId | DeviceId>
  readonly void: ReadonlySet<OperationId>
  recoveryGrants: readonly RecoveryGrant[]
  takings: readonly TakingRecord[]
}

export const draftOf = (state: GroupState, voids: ReadonlySet<OperationId>): Draft => ({
  group: state.group,
  kind: state.kind,
  voucher: state.voucher,
  everyone: state.everyone,
  members: new Map(state.members),
  devices: new Map(state.devices),
  circles: new Map(state.circles),
  docPolicies: new Map(state.docPolicies),
  rebases: new Map(state.rebases),
  moves: new Map(state.moves),
  arrivals: new Map(state.arrivals),
  removed: new Set(state.removed),
  void: voids,
  recoveryGrants: state.recoveryGrants,
  takings: state.takings,
})

/** The live person of the highest rank; in a group without any, its first member. */
const founderOf = (members: ReadonlyMap<MemberId, Member>): MemberId => {
  let founder: Member | undefined
  for (const member of members.values()) {
    if (!member.live || member.kind === "box") continue
    if (founder === undefined || compareSeniority(member.seniority, founder.seniority) < 0) founder = member
  }
  return (founder ?? [...members.values()][0])?.id ?? ("" as MemberId)
}

const recoveryOf = (grants: readonly RecoveryGrant[]): RecoveryKeys => {
  const grant = grants[0]
  if (grant === undefined) throw new Error("a group always has a recovery key")
  return grant.keys
}

export const finish = (draft: Draft): GroupState => {
  let cutRules: readonly CutRule[] | undefined
  return {
    ...draft,
    founder: founderOf(draft.members),
    recovery: recoveryOf(draft.recoveryGrants),
    get cutRules() {
      return (cutRules ??= cutRulesOf(draft))
    },
  }
}
