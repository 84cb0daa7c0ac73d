import { type Result, ok } from "../../base/index.js"
import { isCurrency } from "../currency.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseAmount } from "../money.js"
import { isTime } from "../wall.js"
import { type ImportError, tooLarge, unreadable } from "./import-error.js"
import { createKeys } from "./keys.js"
import { importLimits } from "./limits.js"
import type { CsvRecord } from "./records.js"
import { type Remark, quoted } from "../remark.js"
import { Report } from "./report.js"
import { type TableDelimiter, type TableEncoding, readTable } from "./table.js"
import {
  type TableColumns,
  columnsByContent,
  columnsByName,
  isAmountCell,
  isHeader,
} from "./table-columns.js"
import { type TableDateOrder, guessDateOrder, parseTableDate } from "./table-dates.js"

/** How a bank's file is read. Every part is guessed and every part may be forced. */
export interface TableMapping {
  readonly encoding: TableEncoding
  readonly delimiter: TableDelimiter
  /** Line of the header, from 1; 0: the file has none. */
  readonly headerLine: number
  readonly columns: TableColumns
  readonly dateOrder: TableDateOrder
  readonly decimal: "." | ","
  /** What an amount without a sign or direction is: statements of credit cards list what was spent. */
  readonly positive: "income" | "expense"
}

export interface BankOptions {
  /** Of rows that name none: the account's. */
  readonly currency: string
  readonly mapping?: Partial<TableMapping> | undefined
}

export interface BankFile {
  readonly mapping: TableMapping
  /** What the columns are called, or their first cells where they have no names; for a person to choose from. */
  readonly header: readonly string[]
  readonly parsed: ParsedImport
}

const cellAt = (record: CsvRecord, at: number | undefined): string =>
  at === undefined ? "" : (record.cells[at] ?? "")

/** By the last separator that has one or two digits behind it; most cells decide. */
export const guessDecimal = (cells: readonly string[]): "." | "," => {
  const commas = cells.filter(cell => /,\d{1,2}\D*$/.test(cell)).length
  const points = cells.filter(cell => /\.\d{1,2}\D*$/.test(cell)).length
  return commas > points ? "," : "."
}

/** Words and letters for money out, in and neither: Dr and Cr, Soll and Haben, 借 and 贷, 不计收支. */
const directionOf = (text: string): "expense" | "income" | "neutral" | undefined => {
  if (/^(?:不计收支|中性)/.test(text)) return "neutral"
  if (/^(?:支出|支|借|dr|d|debit|s|soll|out|withdrawal|-)(?:$|[\s(/])|支出$|^借/i.test(text)) return "expense"
  return /^(?:收入|收|贷|cr|c|credit|h|haben|in|deposit|\+)(?:$|[\s(/])|收入$|^贷/i.test(text)
    ? "income"
    : undefined
}

interface Reading {
  readonly mapping: TableMapping
  readonly currency: string
}

/** Signed minor units: negative is money out. The reason when there is none. */
const signedAmount = (record: CsvRecord, { mapping }: Reading, currency: string): number | Remark => {
  const { columns, decimal } = mapping
  const read = (cell: string): number | undefined => {
    const inBrackets = /^\((.*)\)$/.exec(cell)
    const bare = (inBrackets?.[1] ?? cell).slice(0, 40).replace(/\s*(?:DR|CR|\(.*\))$/i, "")
    const amount = parseAmount(bare, currency, decimal)
    if (!amount.ok) return undefined
    return inBrackets === null ? amount.value : -Math.abs(amount.value)
  }
  const [debit, credit] = [cellAt(record, columns.debit), cellAt(record, columns.credit)]
  const sides = [-1, 1].map((sign, at) => ({ sign, cell: at === 0 ? debit : credit }))
  for (const { sign, cell } of sides) {
    if (cell === "" || /^[-–—0.,\s]*$/.test(cell)) continue
    const minor = read(cell)
    return minor === undefined ? { code: "NoAmount", found: quoted(cell) } : sign * Math.abs(minor)
  }
  const cell = cellAt(record, columns.amount)
  if (columns.amount === undefined) return debit === "" && credit === "" ? { code: "NoAmount", found: "" } : 0
  const minor = read(cell)
  if (minor === undefined) return { code: "NoAmount", found: quoted(cell) }
  const said =
    directionOf(cellAt(record, columns.direction)) ?? directionOf(/(?:DR|CR)$/i.exec(cell)?.[0] ?? "")
  if (said !== undefined && said !== "neutral") return said === "expense" ? -Math.abs(minor) : Math.abs(minor)
  return mapping.positive === "income" ? minor : -minor
}

const currencyNames: ReadonlyMap<string, string> = new Map([
  ["人民币", "CNY"],
  ["人民币元", "CNY"],
  ["RMB", "CNY"],
  ["美元", "USD"],
  ["欧元", "EUR"],
  ["港币", "HKD"],
  ["港元", "HKD"],
  ["日元", "JPY"],
  ["英镑", "GBP"],
])

const currencyOf = (cell: string, fallback: string): string => {
  const code = currencyNames.get(cell) ?? cell.toUpperCase()
  return isCurrency(code) ? code : fallback
}

/** Cells that say nothing. */
const none = (cell: string): string => (/^[-–—/]+$/.test(cell) ? "" : cell)

const draftOf = (record: CsvRecord, reading: Reading, key: (text: string) => string): EntryDraft | Remark => {
  const { mapping } = reading
  const { columns } = mapping
  const day = cellAt(record, columns.date)
  const when = parseTableDate(day, mapping.dateOrder)
  if (when === undefined) return { code: "NoDate", found: quoted(day) }
  const currency = currencyOf(cellAt(record, columns.currency), reading.currency)
  const signed = signedAmount(record, reading, currency)
  if (typeof signed !== "number") return signed
  const payee = none(cellAt(record, columns.payee))
  const note = none(cellAt(record, columns.note))
  const isNeutral = directionOf(cellAt(record, columns.direction)) === "neutral"
  const time = when.time ?? timeOfCell(cellAt(record, columns.time))
  return {
    sourceId: key([when.date, signed, currency, payee, note].join("|")),
    date: when.date,
    ...(time === undefined ? {} : { time }),
    direction: isNeutral ? "neutral" : signed < 0 ? "expense" : "income",
    status: "settled",
    amountMinor: Math.abs(signed),
    currency,
    payee: payee === "" ? note : payee,
    note: payee === "" ? "" : note,
    account: "",
    category: none(cellAt(record, columns.category)),
    tags: [],
    line: record.line,
  }
}

/** "13:15", "13:15:12" or "131512". */
const timeOfCell = (cell: string): string | undefined => {
  const digits = /^(\d{2}):?(\d{2}):?(\d{2})?$/.exec(cell)
  const time = digits === null ? "" : `${digits[1]}:${digits[2]}:${digits[3] ?? "00"}`
  return isTime(time) ? time : undefined
}

const guessMapping = (
  records: readonly CsvRecord[],
  forced: Partial<TableMapping>,
): Omit<TableMapping, "encoding" | "delimiter"> | undefined => {
  const headerAt =
    forced.headerLine === undefined
      ? records.slice(0, importLimits.preambleLines).findIndex(({ cells }) => isHeader(columnsByName(cells)))
      : records.findIndex(({ line }) => line === forced.headerLine)
  const header = records[headerAt]
  const rows = records.slice(headerAt + 1).map(({ cells }) => cells)
  const some = rows.slice(0, 500)
  const days = (at: number | undefined) => some.map(cells => (at === undefined ? "" : (cells[at] ?? "")))
  const named = header === undefined ? undefined : columnsByName(header.cells)
  const columns =
    forced.columns ??
    named ??
    columnsByContent(some, guessDateOrder(some.flatMap(cells => cells[0] ?? [])).order)
  if (!isHeader(columns)) return undefined
  const amounts = [columns.amount, columns.debit, columns.credit].flatMap(at =>
    at === undefined ? [] : some.map(cells => cells[at] ?? ""),
  )
  const signed = amounts.some(cell => /[-−(]\s*[^\d\s]*\d|\d-$/.test(cell))
  const directed =
    columns.direction !== undefined && days(columns.direction).some(cell => directionOf(cell) !== undefined)
  return {
    headerLine: header?.line ?? 0,
    columns,
    dateOrder: forced.dateOrder ?? guessDateOrder(days(columns.date)).order,
    decimal: forced.decimal ?? guessDecimal(amounts.filter(isAmountCell)),
    positive: forced.positive ?? (signed || directed || columns.amount === undefined ? "income" : "expense"),
  }
}

/**
 * A bank's statement as separated values. What the file does not say by itself (separator, encoding, order of day and
 * month, decimal comma, which column is what) is guessed from all of it and given back, so that a person can correct
 * it and read again.
 */
export const parseBank = (bytes: Uint8Array, options: BankOptions): Result<BankFile, ImportError> => {
  if (bytes.length > importLimits.billBytes)
    return tooLarge("bytes of a statement", bytes.length, importLimits.billBytes)
  const forced = options.mapping ?? {}
  const { encoding, delimiter, records, lost } = readTable(bytes, forced)
  if (records.length > importLimits.billRows)
    return tooLarge("rows of a statement", records.length, importLimits.billRows)
  const guessed = guessMapping(records, forced)
  if (guessed === undefined) return unreadable(1, { code: "NoColumns" })
  const mapping: TableMapping = { encoding, delimiter, ...guessed }
  const report = new Report()
  if (lost > 0) report.warn(0, { code: "Damaged", count: lost })
  const body = records.filter(({ line }) => line > mapping.headerLine)
  if (
    forced.dateOrder === undefined &&
    !guessDateOrder(body.map(record => cellAt(record, mapping.columns.date))).sure
  )
    report.warn(0, { code: "GuessedOrder", order: mapping.dateOrder })
  const key = createKeys()
  const entries: EntryDraft[] = []
  const sums: Record<string, { count: number; amountMinor: number }> = {}
  for (const record of body) {
    const draft = draftOf(record, { mapping, currency: options.currency }, key)
    if ("code" in draft) {
      if (record.cells.some(cell => cell !== "")) report.skip(record.line, draft)
      continue
    }
    entries.push(draft)
    const sum = (sums[`${draft.direction} ${draft.currency}`] ??= { count: 0, amountMinor: 0 })
    sum.count += 1
    sum.amountMinor += draft.amountMinor
  }
  const names = records.find(({ line }) => line === mapping.headerLine) ?? records[0]
  return ok({
    mapping,
    header: names?.cells ?? [],
    parsed: { format: "csv", draft: { area: "ledger", entries }, ...report.done(), sums },
  })
}
