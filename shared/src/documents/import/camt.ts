import type { Result } from "../../base/index.js"
import { isCurrency } from "../currency.js"
import type { ParsedImport } from "../drafts.js"
import { type ImportError, tooLarge, unreadable } from "./import-error.js"
import { importLimits } from "./limits.js"
import { readMarkup } from "./markup.js"
import { Report } from "./report.js"
import { type StatementRow, statementOf } from "./statement-rows.js"
import { parseTableDate } from "./table-dates.js"
import { statementText } from "./table.js"

/** Statements, reports of the day, and notices: camt.053, 052 and 054. */
const statements: ReadonlySet<string> = new Set(["Stmt", "Rpt", "Ntfctn"])

/** Elements inside each other: the standard has about fifteen. */
const deepest = 64

/** What stands for a number where a bank has none. */
const noNumber = /^(?:NOTPROVIDED|NONREF|0*)$/i

interface Booking {
  readonly line: number
  readonly currency: string
  /** Texts by the path below the booking, "RltdPties/Cdtr/Nm": in the file's order. */
  readonly texts: Map<string, string[]>
}

/** The parts of a booking that say something, without the elements that only hold them. */
const shortPath = (path: readonly string[]): string =>
  path.filter(name => !["NtryDtls", "TxDtls", "Pty", "Strd", "Cd"].includes(name)).join("/")

const rowOf = ({ line, currency, texts }: Booking, account: string): StatementRow => {
  const all = (path: string): readonly string[] => [...new Set(texts.get(path) ?? [])]
  const first = (...paths: readonly string[]): string => paths.flatMap(all)[0] ?? ""
  const isOut = first("CdtDbtInd") === "DBIT"
  const [ours, theirs] = isOut ? ["Dbtr", "Cdtr"] : ["Cdtr", "Dbtr"]
  const party = (kind: string): readonly string[] => [
    ...all(`RltdPties/Ultmt${kind}/Nm`),
    ...all(`RltdPties/${kind}/Nm`),
  ]
  const payees = party(theirs)
  const day = first("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
  const number = first("AcctSvcrRef", "Refs/AcctSvcrRef")
  const amount = first("Amt")
  return {
    line,
    when: parseTableDate(day.slice(0, 10), "ymd") ?? day,
    amount: isOut ? `-${amount}` : amount,
    decimal: ".",
    currency,
    status: first("Sts") === "BOOK" || first("Sts") === "" ? "settled" : "pending",
    // Of what came back the parties are those of the first booking.
    payee: (payees.length > 0 ? payees : first("RvslInd") === "true" ? party(ours) : [])
      .slice(0, 3)
      .join(", "),
    note: [...all("RmtInf/Ustrd"), ...(texts.has("RmtInf/Ustrd") ? [] : all("AddtlNtryInf"))].join(" "),
    category: "",
    account,
    number: noNumber.test(number) ? "" : number,
  }
}

/**
 * ISO 20022 camt.052, 053 and 054 of any version. A booking is one entry, also where it gathers several payments: that
 * is the amount by which the account changed.
 */
export const parseCamt = (bytes: Uint8Array): Result<ParsedImport, ImportError> => {
  if (bytes.length > importLimits.billBytes)
    return tooLarge("bytes of a statement", bytes.length, importLimits.billBytes)
  const { text, lost } = statementText(bytes)
  const report = new Report()
  if (lost > 0) report.warn(0, { code: "Damaged", count: lost })
  const rows: StatementRow[] = []
  const path: string[] = []
  let isCamt = false
  let account = ""
  let booking: Booking | undefined
  let bookedAt = 0
  for (const token of readMarkup(text)) {
    if (token.type === "Open") {
      path.push(token.name)
      if (path.length > deepest) return unreadable(token.line, "elements stand too deep in each other")
      if (statements.has(token.name)) [isCamt, account] = [true, ""]
      if (token.name === "Ntry" && booking === undefined) {
        booking = { line: token.line, currency: "", texts: new Map() }
        bookedAt = path.length
      }
      const currency = /\bCcy\s*=\s*["']([A-Z]{3})["']/.exec(token.attributes)?.[1] ?? ""
      if (booking?.currency === "" && path.length === bookedAt + 1 && isCurrency(currency))
        booking = { ...booking, currency }
    } else if (token.type === "Text") {
      if (booking !== undefined) {
        const key = shortPath(path.slice(bookedAt))
        booking.texts.set(key, [...(booking.texts.get(key) ?? []), token.text].slice(0, 100))
      } else if (account === "" && /(?:^|\/)Acct\/Id\/(?:IBAN|Othr\/Id)$/.test(path.join("/")))
        account = token.text
    } else {
      // What was opened in between and never closed ends with what holds it.
      const opened = path.lastIndexOf(token.name)
      if (opened >= 0) path.length = opened
      if (booking !== undefined && path.length < bookedAt) {
        rows.push(rowOf(booking, account))
        booking = undefined
        if (rows.length > importLimits.billRows)
          return tooLarge("rows of a statement", rows.length, importLimits.billRows)
      }
    }
  }
  return isCamt ? statementOf("camt", rows, report) : unreadable(1, "there is no statement in it")
}
