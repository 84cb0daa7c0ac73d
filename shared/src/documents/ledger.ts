import { type Result, ok } from "../base/index.js"
import { shownCopy } from "./conflicts.js"
import { type Entry, readEntry } from "./entry.js"
import { monthNames } from "./fixed-steps.js"
import { Issues, ItemReader, type Parsed, type SchemaError, type SchemaIssue, parseRoot } from "./reading.js"
import { type MapDraft, isMap } from "./scalar.js"

/** One year of the ledger, `name` "2026". */
export interface Ledger extends Parsed {
  /** By id, removed ones included. */
  readonly entries: ReadonlyMap<string, Entry>
}

/**
 * What was read before, by the map it was read from: an open document keeps the maps that no change has touched.
 * One memo for one document.
 */
export interface LedgerMemo {
  readonly buckets: WeakMap<object, Bucket>
  readonly entries: WeakMap<object, Entry>
}
interface Bucket {
  readonly entries: ReadonlyMap<string, Entry>
  readonly issues: readonly SchemaIssue[]
}

export const createLedgerMemo = (): LedgerMemo => ({ buckets: new WeakMap(), entries: new WeakMap() })

const readBucket = (bucket: MapDraft, month: string, memo: LedgerMemo | undefined): Bucket => {
  const found = new Issues()
  const entries = new Map<string, Entry>()
  for (const [id, value] of Object.entries(bucket)) {
    const path = `months/${month}/${id}`
    if (!isMap(value)) {
      found.add(path, "map")
      continue
    }
    // Only imported rows have ids that two devices can make at once; their copies are told by the bucket.
    const isAlone = value["importId"] === undefined
    const item = isAlone ? value : (shownCopy(bucket, id) ?? value)
    const entry =
      (isAlone ? memo?.entries.get(value) : undefined) ?? readEntry(id, new ItemReader(item, path, found))
    if (entry === undefined) continue
    entries.set(id, entry)
    if (isAlone) memo?.entries.set(value, entry)
  }
  return { entries, issues: found.list }
}

/**
 * Shape: `months: {"01".."12": {entryId -> entry map}}`. An entry lies in the month in which it was entered and
 * stays there when its date is corrected: moving it between maps would lose or double what another device does
 * to it meanwhile. So nobody may read a date from the bucket.
 */
export const parseLedger = (doc: unknown, memo?: LedgerMemo): Result<Ledger, SchemaError> => {
  const root = parseRoot("ledger", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const entries = new Map<string, Entry>()
  const months = isMap(fields["months"]) ? fields["months"] : {}
  for (const month of monthNames) {
    const bucket = months[month]
    if (!isMap(bucket)) {
      found.add(`months/${month}`, "map")
      continue
    }
    const read = memo?.buckets.get(bucket) ?? readBucket(bucket, month, memo)
    memo?.buckets.set(bucket, read)
    for (const [id, entry] of read.entries) entries.set(id, entry)
    for (const { path, expected } of read.issues) found.add(path, expected)
  }
  return ok({ schema, readOnly, issues, entries })
}

/** The order in which people read a ledger: newest first, and one order on every device. */
export const compareEntries = (a: Entry, b: Entry): number =>
  compareText(b.date, a.date) ||
  compareText(b.time ?? "", a.time ?? "") ||
  b.createdAtMs - a.createdAtMs ||
  compareText(a.id, b.id)

/** By UTF-16 code units: the same in every language and engine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
