import type { OperationId } from "../base/index.js"

/** When a member or device came in: the depth of its admission in the log, the operation's id breaking ties. */
export interface Seniority {
  readonly depth: number
  readonly operation: OperationId
}

/** The strict order of authority: the recovery key, then members by seniority, then their devices by seniority. */
export type Rank =
  | { readonly type: "Recovery" }
  | { readonly type: "Device"; readonly member: Seniority; readonly device: Seniority }

export const recoveryRank: Rank = { type: "Recovery" }

/** Negative when `a` is senior to `b`. */
export const compareSeniority = (a: Seniority, b: Seniority): number =>
  a.depth - b.depth || (a.operation < b.operation ? -1 : a.operation > b.operation ? 1 : 0)

/** Negative when `a` is the higher rank. */
export const compareRank = (a: Rank, b: Rank): number => {
  if (a.type === "Recovery" || b.type === "Recovery")
    return Number(b.type === "Recovery") - Number(a.type === "Recovery")
  return compareSeniority(a.member, b.member) || compareSeniority(a.device, b.device)
}
