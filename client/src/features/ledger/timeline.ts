import type { Entry, Flow } from "@home/shared/documents"

/** A line of the list of entries. */
export type TimelineRow =
  | { readonly type: "Month"; readonly key: string; readonly flows: ReadonlyMap<string, Flow> }
  | { readonly type: "Day"; readonly key: string }
  | { readonly type: "Entry"; readonly key: string; readonly entry: Entry }

/** Rows keep their identity while they say the same, so that the screen repaints what changed and no more. */
export const createTimeline = () => {
  let known = new Map<string, TimelineRow>()
  return (
    entries: readonly Entry[],
    flows: ReadonlyMap<string, ReadonlyMap<string, Flow>>,
  ): readonly TimelineRow[] => {
    const next = new Map<string, TimelineRow>()
    const rows: TimelineRow[] = []
    const push = (row: TimelineRow): void => {
      const before = known.get(row.key)
      const kept = before !== undefined && isSame(before, row) ? before : row
      next.set(row.key, kept)
      rows.push(kept)
    }
    let [month, day] = ["", ""]
    for (const entry of entries) {
      const own = entry.date.slice(0, 7)
      if (own !== month) push({ type: "Month", key: own, flows: flows.get(own) ?? new Map<string, Flow>() })
      if (entry.date !== day) push({ type: "Day", key: entry.date })
      month = own
      day = entry.date
      push({ type: "Entry", key: entry.id, entry })
    }
    known = next
    return rows
  }
}

const isSame = (a: TimelineRow, b: TimelineRow): boolean => {
  if (a.type === "Entry") return b.type === "Entry" && a.entry === b.entry
  // Sums are counted on in place: a month is always drawn anew.
  return a.type === "Day" && b.type === "Day"
}

/** Sums of what a filter leaves, in the form of the sheet's. */
export const flowsOf = (entries: readonly Entry[]): ReadonlyMap<string, ReadonlyMap<string, Flow>> => {
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
