import type { BundleHash, ChangeHash, OperationId } from "../base/index.js"
import type { CutRule } from "../access/index.js"
import type { BundleRecord, RecordedChange } from "./bundle-record.js"

/**
 * Whether a bundle lies inside a cut, that is, can be reached over `prev` from one of the cut's heads.
 * `Waits`: a link of the chain is not here yet, so it cannot be said; such a bundle does not count meanwhile.
 */
export type CutSide = "Inside" | "Outside" | "Waits"

/** The heads at which an author's rights are judged: his own, and every removal whose cut excludes the bundle. */
export const effectiveHeads = (
  record: BundleRecord,
  rules: readonly CutRule[],
  sideOf: (record: BundleRecord, rule: CutRule) => CutSide,
): readonly OperationId[] | "Waits" => {
  const heads = [...record.heads]
  for (const rule of rules) {
    if (rule.device !== record.device || rule.circle !== record.circle) continue
    const side = sideOf(record, rule)
    if (side === "Waits") return "Waits"
    if (side === "Outside" && !heads.includes(rule.operation)) heads.push(rule.operation)
  }
  return heads
}

/**
 * The verdict over one document: which changes count. S0 are the changes of bundles whose author had the right
 * (`isPermitted`); accepted is S0 and everything that S0 depends on, as far as it is here in any valid bundle:
 * what a still-permitted author built upon is adopted, change by change, and nothing else of its bundle.
 * Of two changes under one (actor, seq) (a copied profile that went on unnoticed, or a cheat) Automerge can hold
 * only one: the smaller hash counts, the other and what was built upon it does not.
 * A pure function of records and rights, so every replica ends equal whatever came first.
 */
export const acceptedChanges = (
  records: Iterable<BundleRecord>,
  isPermitted: (record: BundleRecord) => boolean,
): Set<ChangeHash> => {
  const changeByHash = new Map<ChangeHash, RecordedChange>()
  const open: ChangeHash[] = []
  for (const record of records) {
    const isAllowed = isPermitted(record)
    for (const change of record.changes) {
      changeByHash.set(change.hash, change)
      if (isAllowed) open.push(change.hash)
    }
  }
  const accepted = new Set<ChangeHash>()
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const change = changeByHash.get(hash)
    if (change === undefined || accepted.has(hash)) continue
    accepted.add(hash)
    for (const dep of change.deps) if (!accepted.has(dep)) open.push(dep)
  }
  return withoutEquivocations(accepted, changeByHash)
}

const withoutEquivocations = (
  accepted: Set<ChangeHash>,
  changeByHash: ReadonlyMap<ChangeHash, RecordedChange>,
): Set<ChangeHash> => {
  const winners = new Map<string, ChangeHash>()
  const losers: ChangeHash[] = []
  for (const hash of accepted) {
    const change = changeByHash.get(hash)
    const place = `${change?.actor} ${change?.seq}`
    const rival = winners.get(place)
    if (rival !== undefined) losers.push(rival < hash ? hash : rival)
    if (rival === undefined || hash < rival) winners.set(place, hash)
  }
  return withoutDependents(accepted, losers, changeByHash)
}

/** `accepted` itself, less the given changes and everything in it that was built upon them. */
export const withoutDependents = (
  accepted: Set<ChangeHash>,
  excluded: Iterable<ChangeHash>,
  changeByHash: ReadonlyMap<ChangeHash, RecordedChange>,
): Set<ChangeHash> => {
  const losers = [...excluded]
  if (losers.length === 0) return accepted
  const dependents = new Map<ChangeHash, ChangeHash[]>()
  for (const hash of accepted) {
    for (const dep of changeByHash.get(hash)?.deps ?? []) {
      const known = dependents.get(dep)
      if (known === undefined) dependents.set(dep, [hash])
      else known.push(hash)
    }
  }
  for (let hash = losers.pop(); hash !== undefined; hash = losers.pop()) {
    if (accepted.delete(hash)) losers.push(...(dependents.get(hash) ?? []))
  }
  return accepted
}

/** The bundles that hold a change which does not count: what is shown as late edits. */
export const lateBundles = (
  records: Iterable<BundleRecord>,
  accepted: ReadonlySet<ChangeHash>,
): readonly { readonly bundle: BundleHash; readonly changes: readonly ChangeHash[] }[] => {
  const late: { bundle: BundleHash; changes: ChangeHash[] }[] = []
  for (const record of records) {
    const changes = record.changes.map(change => change.hash).filter(hash => !accepted.has(hash))
    if (changes.length > 0) late.push({ bundle: record.hash, changes })
  }
  return late
}
