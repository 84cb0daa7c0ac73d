import { type OperationId, type Result, bytesToHex, err, ok } from "../base/index.js"
import type { Basis } from "./causality.js"
import { recoveryRank } from "./rank.js"
import { rankOf } from "./readers.js"
import type { Refusal } from "./refusal.js"
import { readsCircle } from "./rekey-plan.js"
import {
  type Judgement,
  type Requirements,
  type Setting,
  isRefusal,
  judgeAddDevice,
  judgeAddMember,
  judgeCircle,
  judgeDocPolicy,
  judgeMove,
  judgeRebase,
  judgeRekey,
  judgeRemoveDevice,
  judgeRemoveMember,
  judgeResume,
  judgeSetRecovery,
  judgeSetRole,
  judgeSuspend,
  judgeWrap,
  judgeYield,
} from "./requirements.js"
import { roleAtLeast } from "./roles.js"
import { isByVoucher, isKnownToShare } from "./share-rules.js"

const judge = (setting: Setting): Judgement => {
  const { body } = setting.operation
  switch (body.type) {
    case "genesis":
      return { type: "GenesisInvalid" }
    case "addMember":
      return judgeAddMember(setting, body)
    case "addDevice":
      return judgeAddDevice(setting, body)
    case "removeMember":
      return judgeRemoveMember(setting, body)
    case "removeDevice":
      return judgeRemoveDevice(setting, body)
    case "setRole":
      return judgeSetRole(setting, body)
    case "yield":
      return judgeYield(setting, body)
    case "suspend":
      return judgeSuspend(setting, body)
    case "resume":
      return judgeResume(setting, body)
    case "circle":
      return judgeCircle(setting, body)
    case "rekey":
      return judgeRekey(setting, body)
    case "wrap":
      return judgeWrap(setting, body)
    case "setRecovery":
      return judgeSetRecovery(setting, body)
    case "docPolicy":
      return judgeDocPolicy(setting, body)
    case "rebase":
      return judgeRebase(setting, body)
    case "move":
      return judgeMove(setting, body)
    case "deleteDocument":
      return { type: "NotYet", operation: body.type }
  }
}

/**
 * What the author's authority comes from: void one of these, and the operation is void. A removal does not rest on
 * the listings in the circles that it rekeys: else whoever listed a senior could have the senior's removals undone.
 */
const reliedOn = ({ state, author }: Setting, requirements: Requirements): readonly OperationId[] => {
  const { needs, ranked = false, reads = [] } = requirements
  if (author === undefined) return state.recoveryGrants.slice(0, 1).map(grant => grant.operation)
  const { device, member } = author
  const relied = [device.admittedBy, member.admittedBy]
  const roleGrant = member.roleGrants[0]
  if (needs !== "guest" && roleGrant !== undefined) relied.push(roleGrant.operation)
  if (ranked) relied.push(...device.seniorityGrants, ...member.seniorityGrants)
  for (const circle of reads)
    relied.push(...(state.circles.get(circle)?.listings.get(member.id)?.slice(0, 1) ?? []))
  return [...new Set(relied)]
}

/**
 * Local validity: whether an operation is permitted by its own ancestors (whose state is given), and what it rests
 * on. Depends on nothing else, so every device comes to the same answer, whatever it learns later.
 */
export const checkOperation = (setting: Setting): Result<Basis, Refusal> => {
  const { state, author, operation } = setting
  if (operation.author !== "recovery" && author === undefined) return err({ type: "AuthorNotLive" })
  if (author !== undefined && (!author.device.live || author.member.kind === "box"))
    return err({ type: "AuthorNotLive" })
  if (!isKnownToShare(state, operation)) return err({ type: "RoleTooLow" })
  const judged = judge(setting)
  if (isRefusal(judged)) return err(judged)
  // The other side of a share lets its devices in and out whatever role they share.
  const judgement = isByVoucher(state, operation) ? { ...judged, needs: "guest" as const } : judged
  if (author !== undefined && !roleAtLeast(author.member.role, judgement.needs))
    return err({ type: "RoleTooLow" })
  for (const id of judgement.reads ?? []) {
    const circle = state.circles.get(id)
    if (circle !== undefined && !readsCircle(state, operation.author, circle)) {
      return err({ type: "CircleNotRead", circle: id })
    }
  }
  const { body } = operation
  const recovery = body.type === "setRecovery" ? body.recovery : state.recovery
  return ok({
    member: author?.member.id,
    rank: rankOf(state, operation.author) ?? recoveryRank,
    needs: judgement.needs,
    relies: reliedOn(setting, judgement),
    losers: judgement.losers ?? [],
    recovery: bytesToHex(recovery.wrap),
  })
}
