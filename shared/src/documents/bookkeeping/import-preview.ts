import type { EntryDraft } from "../drafts.js"
import type { Said } from "../remark.js"
import type { Entry, EntryFields } from "../entry.js"
import { ledgerRows } from "../import-ledger.js"
import type { ImportContext } from "../import-step.js"
import { addDays } from "../wall.js"
import { normaliseText } from "./text-match.js"

/** `new` · `known`: imported before, importing again adds nothing · `likely`: the family seems to have it already. */
export type RowState = "new" | "known" | "likely"

export interface PreviewRow {
  readonly draft: EntryDraft
  /** What would be added, rules by payee applied. */
  readonly fields: EntryFields
  readonly state: RowState
  /** The entry that is or seems to be the same. */
  readonly like?: string | undefined
}

export interface Preview {
  /** In the file's order. */
  readonly rows: readonly PreviewRow[]
  readonly skipped: readonly Said[]
}

/** Two days: banks book on a working day. */
const nearDays = 2

const sameKey = (date: string, { direction, amountMinor, currency, account }: EntryFields): string =>
  [date, direction, amountMinor, currency, account].join("|")

const isSamePayee = (one: string, other: string): boolean => {
  const [a, b] = [normaliseText(one), normaliseText(other)]
  return a.includes(b) || b.includes(a)
}

/**
 * What an import would do, row by row. Likely the same: same account, amount, currency and direction, at most two
 * days apart, and one payee holds the other (or says nothing). An entry of the family stands for one row only.
 */
export const previewImport = (
  drafts: readonly EntryDraft[],
  format: string,
  context: ImportContext,
  existing: Iterable<Entry>,
): Preview => {
  const { rows, skipped } = ledgerRows(drafts, format, context)
  const known = new Set<string>()
  const byKey = new Map<string, Entry[]>()
  for (const entry of existing) {
    known.add(entry.id)
    if (entry.deletedAtMs !== undefined) continue
    const key = sameKey(entry.date, entry)
    byKey.set(key, [...(byKey.get(key) ?? []), entry])
  }
  const taken = new Set(rows.filter(row => known.has(row.id)).map(row => row.id))
  const likeOf = (fields: EntryFields): string | undefined => {
    for (const days of [0, -1, 1, -nearDays, nearDays])
      for (const entry of byKey.get(sameKey(addDays(fields.date, days), fields)) ?? [])
        if (!taken.has(entry.id) && isSamePayee(entry.payee, fields.payee)) return entry.id
    return undefined
  }
  return {
    skipped,
    rows: rows.map(({ draft, fields, id }): PreviewRow => {
      if (known.has(id)) return { draft, fields, state: "known", like: id }
      const like = likeOf(fields)
      if (like === undefined) return { draft, fields, state: "new" }
      taken.add(like)
      return { draft, fields, state: "likely", like }
    }),
  }
}
