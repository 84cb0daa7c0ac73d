import { type Result, ok } from "../base/index.js"
import { shownCopy } from "./conflicts.js"
import { type Entry, readEntry } from "./entry.js"
import { monthNames } from "./fixed-steps.js"
import { ItemReader, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { isMap } from "./scalar.js"

/** One year of the ledger, `name` "2026". */
export interface Ledger extends Parsed {
  /** By id, removed ones included. */
  readonly entries: ReadonlyMap<string, Entry>
}

/**
 * Shape: `months: {"01".."12": {entryId -> entry map}}`. An entry lies in the month in which it was entered and
 * stays there when its date is corrected: moving it between maps would lose or double what another device does
 * to it meanwhile. So nobody may read a date from the bucket.
 */
export const parseLedger = (doc: unknown): Result<Ledger, SchemaError> => {
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
    for (const [id, value] of Object.entries(bucket)) {
      const path = `months/${month}/${id}`
      if (!isMap(value)) {
        found.add(path, "map")
        continue
      }
      // Only imported rows have ids that two devices can make at once.
      const item = value["importId"] === undefined ? value : (shownCopy(bucket, id) ?? value)
      const entry = readEntry(id, new ItemReader(item, path, found))
      if (entry !== undefined) entries.set(id, entry)
    }
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
