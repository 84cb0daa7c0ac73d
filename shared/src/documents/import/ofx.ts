import type { Result } from "../../base/index.js"
import { isCurrency } from "../currency.js"
import type { ParsedImport } from "../drafts.js"
import { dateOf, timeOf } from "./calendar-date.js"
import { type ImportError, tooLarge, unreadable } from "./import-error.js"
import { importLimits } from "./limits.js"
import { readMarkup } from "./markup.js"
import { Report } from "./report.js"
import { type StatementRow, statementOf } from "./statement-rows.js"
import { statementText } from "./table.js"

/** `YYYYMMDD[HHMMSS[.XXX]][[offset:zone]]`: the bank's own day and clock; midnight and noon alone are no times. */
const whenOf = (text: string): StatementRow["when"] => {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?/.exec(text) ?? []
  const date = dateOf(Number(year), Number(month), Number(day))
  if (date === undefined) return text
  const time = timeOf(Number(hour ?? -1), Number(minute), Number(second))
  return time === undefined || time === "00:00:00" || time === "12:00:00" ? { date } : { date, time }
}

interface Place {
  readonly account: string
  readonly currency: string
}

const rowOf = (
  fields: ReadonlyMap<string, string>,
  line: number,
  { account, currency }: Place,
): StatementRow => {
  const field = (name: string): string => fields.get(name) ?? ""
  const own = field("CURSYM").toUpperCase()
  return {
    line,
    when: whenOf(field("DTUSER") || field("DTPOSTED")),
    amount: field("TRNAMT"),
    currency: isCurrency(own) ? own : currency,
    status: "settled",
    payee: field("NAME"),
    note: field("MEMO"),
    category: "",
    account,
    number: field("FITID"),
  }
}

/**
 * OFX and QFX, 1 (SGML) and 2 (XML): every STMTTRN of every bank and card statement. Bookings of securities are not
 * read. `<CURRENCY>` says in what an amount is; `<ORIGCURRENCY>` only from what it was changed.
 */
export const parseOfx = (bytes: Uint8Array): Result<ParsedImport, ImportError> => {
  if (bytes.length > importLimits.billBytes)
    return tooLarge("bytes of a statement", bytes.length, importLimits.billBytes)
  const { text, lost } = statementText(bytes)
  const report = new Report()
  if (lost > 0) report.warn(0, { code: "Damaged", count: lost })
  const rows: StatementRow[] = []
  let place: Place = { account: "", currency: "" }
  let fields: Map<string, string> | undefined
  let line = 0
  let leaf = ""
  let isForeign = false
  let isOfx = false
  const finish = (): void => {
    if (fields !== undefined) rows.push(rowOf(fields, line, place))
    fields = undefined
  }
  for (const token of readMarkup(text)) {
    if (token.type === "Text") {
      if (fields !== undefined) {
        if (leaf !== "" && (leaf !== "CURSYM" || isForeign))
          fields.set(leaf, [fields.get(leaf), token.text].filter(Boolean).join(" "))
      } else if (leaf === "CURDEF" && isCurrency(token.text.toUpperCase()))
        place = { ...place, currency: token.text.toUpperCase() }
      else if (leaf === "ACCTID") place = { ...place, account: token.text }
      continue
    }
    const name = token.name.toUpperCase()
    // Of a value that is there twice (the payee's name) the first.
    leaf = token.type === "Open" && fields?.has(name) !== true ? name : ""
    if (name === "OFX") isOfx = true
    if (name === "CURRENCY") isForeign = token.type === "Open"
    if (name === "STMTTRN") {
      finish()
      if (rows.length > importLimits.billRows)
        return tooLarge("rows of a statement", rows.length, importLimits.billRows)
      if (token.type === "Open") [fields, line] = [new Map(), token.line]
    } else if (name === "STMTRS" || name === "CCSTMTRS") finish()
  }
  finish()
  return isOfx ? statementOf("ofx", rows, report) : unreadable(1, "there is no <OFX> in it")
}
