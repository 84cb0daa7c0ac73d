import { isCurrency } from "./currency.js"
import { documentLimits } from "./document-limits.js"
import { isRate } from "./money.js"
import type { BlobRef } from "./blob-ref.js"
import { readReceipts } from "./read-receipts.js"
import { type Source, readSource } from "./source.js"
import type { ItemReader } from "./reading.js"
import { isMap, textOf } from "./scalar.js"
import { isDate, isTime } from "./wall.js"

export const directions = ["expense", "income", "transfer", "neutral"] as const
export const statuses = ["settled", "pending", "closed", "refunded"] as const
export type Direction = (typeof directions)[number]
export type EntryStatus = (typeof statuses)[number]

/** A part of an entry with a category of its own. */
export interface Split {
  readonly category: string
  readonly amountMinor: number
  readonly note: string
}

/** What a person enters. Ids of accounts and categories are those of the book; "" is none. */
export interface EntryFields {
  /** YYYY-MM-DD on the wall where it happened. */
  readonly date: string
  /** HH:MM:SS */
  readonly time?: string | undefined
  readonly direction: Direction
  readonly status: EntryStatus
  /** Never negative: the direction is the sign. */
  readonly amountMinor: number
  readonly currency: string
  /** Units of the account's currency for one unit of `currency`, a decimal; absent when they are the same. */
  readonly rate?: string | undefined
  readonly account: string
  /** Of a transfer, and only there; "" when a statement does not name it. */
  readonly toAccount?: string | undefined
  /** What arrived, in the currency of `toAccount`; absent when that is the same amount. */
  readonly toAmountMinor?: number | undefined
  readonly payee: string
  readonly note: string
  readonly category: string
  readonly tags: readonly string[]
  /** Sum exactly to `amountMinor`, or empty. Replaced as a whole. */
  readonly splits: readonly Split[]
  /** The member who paid with own money, for "who owes". */
  readonly paidBy?: string | undefined
  /** Member -> part that is theirs; sums exactly to `amountMinor`, or empty. Replaced as a whole. */
  readonly shares: Readonly<Record<string, number>>
}

export interface Entry extends EntryFields {
  readonly id: string
  /** Pictures and files, attached and detached by commands of their own. */
  readonly receipts: readonly BlobRef[]
  readonly importedFrom?: Source | undefined
  readonly author: string
  readonly createdAtMs: number
  readonly editedBy?: string | undefined
  readonly editedAtMs?: number | undefined
  /** Removed, and can be brought back. */
  readonly deletedAtMs?: number | undefined
}

export const isAmountMinor = (value: unknown): value is number =>
  typeof value === "number" &&
  Number.isSafeInteger(value) &&
  value >= 0 &&
  value <= documentLimits.amountMinor

/** In the balances: not neutral, not closed, not removed. */
export const counts = (entry: Entry): boolean =>
  entry.direction !== "neutral" && entry.status !== "closed" && entry.deletedAtMs === undefined

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
export const splitsMinor = (splits: readonly Split[]): number => sum(splits.map(split => split.amountMinor))
export const sharesMinor = (shares: Readonly<Record<string, number>>): number => sum(Object.values(shares))

const parseSplit = (value: unknown): Split | undefined => {
  if (!isMap(value) || !isAmountMinor(value["amountMinor"])) return undefined
  const category = textOf(value["category"])
  const note = textOf(value["note"]) ?? ""
  return category === undefined ? undefined : { category, amountMinor: value["amountMinor"], note }
}

const readSplits = (reader: ItemReader, amountMinor: number): readonly Split[] => {
  const listed = reader.list("splits") ?? []
  const splits = listed.map(parseSplit).filter(split => split !== undefined)
  if (listed.length === 0) return []
  // Two members may change amount and splits at once; the entry then stays, unsplit, and says so.
  if (splits.length === listed.length && splitsMinor(splits) === amountMinor) return splits
  reader.issues.add(`${reader.path}/splits`, "parts that sum to the amount")
  return []
}

const readShares = (reader: ItemReader, amountMinor: number): Readonly<Record<string, number>> => {
  const parts = Object.entries(reader.map("shares"))
  const shares = Object.fromEntries(parts.filter((part): part is [string, number] => isAmountMinor(part[1])))
  if (parts.length === 0 || sharesMinor(shares) === amountMinor) return shares
  reader.issues.add(`${reader.path}/shares`, "parts that sum to the amount")
  return {}
}

const dateOf = (text: string) => (isDate(text) ? text : undefined)
const timeOf = (text: string) => (isTime(text) ? text : undefined)
const rateOf = (text: string) => (isRate(text) ? text : undefined)

/** `undefined`: something without which it is no entry is missing or wrong; the reader's issues say what. */
export const readEntry = (id: string, reader: ItemReader): Entry | undefined => {
  const date = dateOf(reader.text("date"))
  if (date === undefined) reader.fail("date", "YYYY-MM-DD")
  const direction = reader.oneOf("direction", directions)
  const amountMinor = reader.integer("amountMinor")
  if (!isAmountMinor(amountMinor)) reader.fail("amountMinor", "minor units, not negative, below the limit")
  const currency = reader.text("currency")
  if (!isCurrency(currency)) reader.fail("currency", "ISO 4217 code")
  if (reader.failed || date === undefined || direction === undefined) return undefined
  const toAccount = direction === "transfer" ? reader.optionalText("toAccount") : undefined
  if (direction === "transfer" && toAccount === undefined)
    reader.issues.add(`${reader.path}/toAccount`, "the other account")
  return {
    id,
    date,
    time: reader.optional("time", "HH:MM:SS", timeOf),
    direction,
    status:
      reader.optional("status", statuses.join("|"), text => statuses.find(s => s === text)) ?? "settled",
    amountMinor,
    currency,
    rate: reader.optional("rate", "decimal", rateOf),
    account: reader.optionalText("account") ?? "",
    toAccount,
    toAmountMinor: direction === "transfer" ? reader.optionalInteger("toAmountMinor") : undefined,
    payee: reader.optionalText("payee") ?? "",
    note: reader.optionalText("note") ?? "",
    category: reader.optionalText("category") ?? "",
    tags: reader.set("tags"),
    splits: readSplits(reader, amountMinor),
    paidBy: reader.optionalText("paidBy"),
    shares: readShares(reader, amountMinor),
    receipts: readReceipts(reader),
    importedFrom: readSource(reader),
    author: reader.optionalText("author") ?? "",
    createdAtMs: reader.optionalInteger("createdAtMs") ?? 0,
    editedBy: reader.optionalText("editedBy"),
    editedAtMs: reader.optionalInteger("editedAtMs"),
    deletedAtMs: reader.optionalInteger("deletedAtMs"),
  }
}
