import type { Entry } from "../entry.js"
import { formatMinor } from "../money.js"
import { normaliseText } from "./text-match.js"

/** The names that a reader sees: those of defaults are in the app's dictionaries. */
export interface Names {
  readonly account: (id: string) => string
  readonly category: (id: string) => string
  readonly member: (id: string) => string
}

/** All that a person may type to find an entry, normalised. `fold` is `normaliseText`, or one that remembers. */
export const searchText = (entry: Entry, names: Names, fold = normaliseText): string => {
  const amount = formatMinor(entry.amountMinor, entry.currency)
  const parts = [
    fold(entry.payee),
    amount,
    amount.replace(".", ","),
    entry.currency.toLowerCase(),
    entry.date,
    normaliseText(entry.note),
    fold(names.category(entry.category)),
    fold(names.account(entry.account)),
  ]
  for (const split of entry.splits)
    parts.push(fold(names.category(split.category)), normaliseText(split.note))
  if (entry.toAccount !== undefined) parts.push(fold(names.account(entry.toAccount)))
  for (const tag of entry.tags) parts.push(fold(tag))
  if (entry.paidBy !== undefined) parts.push(fold(names.member(entry.paidBy)))
  for (const member of Object.keys(entry.shares)) parts.push(fold(names.member(member)))
  // A line break joins: no term goes over two fields.
  return parts.join("\n")
}

/**
 * Search texts, made when first asked for and kept while the entry is the same object: one keystroke over
 * 50,000 entries compares, and normalises nothing. Make a new one when names change.
 */
export const createSearchIndex = (names: Names): ((entry: Entry) => string) => {
  const texts = new WeakMap<Entry, string>()
  // Names and payees are few and come again and again.
  const known = new Map<string, string>()
  const fold = (text: string): string => {
    const before = known.get(text)
    if (before !== undefined) return before
    const made = normaliseText(text)
    known.set(text, made)
    return made
  }
  return entry => {
    const before = texts.get(entry)
    if (before !== undefined) return before
    const text = searchText(entry, names, fold)
    texts.set(entry, text)
    return text
  }
}
