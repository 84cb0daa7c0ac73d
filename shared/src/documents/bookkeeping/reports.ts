import type { Flow } from "../balances.js"
import type { Book } from "../book.js"
import { type Entry, counts } from "../entry.js"
import { convert } from "../money.js"

export const reportKinds = ["month", "category", "tag", "person", "account", "payee"] as const
export type ReportKind = (typeof reportKinds)[number]

/**
 * The rate from an entry's currency to the family's, as the entry keeps it: "1" for the same currency; `rate` where
 * the account is in the family's currency, or in the entry's own (then nothing else can be meant); else unknown.
 */
const familyRate = (entry: Entry, book: Book): string | undefined => {
  if (book.currency === "") return undefined
  if (entry.currency === book.currency) return "1"
  const own = book.accounts.get(entry.account)?.currency ?? ""
  const account = own === "" ? book.currency : own
  return account === book.currency || account === entry.currency ? entry.rate : undefined
}

/** Parts of an entry in another currency: each as the difference of rounded sums, so that they sum to the whole. */
const convertParts = (
  parts: readonly number[],
  from: string,
  rate: string,
  to: string,
): readonly number[] => {
  if (from === to) return parts
  let sumMinor = 0
  let before = 0
  return parts.map(part => {
    sumMinor += part
    const now = convert(sumMinor, from, rate, to)
    const own = now - before
    before = now
    return own
  })
}

export interface ReportRow {
  /** A month "2026-03", or the id or name of the kind; "" is none. */
  readonly key: string
  readonly entries: number
  /** In the currencies in which it was paid. */
  readonly byCurrency: ReadonlyMap<string, Flow>
  /** In the family's currency, as far as rates are known. */
  readonly family: Flow
  /** Entries without a rate to the family's currency: in `byCurrency` only. */
  readonly unconverted: number
}

export interface Report {
  /** By key. */
  readonly rows: readonly ReportRow[]
  /** Of each entry once: rows by tag may count an entry twice, or not at all. */
  readonly total: ReportRow
}

type Part = readonly [key: string, amountMinor: number]

const byCategory = (entry: Entry): readonly Part[] =>
  entry.splits.length === 0
    ? [[entry.category, entry.amountMinor]]
    : entry.splits.map(split => [split.category, split.amountMinor] as const)

/** Whose it is: by shares, else who paid with own money, else nobody's alone. */
const byPerson = (entry: Entry): readonly Part[] => {
  const shares = Object.entries(entry.shares)
  return shares.length === 0 ? [[entry.paidBy ?? "", entry.amountMinor]] : shares
}

const partsBy: Readonly<Record<ReportKind, (entry: Entry) => readonly Part[]>> = {
  month: entry => [[entry.date.slice(0, 7), entry.amountMinor]],
  category: byCategory,
  tag: entry =>
    entry.tags.length === 0 ? [["", entry.amountMinor]] : entry.tags.map(tag => [tag, entry.amountMinor]),
  person: byPerson,
  account: entry => [[entry.account, entry.amountMinor]],
  payee: entry => [[entry.payee, entry.amountMinor]],
}

/** Counted on in place: a report over all years adds some hundred thousand numbers. */
class FlowSum {
  incomeMinor = 0
  expenseMinor = 0

  add(direction: Entry["direction"], minor: number): void {
    if (direction === "income") this.incomeMinor += minor
    else this.expenseMinor += minor
  }

  flow(): Flow {
    return { incomeMinor: this.incomeMinor, expenseMinor: this.expenseMinor }
  }
}

class RowSum {
  entries = 0
  unconverted = 0
  readonly family = new FlowSum()
  readonly byCurrency = new Map<string, FlowSum>()

  add(entry: Entry, minor: number, familyMinor: number | undefined): void {
    this.entries += 1
    let own = this.byCurrency.get(entry.currency)
    if (own === undefined) {
      own = new FlowSum()
      this.byCurrency.set(entry.currency, own)
    }
    own.add(entry.direction, minor)
    if (familyMinor === undefined) this.unconverted += 1
    else this.family.add(entry.direction, familyMinor)
  }

  row(key: string): ReportRow {
    const byCurrency = new Map([...this.byCurrency].map(([currency, sum]) => [currency, sum.flow()]))
    return {
      key,
      entries: this.entries,
      byCurrency,
      family: this.family.flow(),
      unconverted: this.unconverted,
    }
  }
}

/** Income and expense by month, category, tag, person, account or payee. Whole minor units throughout; transfers are neither. */
export const reportOf = (entries: Iterable<Entry>, book: Book, kind: ReportKind): Report => {
  const sums = new Map<string, RowSum>()
  const total = new RowSum()
  for (const entry of entries) {
    if (!counts(entry) || entry.direction === "transfer") continue
    const rate = familyRate(entry, book)
    const parts = partsBy[kind](entry)
    const whole =
      rate === undefined
        ? undefined
        : convertParts([entry.amountMinor], entry.currency, rate, book.currency)[0]
    total.add(entry, entry.amountMinor, whole)
    // Tags do not divide an entry: each has the whole of it.
    const converted =
      rate === undefined || kind === "tag"
        ? undefined
        : convertParts(
            parts.map(([, minor]) => minor),
            entry.currency,
            rate,
            book.currency,
          )
    parts.forEach(([key, minor], index) => {
      const sum = sums.get(key) ?? new RowSum()
      sums.set(key, sum)
      sum.add(entry, minor, kind === "tag" ? whole : converted?.[index])
    })
  }
  const rows = [...sums].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, sum]) => sum.row(key))
  return { rows, total: total.row("") }
}

/**
 * What categories cost by month, for budgets: expense less income of the category (a refund), in one currency.
 * An entry in another one counts where it has a rate to the family's currency and that is the one asked for.
 */
export const spendingOf = (
  entries: Iterable<Entry>,
  book: Book,
): ((category: string, month: string, currency: string) => number) => {
  const spent = new Map<string, number>()
  const add = (key: string, minor: number) => spent.set(key, (spent.get(key) ?? 0) + minor)
  for (const entry of entries) {
    if (!counts(entry) || entry.direction === "transfer") continue
    const sign = entry.direction === "income" ? -1 : 1
    const parts = byCategory(entry)
    const month = entry.date.slice(0, 7)
    for (const [category, minor] of parts) add(`${category}/${month}/${entry.currency}`, sign * minor)
    const rate = entry.currency === book.currency ? undefined : familyRate(entry, book)
    if (rate === undefined) continue
    const converted = convertParts(
      parts.map(([, minor]) => minor),
      entry.currency,
      rate,
      book.currency,
    )
    parts.forEach(([category], index) =>
      add(`${category}/${month}/${book.currency}`, sign * (converted[index] ?? 0)),
    )
  }
  return (category, month, currency) => spent.get(`${category}/${month}/${currency}`) ?? 0
}
