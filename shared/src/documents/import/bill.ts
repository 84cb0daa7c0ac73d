import { ok, type Result } from "../../base/index.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseAmount } from "../money.js"
import { compareTotals, createTotals, readStatedTotal, type StatedTotal } from "./bill-totals.js"
import { dateOf, timeOf } from "./calendar-date.js"
import { unreadable, tooLarge, type ImportError } from "./import-error.js"
import { createKeys } from "./keys.js"
import { importLimits } from "./limits.js"
import { quoted } from "../remark.js"
import { readRecords, type CsvRecord } from "./records.js"
import { Report } from "./report.js"
import { decodeText, splitLines } from "./text.js"

type Column =
  "time" | "number" | "payee" | "goods" | "flow" | "amount" | "account" | "state" | "category" | "remark"

/** What tells one provider's bill from another's; the way of reading is the same. */
export interface BillForm {
  readonly format: string
  readonly currency: string
  /** Header names per column, spaces and "(元)" taken away; the first one that the file has counts. */
  readonly names: Readonly<Record<Column, readonly string[]>>
  readonly statusOf: (state: string) => EntryDraft["status"] | undefined
  /** The state belongs into the note when it says more than the status does (a partial refund's amount). */
  readonly stateInNote: (state: string) => boolean
}

type Columns = Readonly<Partial<Record<Column, number>>>

const headerName = (cell: string): string =>
  cell
    .replaceAll(/\s/g, "")
    .replaceAll("（", "(")
    .replaceAll("）", ")")
    .replace(/\(元\)$/, "")

const findColumns = (form: BillForm, cells: readonly string[]): Columns => {
  const names = cells.map(headerName)
  const columns: Partial<Record<Column, number>> = {}
  for (const [column, wanted] of Object.entries(form.names) as [Column, readonly string[]][]) {
    const at = wanted.map(name => names.indexOf(name)).find(index => index >= 0)
    if (at !== undefined) columns[column] = at
  }
  return columns
}

const isHeader = ({ time, amount, flow, number }: Columns): boolean =>
  time !== undefined && amount !== undefined && flow !== undefined && number !== undefined

/** "2024-05-06 07:08:09", also with slashes, one-digit months and without seconds, as spreadsheets write it back. */
const parseBillTime = (text: string): { date: string; time?: string } | undefined => {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
  if (match === null) return undefined
  const date = dateOf(Number(match[1]), Number(match[2]), Number(match[3]))
  if (date === undefined || match[4] === undefined) return date === undefined ? undefined : { date }
  const time = timeOf(Number(match[4]), Number(match[5]), Number(match[6] ?? "0"))
  return time === undefined ? undefined : { date, time }
}

const directionOf = (flow: string): EntryDraft["direction"] =>
  flow === "支出" ? "expense" : flow === "收入" ? "income" : "neutral"

/**
 * A provider's bill -> entries. Everything above the header row is preamble; every row with a date becomes an entry,
 * what it does to a balance is the ledger's matter; the provider's own totals are compared and only warned about.
 */
export const parseBill = (form: BillForm, bytes: Uint8Array): Result<ParsedImport, ImportError> => {
  if (bytes.length > importLimits.billBytes)
    return tooLarge("bytes of a bill", bytes.length, importLimits.billBytes)
  const report = new Report()
  const { text, lost } = decodeText(bytes, true)
  if (lost > 0) report.warn(0, { code: "Damaged", count: lost })
  const lines = splitLines(text)
  if (lines.length > importLimits.billRows)
    return tooLarge("lines of a bill", lines.length, importLimits.billRows)

  const records = readRecords(lines)
  const headerAt = records
    .slice(0, importLimits.preambleLines)
    .findIndex(record => isHeader(findColumns(form, record.cells)))
  const header = records[headerAt]
  if (header === undefined) return unreadable(1, { code: "NoHeader", format: form.format })

  const columns = findColumns(form, header.cells)
  const stated: StatedTotal[] = records
    .slice(0, headerAt)
    .flatMap(record => readStatedTotal(record.cells.join(",")) ?? [])
  const totals = createTotals()
  const entries: EntryDraft[] = []
  const key = createKeys()
  for (const record of records.slice(headerAt + 1)) {
    const line = record.cells.join(",")
    const cell = (column: Column): string => cellAt(record, columns[column])
    const when = parseBillTime(cell("time"))
    if (when === undefined) {
      const total = readStatedTotal(line)
      if (total !== undefined) stated.push(total)
      else if (!isFurniture(record.cells))
        report.skip(record.line, { code: "NoDate", found: quoted(cell("time")) })
      continue
    }
    const flow = cell("flow")
    const direction = directionOf(flow)
    const amount = parseAmount(cell("amount").slice(0, 40), form.currency, ".")
    if (!amount.ok || (amount.value < 0 && direction !== "expense")) {
      report.skip(record.line, { code: "NoAmount", found: quoted(cell("amount")) })
      continue
    }
    const amountMinor = Math.abs(amount.value)
    const state = cell("state")
    const status = form.statusOf(state)
    if (status === undefined) report.warn(record.line, { code: "UnknownState", found: quoted(state) })
    const number = none(cell("number"))
    const moment = when.time === undefined ? when.date : `${when.date}T${when.time}`
    totals.add(flow, amountMinor)
    entries.push({
      sourceId: key(number === "" ? record.cells.join("|") : `${number}@${moment}`),
      ...when,
      direction,
      status: status ?? "settled",
      amountMinor,
      currency: form.currency,
      payee: none(cell("payee")),
      note: [none(cell("goods")), none(cell("remark")), form.stateInNote(state) ? state : ""]
        .filter(part => part !== "")
        .join(" · "),
      account: none(cell("account")),
      category: none(cell("category")),
      tags: [],
      line: record.line,
    })
  }
  for (const remark of compareTotals(stated, totals)) report.warn(0, remark)
  return ok({
    format: form.format,
    draft: { area: "ledger", entries },
    ...report.done(),
    sums: totals.sums(),
  })
}

const cellAt = (record: CsvRecord, at: number | undefined): string =>
  at === undefined ? "" : (record.cells[at] ?? "")

/** Both providers write "/" for "nothing". */
const none = (cell: string): string => (cell === "/" ? "" : cell)

/** Rules of dashes and the export time below the rows of older exports. */
const isFurniture = (cells: readonly string[]): boolean =>
  cells.every(cell => cell === "" || cell === "/") || /^-{3,}|^(导出时间|用户)[：:]/.test(cells[0] ?? "")
