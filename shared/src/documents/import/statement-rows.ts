import { type Result, ok } from "../../base/index.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseAmount } from "../money.js"
import { type Remark, quoted } from "../remark.js"
import type { ImportError } from "./import-error.js"
import { createKeys } from "./keys.js"
import type { Report } from "./report.js"

/** One booking of a statement, as its format has it. */
export interface StatementRow {
  readonly line: number
  /** YYYY-MM-DD and HH:MM:SS, or what stood there. */
  readonly when: { readonly date: string; readonly time?: string } | string
  /** With its sign: negative is money out. */
  readonly amount: string
  readonly decimal?: "." | "," | undefined
  readonly currency: string
  readonly status: EntryDraft["status"]
  readonly payee: string
  readonly note: string
  readonly category: string
  /** The account that the file itself names. */
  readonly account: string
  /** The bank's number of the booking, "" where there is none. */
  readonly number: string
}

const draftOf = (row: StatementRow, account: string, key: (text: string) => string): EntryDraft | Remark => {
  if (typeof row.when === "string") return { code: "NoDate", found: quoted(row.when) }
  const amount = parseAmount(row.amount, row.currency, row.decimal)
  if (!amount.ok) return { code: "NoAmount", found: quoted(row.amount) }
  const { payee, note } = row
  const rest = row.number === "" ? [row.when.date, amount.value, row.currency, payee, note] : [row.number]
  return {
    sourceId: key([row.account, ...rest].join("|")),
    ...row.when,
    direction: amount.value < 0 ? "expense" : "income",
    status: row.status,
    amountMinor: Math.abs(amount.value),
    currency: row.currency,
    payee: payee === "" ? note : payee,
    note: payee === "" ? "" : note,
    account,
    category: row.category,
    tags: [],
    line: row.line,
  }
}

/**
 * The drafts of a statement. Of one account it names none: the person says which of the family's it is. Of several
 * each row keeps the name of its own.
 */
export const statementOf = (
  format: string,
  rows: readonly StatementRow[],
  report: Report,
): Result<ParsedImport, ImportError> => {
  const isOfSeveral = new Set(rows.map(({ account }) => account)).size > 1
  const key = createKeys()
  const entries: EntryDraft[] = []
  const sums: Record<string, { count: number; amountMinor: number }> = {}
  for (const row of rows) {
    const draft = draftOf(row, isOfSeveral ? row.account : "", key)
    if ("code" in draft) {
      report.skip(row.line, draft)
      continue
    }
    entries.push(draft)
    const sum = (sums[`${draft.direction} ${draft.currency}`] ??= { count: 0, amountMinor: 0 })
    sum.count += 1
    sum.amountMinor += draft.amountMinor
  }
  return ok({ format, draft: { area: "ledger", entries }, ...report.done(), sums })
}
