import type { Result } from "../base/index.js"
import { type Account, type Category, addAccount, addCategory } from "./book.js"
import { type PayeeRule, payeeMatcher } from "./bookkeeping/payee-rules.js"
import { noteLedgerYear } from "./catalogue-commands.js"
import type { By, CommandError } from "./command.js"
import { documentLimits } from "./document-limits.js"
import type { EntryDraft } from "./drafts.js"
import { type Said, said } from "./remark.js"
import type { EntryFields } from "./entry.js"
import { checkEntry } from "./entry-draft.js"
import {
  type ImportContext,
  type ImportPlan,
  type ImportStep,
  applyRows,
  batches,
  importId,
  supportStep,
} from "./import-step.js"
import { addEntry } from "./ledger-commands.js"
import { isDate } from "./wall.js"

interface LedgerRow {
  readonly draft: EntryDraft
  readonly id: string
  readonly year: string
  readonly sourceId: string
  readonly fields: EntryFields
}

/**
 * The account or category of a name in the file: an existing one of that name (given, or shown for what every family
 * starts with), else one whose id follows from the name, so that two devices that import at once make the same. "" is
 * none.
 */
const accountOf = (name: string, currency: string, context: ImportContext): string => {
  if (name === "") return ""
  const known = [...(context.book?.accounts.values() ?? [])].find(
    account =>
      [account.name, account.key, context.names?.account(account.id)].includes(name) &&
      (account.currency === currency || account.currency === ""),
  )
  return known?.id ?? importId(context, "account", name, currency)
}

const categoryOf = (name: string, kind: Category["kind"], context: ImportContext): string => {
  if (name === "") return ""
  const known = [...(context.book?.categories.values() ?? [])].find(
    category =>
      [category.name, category.key].includes(name) ||
      (category.kind === kind && context.names?.category(category.id) === name),
  )
  return known?.id ?? importId(context, "category", name, kind)
}

const kindOf = (draft: EntryDraft): Category["kind"] => (draft.direction === "income" ? "income" : "expense")
const clip = (text: string, limit: number): string => (text.length <= limit ? text : text.slice(0, limit))
const clipName = (name: string): string => clip(name.trim(), documentLimits.name)

const fieldsOf = (draft: EntryDraft, rule: PayeeRule | undefined, context: ImportContext): EntryFields => ({
  date: draft.date,
  time: draft.time,
  direction: draft.direction,
  status: draft.status,
  amountMinor: draft.amountMinor,
  currency: draft.currency,
  account:
    accountOf(clipName(draft.account), draft.currency, context) || (context.account ?? rule?.account ?? ""),
  // A statement knows its own side only.
  toAccount: draft.direction === "transfer" ? "" : undefined,
  payee: clip(draft.payee, documentLimits.title),
  note: clip(draft.note, documentLimits.text),
  // What the family said of a payee counts more than what a bank calls it.
  category: rule?.category || categoryOf(clipName(draft.category), kindOf(draft), context),
  tags: [...new Set([...draft.tags.map(clipName), ...(rule?.tags ?? [])])]
    .filter(tag => tag !== "")
    .slice(0, documentLimits.perItem),
  splits: [],
  shares: {},
})

type AccountFields = Omit<Account, "id" | "key">
type CategoryFields = Omit<Category, "id" | "key">

/** Accounts and categories that the rows name and the book lacks, by id. */
const bookAdditions = (rows: readonly LedgerRow[], context: ImportContext) => {
  const accounts = new Map<string, AccountFields>()
  const categories = new Map<string, CategoryFields>()
  const { book } = context
  for (const { draft, fields } of rows) {
    const [account, category] = [clipName(draft.account), clipName(draft.category)]
    if (account !== "" && book?.accounts.has(fields.account) !== true) {
      const own = { name: account, currency: draft.currency, kind: "other", openingMinor: 0 } as const
      accounts.set(fields.account, { ...own, archived: false })
    }
    const isNamed = fields.category === categoryOf(category, kindOf(draft), context)
    if (category !== "" && isNamed && book?.categories.has(fields.category) !== true)
      categories.set(fields.category, { name: category, kind: kindOf(draft), icon: "", archived: false })
  }
  return { accounts: [...accounts], categories: [...categories] }
}

/** The rows of a file as entries with their ids; `skipped` are those that are no valid entry. */
export const ledgerRows = (
  drafts: readonly EntryDraft[],
  format: string,
  context: ImportContext,
): { readonly rows: readonly LedgerRow[]; readonly skipped: readonly Said[] } => {
  const skipped: Said[] = []
  const rows: LedgerRow[] = []
  const ruleFor = payeeMatcher(context.book?.payeeRules.values() ?? [])
  for (const draft of drafts) {
    const fields = fieldsOf(draft, ruleFor(draft.payee), context)
    const checked = checkEntry(fields, true)
    if (!checked.ok) {
      const field = checked.error.type === "InvalidField" ? checked.error.field : "entry"
      skipped.push(said(draft.line, { code: "InvalidField", field }))
      continue
    }
    const year = isDate(draft.date) ? draft.date.slice(0, 4) : ""
    // A file that names no account says the same of two accounts (a fee on one day): the account tells them apart.
    const place = draft.account === "" && context.account !== undefined ? [context.account] : []
    const id = importId(context, "entry", format, draft.sourceId, ...place)
    rows.push({ draft, id, year, sourceId: draft.sourceId, fields })
  }
  return { rows, skipped }
}

/** What an import writes, as plain values. */
export interface LedgerImport {
  readonly format: string
  readonly accounts: readonly (readonly [id: string, fields: AccountFields])[]
  readonly categories: readonly (readonly [id: string, fields: CategoryFields])[]
  /** At most `rowsPerStep` rows each, by year. */
  readonly batches: readonly { readonly year: string; readonly rows: readonly ImportedEntry[] }[]
  readonly skipped: readonly Said[]
}

export interface ImportedEntry {
  readonly id: string
  readonly sourceId: string
  readonly fields: EntryFields
}

export const ledgerImport = (
  drafts: readonly EntryDraft[],
  format: string,
  context: ImportContext,
): LedgerImport => {
  const { rows: valid, skipped } = ledgerRows(drafts, format, context)
  const rowsByYear = new Map<string, ImportedEntry[]>()
  for (const { year, id, sourceId, fields } of valid) {
    const ofYear = rowsByYear.get(year) ?? []
    ofYear.push({ id, sourceId, fields })
    rowsByYear.set(year, ofYear)
  }
  const years = [...rowsByYear.keys()].sort()
  return {
    format,
    ...bookAdditions(valid, context),
    batches: years.flatMap(year => batches(rowsByYear.get(year) ?? []).map(rows => ({ year, rows }))),
    skipped,
  }
}

/** Adds the rows of a batch that are not there; gives how many were new. */
export const importEntries = (
  draft: unknown,
  input: {
    readonly year: string
    readonly format: string
    readonly rows: readonly ImportedEntry[]
    readonly by: By
  },
): Result<number, CommandError> =>
  applyRows(input.rows, ({ id, sourceId, fields }) =>
    addEntry(draft, {
      year: input.year,
      id,
      fields,
      by: input.by,
      source: { format: input.format, sourceId },
    }),
  )

export const planLedgerImport = (
  drafts: readonly EntryDraft[],
  format: string,
  context: ImportContext,
): ImportPlan => {
  const { accounts, categories, batches: parts, skipped } = ledgerImport(drafts, format, context)
  const by = { author: context.author, nowMs: context.nowMs }
  const years = [...new Set(parts.map(({ year }) => year))]
  const catalogue = supportStep(
    { area: "catalogue", name: "" },
    years.map(year => (draft: unknown) => noteLedgerYear(draft, year)),
  )
  const book = supportStep({ area: "book", name: "" }, [
    ...accounts.map(
      ([id, fields]) =>
        (draft: unknown) =>
          addAccount(draft, id, fields),
    ),
    ...categories.map(
      ([id, fields]) =>
        (draft: unknown) =>
          addCategory(draft, id, fields),
    ),
  ])
  const entrySteps = parts.map(({ year, rows }): ImportStep => ({
    document: { area: "ledger", name: year },
    rows: rows.length,
    apply: draft => importEntries(draft, { year, format, rows, by }),
  }))
  return { steps: parts.length === 0 ? [] : [catalogue, book, ...entrySteps], skipped }
}
