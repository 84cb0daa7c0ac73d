import { type OperationId, equalBytes } from "../base/index.js"
import { type Entry, compareEntries, isBefore, isConcurrent } from "./causality.js"
import { admissionOf } from "./operation.js"
import { compareRank } from "./rank.js"
import { roleAtLeast } from "./roles.js"

const isDecider = (entry: Entry): boolean => {
  const { body, author } = entry.operation
  switch (body.type) {
    case "removeMember":
    case "removeDevice":
    case "addMember":
    case "addDevice":
      return true
    case "setRole":
      return entry.basis.losers.length > 0
    case "setRecovery":
      return author === "recovery"
    default:
      return false
  }
}

/** Two admissions of one member, or of one device to two members: only the higher-ranked one admits. */
const contests = (a: Entry, b: Entry): boolean => {
  const x = a.operation.body
  const y = b.operation.body
  if (x.type === "addMember" && y.type === "addMember" && x.member === y.member) return true
  const one = admissionOf(x)
  const other = admissionOf(y)
  if (one === undefined || other === undefined || one.member === other.member) return false
  return equalBytes(one.keys.signing, other.keys.signing) && equalBytes(one.keys.wrap, other.keys.wrap)
}

/** Whether `seal`, standing, makes `entry` void. */
const isSealedBy = (entry: Entry, seal: Entry): boolean => {
  const { body } = seal.operation
  if (entry === seal) return false
  switch (body.type) {
    case "removeMember":
      return entry.basis.member === body.member && !isBefore(entry, seal)
    case "removeDevice":
      return entry.operation.author === body.device && !isBefore(entry, seal)
    case "setRole":
      return (
        entry.basis.member === body.member &&
        isConcurrent(entry, seal) &&
        !roleAtLeast(body.role, entry.basis.needs)
      )
    case "setRecovery":
      return entry.operation.author === "recovery" && isConcurrent(entry, seal)
    default:
      return contests(entry, seal)
  }
}

/** What becomes void when one more seal stands: what it seals, and whatever rests on that. */
const voidUnder = (
  entries: readonly Entry[],
  seal: Entry | undefined,
  outvoted: ReadonlySet<Entry>,
  before: ReadonlySet<OperationId>,
): ReadonlySet<OperationId> => {
  const found = new Set(before)
  for (const entry of entries) {
    const baseless = entry.basis.relies.some(relied => found.has(relied))
    if (baseless || outvoted.has(entry) || (seal && isSealedBy(entry, seal))) found.add(entry.operation.id)
  }
  return found
}

/** Why an operation changes nothing. */
export type VoidReason =
  /** A removal or demotion of its author, a new recovery key, or another admission of the same. */
  | { readonly type: "Sealed"; readonly by: OperationId }
  /** What its author's right came from is void. */
  | { readonly type: "Baseless"; readonly on: OperationId }
  /** A seal whose author forked his own history. */
  | { readonly type: "Outvoted" }

/** Of `entries`, all that there are, with what is void among them. `undefined`: it counts. */
export const whyVoid = (
  entry: Entry,
  entries: Iterable<Entry>,
  voids: ReadonlySet<OperationId>,
): VoidReason | undefined => {
  if (!voids.has(entry.operation.id)) return undefined
  for (const seal of entries) {
    const { id } = seal.operation
    if (isDecider(seal) && !voids.has(id) && isSealedBy(entry, seal)) return { type: "Sealed", by: id }
  }
  const on = entry.basis.relies.find(relied => voids.has(relied))
  return on === undefined ? { type: "Outvoted" } : { type: "Baseless", on }
}

/**
 * Which of `entries` (in order, all that follow one neck) change nothing, added to what was `settled` before.
 *
 * Seals stand or fall from the highest rank of their authors down: one that a standing seal has made void does not
 * stand. Ranks only go down along grants, so what a seal rests on is settled before it; yields can break that,
 * when somebody forks his own history: then a seal that ends void after all is outvoted, and all is decided anew
 * without it.
 */
export const decideVoid = (
  entries: readonly Entry[],
  settled: ReadonlySet<OperationId>,
): ReadonlySet<OperationId> => {
  if (entries.length < 2) return settled
  const deciders = entries
    .filter(isDecider)
    .sort((a, b) => compareRank(a.basis.rank, b.basis.rank) || compareEntries(a, b))
    .filter(decider => entries.some(entry => isSealedBy(entry, decider)))
  if (deciders.length === 0) return settled
  const outvoted = new Set<Entry>()
  for (;;) {
    const standing: Entry[] = []
    let found = voidUnder(entries, undefined, outvoted, settled)
    for (const decider of deciders) {
      if (found.has(decider.operation.id)) continue
      standing.push(decider)
      found = voidUnder(entries, decider, outvoted, found)
    }
    const fallen = standing.find(seal => found.has(seal.operation.id))
    if (fallen === undefined) return found
    outvoted.add(fallen)
  }
}
