import Papa from "papaparse"
import type { Book } from "../book.js"
import type { Ledger } from "../ledger.js"
import { formatMinor } from "../money.js"
import { exportLedger } from "./json.js"

const columns = [
  "id",
  "date",
  "time",
  "direction",
  "status",
  "amount",
  "currency",
  "rate",
  "account",
  "toAccount",
  "payee",
  "note",
  "category",
  "tags",
  "author",
  "importedFrom",
] as const

const cell = (value: unknown): string => (typeof value === "string" ? value : "")

/**
 * One row per entry, RFC 4180, amounts as plain decimals with the currency's digits. Text that a spreadsheet would
 * run as a formula (a payee is written by strangers) gets an apostrophe in front. For programs: the JSON export.
 */
export const csvOfLedger = (ledgers: Iterable<Ledger>, book: Book): string => {
  const { entries } = exportLedger(ledgers, book)
  const rows = (entries as readonly Readonly<Record<string, unknown>>[]).map(entry => {
    const [tags, source] = [
      entry["tags"] as readonly string[],
      entry["importedFrom"] as { format: string; sourceId: string } | null,
    ]
    const own: Readonly<Record<string, string>> = {
      amount: formatMinor(Number(entry["amountMinor"]), cell(entry["currency"])),
      tags: tags.join("; "),
      importedFrom: source === null ? "" : `${source.format}:${source.sourceId}`,
    }
    return columns.map(column => own[column] ?? cell(entry[column]))
  })
  return Papa.unparse([[...columns], ...rows], { escapeFormulae: true, newline: "\r\n" }) + "\r\n"
}
