import type { BundleHash, ChangeHash, OperationId } from "../base/index.js"
import type { CutRule } from "../access/index.js"
import type { BundleRecord } from "./bundle-record.js"

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
 * A pure function of records and rights, so every replica ends equal whatever came first.
 */
export const acceptedChanges = (
  records: Iterable<BundleRecord>,
  isPermitted: (record: BundleRecord) => boolean,
): ReadonlySet<ChangeHash> => {
  const depsByChange = new Map<ChangeHash, readonly ChangeHash[]>()
  const permitted: ChangeHash[] = []
  for (const record of records) {
    const isAllowed = isPermitted(record)
    for (const change of record.changes) {
      // A snapshot names its changes without dependencies; a bundle that has them says more.
      const known = depsByChange.get(change.hash)
      if (known === undefined || known.length === 0) depsByChange.set(change.hash, change.deps)
      if (isAllowed) permitted.push(change.hash)
    }
  }
  const accepted = new Set<ChangeHash>()
  const open = permitted
  for (let change = open.pop(); change !== undefined; change = open.pop()) {
    if (accepted.has(change)) continue
    const deps = depsByChange.get(change)
    if (deps === undefined) continue
    accepted.add(change)
    for (const dep of deps) if (!accepted.has(dep)) open.push(dep)
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
