import { type Result, ok } from "@home/shared/base"
import {
  type Account,
  type Book,
  type Category,
  type Direction,
  type EntryFields,
  addEntry,
  exportLedger,
  formatMinor,
  isCurrency,
  isDate,
  noteLedgerYear,
  parseAmount,
} from "@home/shared/documents"
import { readBook, readLedgers } from "./areas.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { withPlace } from "./place.js"
import { requireMembership } from "./with-device.js"
import { byOf, newItemId, today, write } from "./writing.js"

export interface LedgerAddOptions {
  readonly amount: string
  readonly payee: string
  readonly date: string | undefined
  readonly currency: string | undefined
  readonly direction: Direction
  readonly account: string | undefined
  readonly toAccount: string | undefined
  readonly category: string | undefined
  readonly note: string
  readonly tags: readonly string[]
  readonly circle: string | undefined
}

/** By name, key or id; "" is none. */
const named = (items: Iterable<Account | Category>, text: string, what: string): Result<string, Failure> => {
  if (text === "") return ok("")
  const wanted = text.toLowerCase()
  const all = [...items]
  const found = all.find(({ id, name, key }) => [id, name, key].some(each => each?.toLowerCase() === wanted))
  const names = all.map(({ name, key, id }) => (name === "" ? (key ?? id) : name))
  return found === undefined
    ? fail("usage", `no ${what} is called "${text}"; there are: ${names.join(", ")}`)
    : ok(found.id)
}

const currencyOf = (options: LedgerAddOptions, book: Book, account: string): Result<string, Failure> => {
  const currency = options.currency?.toUpperCase() ?? (book.accounts.get(account)?.currency || book.currency)
  if (currency === "")
    return fail("usage", "this family has no currency of its own yet: say --currency, such as EUR")
  return isCurrency(currency)
    ? ok(currency)
    : fail("usage", `${currency} is no currency: three letters such as EUR`)
}

const fieldsOf = (home: Home, book: Book, options: LedgerAddOptions): Result<EntryFields, Failure> => {
  const date = options.date ?? today(home)
  if (!isDate(date)) return fail("usage", `${date} is no date: YYYY-MM-DD`)
  const account = named(book.accounts.values(), options.account ?? "cash", "account")
  if (!account.ok) return account
  const toAccount =
    options.toAccount === undefined ? undefined : named(book.accounts.values(), options.toAccount, "account")
  if (toAccount?.ok === false) return toAccount
  const category = named(book.categories.values(), options.category ?? "", "category")
  if (!category.ok) return category
  const currency = currencyOf(options, book, account.value)
  if (!currency.ok) return currency
  const amount = parseAmount(options.amount, currency.value)
  if (!amount.ok || amount.value < 0) {
    return fail(
      "usage",
      `${options.amount} is no amount in ${currency.value}: such as 12.50; --direction says where it goes`,
    )
  }
  return ok({
    date,
    direction: options.direction,
    status: "settled",
    amountMinor: amount.value,
    currency: currency.value,
    account: account.value,
    toAccount: toAccount?.value,
    payee: options.payee,
    note: options.note,
    category: category.value,
    tags: [...new Set(options.tags)],
    splits: [],
    shares: {},
  })
}

export const addLedgerEntry = (home: Home, options: LedgerAddOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device } = place
    const live = requireMembership(device)
    if (!live.ok) return live
    const book = await readBook(place)
    if (!book.ok) return book
    const fields = fieldsOf(home, book.value, options)
    if (!fields.ok) return fields
    const { date, amountMinor, currency, direction } = fields.value
    const year = date.slice(0, 4)
    const id = newItemId(home)
    const noted = await write(place, "catalogue", "", draft => noteLedgerYear(draft, year))
    if (!noted.ok) return noted
    const by = byOf(home, device)
    const added = await write(place, "ledger", year, draft =>
      addEntry(draft, { year, id, fields: fields.value, by }),
    )
    if (!added.ok) return added
    home.result(
      { added: id, date, amountMinor, currency, direction },
      `${date}  ${formatMinor(amountMinor, currency)} ${currency}  ${options.payee}`,
    )
    return ok(undefined)
  })

export interface LedgerListOptions {
  /** "2026" or "2026-11". */
  readonly period: string | undefined
  readonly limit: number
  readonly circle: string | undefined
}

type Shown = Readonly<Record<string, unknown>>

const line = (entry: Shown): string => {
  const amount = formatMinor(Number(entry["amountMinor"]), String(entry["currency"]))
  const sign = entry["direction"] === "expense" ? "-" : entry["direction"] === "income" ? "+" : " "
  const text = [entry["payee"], entry["note"]].filter(part => part !== "").join(", ")
  return `${String(entry["date"])}  ${`${sign}${amount}`.padStart(12)} ${String(entry["currency"])}  ${text}`
}

/** The newest entries, oldest first: the end is what one sees. */
export const listLedger = (home: Home, options: LedgerListOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const [ledgers, book] = [await readLedgers(place), await readBook(place)]
    if (!ledgers.ok) return ledgers
    if (!book.ok) return book
    const all = exportLedger(ledgers.value, book.value)["entries"] as readonly Shown[]
    const { period } = options
    const found = period === undefined ? all : all.filter(entry => String(entry["date"]).startsWith(period))
    for (const entry of found.slice(-options.limit)) home.result(entry, line(entry))
    return ok(undefined)
  })
