import type { Entry, Flow } from "@home/shared/documents"
import type { Steps } from "../../ui/in-slices.js"

/** A line of the list of entries. */
export type TimelineRow =
  | { readonly type: "Month"; readonly key: string; readonly flows: ReadonlyMap<string, Flow> }
  | { readonly type: "Day"; readonly key: string }
  | { readonly type: "Entry"; readonly key: string; readonly entry: Entry }

/**
 * Rows keep their identity while they say the same, so that the screen repaints what changed and no more. A month
 * whose entries are the same array is not looked at again: of 50,000 entries an edit costs one month. Yields after each
 * month: who makes much anew may let go in between.
 */
export const createTimeline = () => {
  const rowsOf = new WeakMap<readonly Entry[], readonly TimelineRow[]>()
  let known = new Map<string, readonly TimelineRow[]>()
  return function* (
    months: readonly (readonly Entry[])[],
    flows: ReadonlyMap<string, ReadonlyMap<string, Flow>>,
  ): Steps<readonly TimelineRow[]> {
    const next = new Map<string, readonly TimelineRow[]>()
    const rows: TimelineRow[] = []
    for (const entries of months) {
      const month = entries[0]?.date.slice(0, 7) ?? ""
      const own =
        rowsOf.get(entries) ?? monthRows(month, entries, flows.get(month) ?? noFlows, known.get(month) ?? [])
      rowsOf.set(entries, own)
      next.set(month, own)
      for (const row of own) rows.push(row)
      yield
    }
    known = next
    return rows
  }
}

const noFlows: ReadonlyMap<string, Flow> = new Map()

/** The head of the month is always drawn anew: its sums are counted on in place. */
const monthRows = (
  month: string,
  entries: readonly Entry[],
  flows: ReadonlyMap<string, Flow>,
  before: readonly TimelineRow[],
): readonly TimelineRow[] => {
  const known = new Map(before.map(row => [row.key, row]))
  const rows: TimelineRow[] = [{ type: "Month", key: month, flows }]
  let day = ""
  for (const entry of entries) {
    if (entry.date !== day) rows.push(known.get(entry.date) ?? { type: "Day", key: entry.date })
    day = entry.date
    const same = known.get(entry.id)
    rows.push(same?.type === "Entry" && same.entry === entry ? same : { type: "Entry", key: entry.id, entry })
  }
  return rows
}

/** Sums of what a filter leaves, by month; those of a month that is the same array are not counted again. */
export const createMonthFlows = () => {
  const known = new WeakMap<readonly Entry[], ReadonlyMap<string, Flow>>()
  return function* (
    months: readonly (readonly Entry[])[],
  ): Steps<ReadonlyMap<string, ReadonlyMap<string, Flow>>> {
    const byMonth = new Map<string, ReadonlyMap<string, Flow>>()
    for (const entries of months) {
      const month = entries[0]?.date.slice(0, 7) ?? ""
      const flows = known.get(entries) ?? flowsOf(entries).get(month) ?? noFlows
      known.set(entries, flows)
      byMonth.set(month, flows)
      yield
    }
    return byMonth
  }
}

/** Sums of entries in the form of the sheet's. */
export const flowsOf = (entries: Iterable<Entry>): ReadonlyMap<string, ReadonlyMap<string, Flow>> => {
  const flows = new Map<string, Map<string, Flow>>()
  for (const { date, direction, currency, amountMinor, status } of entries) {
    if (status === "closed" || (direction !== "income" && direction !== "expense")) continue
    const month = date.slice(0, 7)
    const byCurrency = flows.get(month) ?? new Map<string, Flow>()
    const { incomeMinor, expenseMinor } = byCurrency.get(currency) ?? { incomeMinor: 0, expenseMinor: 0 }
    byCurrency.set(
      currency,
      direction === "income"
        ? { incomeMinor: incomeMinor + amountMinor, expenseMinor }
        : { incomeMinor, expenseMinor: expenseMinor + amountMinor },
    )
    flows.set(month, byCurrency)
  }
  return flows
}
