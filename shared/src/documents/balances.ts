import type { Account, Book } from "./book.js"
import { type Entry, counts } from "./entry.js"
import { convert } from "./money.js"

export interface Balance {
  readonly account: string
  readonly currency: string
  readonly amountMinor: number
}

export interface Balances {
  readonly byAccount: ReadonlyMap<string, Balance>
  /** Entries in another currency than their account, without a rate: shown for repair, in no balance. */
  readonly unconverted: readonly string[]
}

const currencyOf = (account: Account, book: Book): string =>
  account.currency === "" ? book.currency : account.currency

/** The entry's amount in the account's currency; `undefined` without a rate where one is needed. */
const amountIn = (entry: Entry, currency: string): number | undefined => {
  if (entry.currency === currency) return entry.amountMinor
  return entry.rate === undefined || currency === ""
    ? undefined
    : convert(entry.amountMinor, entry.currency, entry.rate, currency)
}

const arrivingIn = (entry: Entry, currency: string): number | undefined =>
  entry.toAmountMinor ?? (entry.currency === currency ? entry.amountMinor : undefined)

export interface Posting {
  readonly account: string
  /** In the account's currency, with its sign; `undefined` without a rate where one is needed. */
  readonly minor: number | undefined
}

/** What an entry that counts does to the accounts that the book knows; `currencyOf` gives `undefined` for others. */
export const postingsOf = (
  entry: Entry,
  currencyOf: (account: string) => string | undefined,
): readonly Posting[] => {
  const postings: Posting[] = []
  const own = currencyOf(entry.account)
  if (own !== undefined) {
    const minor = amountIn(entry, own)
    const sign = entry.direction === "income" ? 1 : -1
    postings.push({ account: entry.account, minor: minor === undefined ? undefined : sign * minor })
  }
  if (entry.direction !== "transfer" || entry.toAccount === undefined) return postings
  const other = currencyOf(entry.toAccount)
  if (other !== undefined) postings.push({ account: entry.toAccount, minor: arrivingIn(entry, other) })
  return postings
}

/**
 * Opening balance plus every entry that counts (not neutral, closed or removed): income in, expense out, a transfer
 * out of one account and into the other. An account without a currency of its own, in a family that chose none yet,
 * takes that of its first entry by date. Each entry is rounded for itself, so a list of entries sums to its balance.
 */
export const balancesOf = (book: Book, entries: Iterable<Entry>): Balances => {
  const counted = [...entries].filter(counts)
  const firstCurrency = new Map<string, string>()
  for (const entry of counted.sort((a, b) =>
    a.date < b.date ? -1 : a.date > b.date ? 1 : a.id < b.id ? -1 : 1,
  ))
    if (!firstCurrency.has(entry.account)) firstCurrency.set(entry.account, entry.currency)
  const byAccount = new Map<string, Balance>()
  for (const account of book.accounts.values()) {
    const currency = currencyOf(account, book) || (firstCurrency.get(account.id) ?? "")
    byAccount.set(account.id, { account: account.id, currency, amountMinor: account.openingMinor })
  }
  const unconverted = new Set<string>()
  for (const entry of counted)
    for (const { account, minor } of postingsOf(entry, id => byAccount.get(id)?.currency)) {
      const balance = byAccount.get(account)
      if (minor === undefined) unconverted.add(entry.id)
      else if (balance !== undefined)
        byAccount.set(account, { ...balance, amountMinor: balance.amountMinor + minor })
    }
  return { byAccount, unconverted: [...unconverted] }
}

export interface Flow {
  readonly incomeMinor: number
  readonly expenseMinor: number
}

export const noFlow: Flow = { incomeMinor: 0, expenseMinor: 0 }

export const addFlow = (flow: Flow, direction: Entry["direction"], minor: number): Flow =>
  direction === "income"
    ? { ...flow, incomeMinor: flow.incomeMinor + minor }
    : { ...flow, expenseMinor: flow.expenseMinor + minor }

/** `key` names what is summed; income and expense per key and currency, transfers are neither. Never mixes currencies. */
const flowsBy = (
  entries: Iterable<Entry>,
  parts: (entry: Entry) => readonly (readonly [key: string, amountMinor: number])[],
): ReadonlyMap<string, ReadonlyMap<string, Flow>> => {
  const flows = new Map<string, Map<string, Flow>>()
  for (const entry of entries) {
    if (!counts(entry) || entry.direction === "transfer") continue
    for (const [key, minor] of parts(entry)) {
      const byCurrency = flows.get(key) ?? new Map<string, Flow>()
      byCurrency.set(
        entry.currency,
        addFlow(byCurrency.get(entry.currency) ?? noFlow, entry.direction, minor),
      )
      flows.set(key, byCurrency)
    }
  }
  return flows
}

/** "2026-03" -> currency -> flow. */
export const monthlyFlows = (entries: Iterable<Entry>) =>
  flowsBy(entries, entry => [[entry.date.slice(0, 7), entry.amountMinor]])

/** Category id -> currency -> flow; a split entry counts in the categories of its parts. */
export const categoryFlows = (entries: Iterable<Entry>) =>
  flowsBy(entries, entry =>
    entry.splits.length === 0
      ? [[entry.category, entry.amountMinor]]
      : entry.splits.map(split => [split.category, split.amountMinor] as const),
  )

export interface Debt {
  readonly from: string
  readonly to: string
  readonly currency: string
  readonly amountMinor: number
}

/** Member -> what the others owe them (positive) or they owe (negative), per currency; sums to zero. A neutral entry with shares is a debt paid back. */
export const netOwed = (entries: Iterable<Entry>): ReadonlyMap<string, ReadonlyMap<string, number>> => {
  const byCurrency = new Map<string, Map<string, number>>()
  for (const entry of entries) {
    const shares = Object.entries(entry.shares)
    const settles =
      entry.direction === "neutral" && entry.status !== "closed" && entry.deletedAtMs === undefined
    if (entry.paidBy === undefined || shares.length === 0 || entry.direction === "transfer") continue
    if (!counts(entry) && !settles) continue
    const sign = entry.direction === "income" ? -1 : 1
    const net = byCurrency.get(entry.currency) ?? new Map<string, number>()
    byCurrency.set(entry.currency, net)
    net.set(entry.paidBy, (net.get(entry.paidBy) ?? 0) + sign * entry.amountMinor)
    for (const [member, minor] of shares) net.set(member, (net.get(member) ?? 0) - sign * minor)
  }
  return byCurrency
}
