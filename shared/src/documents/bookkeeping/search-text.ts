import type { Entry } from "../entry.js"
import { formatMinor } from "../money.js"
import { normaliseText } from "./text-match.js"

/** The names that a reader sees: those of defaults are in the app's dictionaries. */
export interface Names {
  readonly account: (id: string) => string
  readonly category: (id: string) => string
  readonly member: (id: string) => string
}

/** All that a person may type to find an entry, normalised. */
export const searchText = (entry: Entry, names: Names): string => {
  const amount = formatMinor(entry.amountMinor, entry.currency)
  const parts = [
    entry.payee,
    entry.note,
    names.category(entry.category),
    ...entry.splits.flatMap(split => [names.category(split.category), split.note]),
    names.account(entry.account),
    entry.toAccount === undefined ? "" : names.account(entry.toAccount),
    ...entry.tags,
    entry.paidBy === undefined ? "" : names.member(entry.paidBy),
    ...Object.keys(entry.shares).map(names.member),
    amount,
    amount.replace(".", ","),
    entry.currency,
    entry.date,
  ]
  // A line break joins: no term goes over two fields.
  return parts.map(normaliseText).join("\n")
}

/**
 * Search texts, made when first asked for and kept while the entry is the same object: one keystroke over
 * 50,000 entries compares, and normalises nothing. Make a new one when names change.
 */
export const createSearchIndex = (names: Names): ((entry: Entry) => string) => {
  const texts = new WeakMap<Entry, string>()
  return entry => {
    const known = texts.get(entry)
    if (known !== undefined) return known
    const text = searchText(entry, names)
    texts.set(entry, text)
    return text
  }
}
