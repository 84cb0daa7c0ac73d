import type { Result } from "../../base/index.js"
import type { ParsedImport } from "../drafts.js"
import { guessDecimal } from "./bank.js"
import { type ImportError, tooLarge, unreadable } from "./import-error.js"
import { importLimits } from "./limits.js"
import { Report } from "./report.js"
import { type StatementRow, statementOf } from "./statement-rows.js"
import { guessDateOrder, parseTableDate } from "./table-dates.js"
import { statementText } from "./table.js"
import { splitLines } from "./text.js"

export interface QifOptions {
  /** The format has no word for it: the account's. */
  readonly currency: string
}

/** Sections whose records are bookings; lists of categories, securities and the like are passed over. */
const bookings = /^!type:\s*(?:bank|cash|ccard|oth\s?[alsp])/i

interface QifRecord {
  readonly line: number
  readonly account: string
  /** By letter; of one that comes again the first. */
  readonly fields: ReadonlyMap<string, string>
  /** Each with what the file says of it, in its order: category, memo, amount. */
  readonly splits: readonly (readonly string[])[]
}

/** `D T P M L N S E $` and others, one a line, to a line with "^". After `!Account` a record names the account. */
const recordsOf = (lines: readonly string[]): readonly QifRecord[] => {
  const records: QifRecord[] = []
  let section: "bookings" | "account" | "other" = "other"
  let account = ""
  let fields = new Map<string, string>()
  let splits: string[][] = []
  let begun = 0
  const finish = (): void => {
    if (section === "account") account = fields.get("N") ?? account
    if (section === "bookings" && fields.size > 0) records.push({ line: begun, account, fields, splits })
    fields = new Map()
    splits = []
  }
  lines.forEach((whole, at) => {
    const line = whole.trim()
    if (line.startsWith("!")) {
      finish()
      if (/^!(?:option|clear)/i.test(line)) return
      section = bookings.test(line) ? "bookings" : /^!account/i.test(line) ? "account" : "other"
    } else if (line.startsWith("^")) finish()
    else if (line !== "") {
      if (fields.size === 0) begun = at + 1
      const [letter, value] = [line.slice(0, 1), line.slice(1).trim()]
      if (letter === "S") splits.push([value])
      else if (letter === "E" || letter === "$") splits.at(-1)?.push(value)
      else if (!fields.has(letter)) fields.set(letter, value)
    }
  })
  finish()
  return records
}

/** 1/15'04 and 1/15' 4 are of this century. */
const plainDay = (text: string): string =>
  text.replace(/'\s*(\d{1,2})$/, (_, year: string) => `/20${year.padStart(2, "0")}`).replace(/\s+/g, "")

const rowOf = (
  { line, account, fields, splits }: QifRecord,
  reading: { readonly order: "dmy" | "mdy" | "ymd"; readonly decimal: "." | ","; readonly currency: string },
): StatementRow => {
  const field = (letter: string): string => fields.get(letter) ?? ""
  const day = field("D")
  const category = field("L")
  // Another account of the same person, or several categories: for a person to settle, nothing of it is lost.
  const parts = splits.map(words => words.join(" "))
  const isOther = category.startsWith("[") || parts.length > 0
  const when = parseTableDate(plainDay(day), reading.order)
  return {
    line,
    when: when === undefined ? day : { date: when.date },
    amount: field("T") || field("U"),
    decimal: reading.decimal,
    currency: reading.currency,
    status: "settled",
    payee: field("P"),
    note: [field("M"), ...(category.startsWith("[") ? [category] : []), ...parts].filter(Boolean).join("; "),
    category: isOther ? "" : (category.split("/")[0] ?? ""),
    account,
    number: "",
  }
}

/** The first line that says something begins a section. */
export const isQif = (text: string): boolean => /^\ufeff?\s*!(?:type|account|option|clear)\b/i.test(text)

/** QIF: bookings of bank, cash and card accounts. Order of day and month, and decimal sign, are guessed from all. */
export const parseQif = (bytes: Uint8Array, options: QifOptions): Result<ParsedImport, ImportError> => {
  if (bytes.length > importLimits.billBytes)
    return tooLarge("bytes of a statement", bytes.length, importLimits.billBytes)
  const { text, lost } = statementText(bytes)
  if (!isQif(text)) return unreadable(1, "it does not begin with !Type or !Account")
  const records = recordsOf(splitLines(text))
  if (records.length > importLimits.billRows)
    return tooLarge("rows of a statement", records.length, importLimits.billRows)
  const report = new Report()
  if (lost > 0) report.warn(0, { code: "Damaged", count: lost })
  const first = (letter: string): readonly string[] => records.map(({ fields }) => fields.get(letter) ?? "")
  const { order, sure } = guessDateOrder(first("D").map(plainDay))
  if (!sure && records.length > 0) report.warn(0, { code: "GuessedOrder", order })
  const decimal = guessDecimal(first("T"))
  return statementOf(
    "qif",
    records.map(record => rowOf(record, { order, decimal, currency: options.currency })),
    report,
  )
}
