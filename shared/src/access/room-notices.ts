import type { CircleId, MemberId } from "../base/index.js"
import { type AccessAct, type AccessLine, accessLogOf } from "./access-log.js"
import type { GroupLog } from "./log.js"
import type { Hash } from "./operation.js"

/**
 * What counts of the access log and concerns whoever reads a circle: devices and people that came to read it or stopped,
 * and a new phrase, which reads everything. It is what a chat shows between its messages.
 */
export const roomNoticesOf = (
  log: Pick<GroupLog, "group" | "history" | "state">,
  hash: Hash,
  circle: CircleId,
): readonly AccessLine[] => {
  const { everyone, voucher } = log.state()
  const readers = new Set<MemberId>(circle === everyone && voucher !== undefined ? [voucher.member] : [])
  /** Takes in who reads the circle from then on, too. */
  const concerns = (act: AccessAct): boolean => {
    switch (act.type) {
      case "founded":
        if (circle === everyone) readers.add(act.member)
        return false
      case "memberAdmitted":
        if (act.circles.includes(circle)) readers.add(act.member)
        return readers.has(act.member)
      case "memberRemoved":
        return readers.delete(act.member)
      case "deviceAdmitted":
      case "deviceRemoved":
      case "deviceSuspended":
      case "deviceResumed":
        return readers.has(act.member)
      case "circleMade":
      case "circleJoined":
        if (act.circle !== circle) return false
        for (const member of act.members) readers.add(member)
        return true
      case "circleLeft":
        if (act.circle !== circle) return false
        for (const member of act.members) readers.delete(member)
        return true
      case "phraseReplaced":
        return true
      // They say who may do what, not who can read.
      case "roleGiven":
      case "memberFirst":
      case "deviceFirst":
      case "policySet":
      case "documentMoved":
        return false
    }
  }
  return accessLogOf(log, hash).filter(({ act, whyVoid }) => whyVoid === undefined && concerns(act))
}
