import { type Entry, counts } from "../entry.js"
import { compareText } from "../ledger.js"
import { normaliseText } from "./text-match.js"

/** A payee as it was last entered, and what went with it. */
export interface Suggestion {
  readonly payee: string
  readonly category: string
  readonly account: string
  readonly uses: number
  readonly lastDate: string
}

/**
 * Payees for what was typed so far: those that begin with it first, then those that hold it; of equals the ones used
 * most, then latest. Category and account are those of the latest entry with the payee.
 */
export const suggestionsOf = (
  entries: Iterable<Entry>,
): ((typed: string, limit: number) => readonly Suggestion[]) => {
  const byText = new Map<string, Suggestion>()
  for (const entry of entries) {
    const text = normaliseText(entry.payee)
    if (text === "" || !counts(entry)) continue
    const known = byText.get(text)
    const uses = (known?.uses ?? 0) + 1
    if (known !== undefined && known.lastDate > entry.date) byText.set(text, { ...known, uses })
    else
      byText.set(text, {
        payee: entry.payee,
        category: entry.category || (known?.category ?? ""),
        account: entry.account || (known?.account ?? ""),
        uses,
        lastDate: entry.date,
      })
  }
  const all = [...byText].sort(
    ([, a], [, b]) => b.uses - a.uses || compareText(b.lastDate, a.lastDate) || compareText(a.payee, b.payee),
  )
  return (typed, limit) => {
    const wanted = normaliseText(typed)
    const begins = all.filter(([text]) => text.startsWith(wanted))
    const holds = all.filter(([text]) => !text.startsWith(wanted) && text.includes(wanted))
    return [...begins, ...holds].slice(0, limit).map(([, suggestion]) => suggestion)
  }
}
