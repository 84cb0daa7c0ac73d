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
import { WrittenMap } from "./written-map.js"

/** A state while operations are applied to it. The values in its maps are shared and immutable. */
export interface Draft {
  readonly group: GroupId
  readonly kind: "family" | "share"
  readonly voucher: GroupState["voucher"]
  readonly everyone: CircleId
  readonly members: WrittenMap<MemberId, Member>
  readonly devices: WrittenMap<DeviceId, Device>
  readonly circles: WrittenMap<CircleId, Circle>
  readonly docPolicies: WrittenMap<DocumentId, readonly DocumentPolicy[]>
  readonly rebases: WrittenMap<DocumentId, readonly Rebase[]>
  readonly moves: WrittenMap<DocumentId, readonly Move[]>
  readonly arrivals: WrittenMap<DocumentId, readonly Move[]>
  removed: ReadonlySet<MemberId | DeviceId>
  readonly void: ReadonlySet<OperationId>
  recoveryGrants: readonly RecoveryGrant[]
  takings: readonly TakingRecord[]
  /** Those of them that were applied to this draft: only these may stand beside what comes next. */
  recorded: readonly TakingRecord[]
}

/** What of a state does not follow from the rest of it. */
export type KeptState = Omit<GroupState, "founder" | "recovery" | "cutRules">

export const draftOf = (state: KeptState, voids: ReadonlySet<OperationId>): Draft => ({
  group: state.group,
  kind: state.kind,
  voucher: state.voucher,
  everyone: state.everyone,
  members: new WrittenMap(state.members),
  devices: new WrittenMap(state.devices),
  circles: new WrittenMap(state.circles),
  docPolicies: new WrittenMap(state.docPolicies),
  rebases: new WrittenMap(state.rebases),
  moves: new WrittenMap(state.moves),
  arrivals: new WrittenMap(state.arrivals),
  removed: state.removed,
  void: voids,
  recoveryGrants: state.recoveryGrants,
  takings: state.takings,
  recorded: [],
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

export const keptOf = (state: GroupState): KeptState => ({
  group: state.group,
  kind: state.kind,
  voucher: state.voucher,
  everyone: state.everyone,
  members: state.members,
  devices: state.devices,
  circles: state.circles,
  docPolicies: state.docPolicies,
  rebases: state.rebases,
  moves: state.moves,
  arrivals: state.arrivals,
  removed: state.removed,
  void: state.void,
  recoveryGrants: state.recoveryGrants,
  takings: state.takings,
})

export const finish = (draft: Draft): GroupState => {
  let cutRules: readonly CutRule[] | undefined
  const { group, kind, voucher, everyone, removed, takings, recoveryGrants } = draft
  const members = draft.members.map()
  const devices = draft.devices.map()
  return {
    group,
    kind,
    voucher,
    everyone,
    members,
    devices,
    circles: draft.circles.map(),
    docPolicies: draft.docPolicies.map(),
    rebases: draft.rebases.map(),
    moves: draft.moves.map(),
    arrivals: draft.arrivals.map(),
    removed,
    void: draft.void,
    recoveryGrants,
    takings,
    founder: founderOf(members),
    recovery: recoveryOf(recoveryGrants),
    get cutRules() {
      return (cutRules ??= cutRulesOf({ takings, devices }))
    },
  }
}
