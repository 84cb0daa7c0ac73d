import type { CircleId, MemberId } from "../base/index.js"
import { type AccessAct, type AccessLine, accessLogOf } from "./access-log.js"
import type { GroupLog } from "./log.js"
import type { Hash } from "./operation.js"

const noMembers: ReadonlyMap<MemberId, unknown> = new Map()

/**
 * What counts of the access log and concerns whoever reads a circle: devices and people that came to read it or stopped,
 * and a new phrase, which reads everything. It is what a chat shows between its messages.
 */
export const roomNoticesOf = (
  log: Pick<GroupLog, "group" | "history" | "state">,
  hash: Hash,
  circle: CircleId,
): readonly AccessLine[] => {
  // Whoever was ever listed: those who left are told of as well.
  const listed = log.state().circles.get(circle)?.listings ?? noMembers
  const concerns = (act: AccessAct): boolean => {
    switch (act.type) {
      case "memberAdmitted":
      case "memberRemoved":
      case "deviceAdmitted":
      case "deviceRemoved":
      case "deviceSuspended":
      case "deviceResumed":
        return listed.has(act.member)
      case "circleMade":
      case "circleJoined":
      case "circleLeft":
        return act.circle === circle
      case "phraseReplaced":
        return true
      // Of another kind: they say who may do what, not who can read.
      case "founded":
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
