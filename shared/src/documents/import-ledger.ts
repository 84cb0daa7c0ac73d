import { type Account, type Book, type Category, addAccount, addCategory } from "./book.js"
import { noteLedgerYear } from "./catalogue-commands.js"
import { documentLimits } from "./document-limits.js"
import type { EntryDraft, Skipped } from "./drafts.js"
import type { EntryFields } from "./entry.js"
import {
  type ImportContext,
  type ImportPlan,
  type ImportStep,
  applyRows,
  batches,
  importId,
  supportStep,
} from "./import-step.js"
import { addEntry, checkEntry } from "./ledger-commands.js"
import { isDate } from "./wall.js"

interface Row {
  readonly id: string
  readonly year: string
  readonly sourceId: string
  readonly fields: EntryFields
}

const nameOf = (item: Account | Category): readonly (string | undefined)[] => [item.name, item.key]

/**
 * The account or category of a name in the file: an existing one of that name, else one whose id follows from the
 * name, so that two devices that import at once make the same. "" is none.
 */
const accountOf = (name: string, currency: string, context: ImportContext): string => {
  if (name === "") return ""
  const known = [...(context.book?.accounts.values() ?? [])].find(
    account => nameOf(account).includes(name) && (account.currency === currency || account.currency === ""),
  )
  return known?.id ?? importId(context, "account", name, currency)
}

const categoryOf = (name: string, kind: Category["kind"], context: ImportContext): string => {
  if (name === "") return ""
  const known = [...(context.book?.categories.values() ?? [])].find(category =>
    nameOf(category).includes(name),
  )
  return known?.id ?? importId(context, "category", name, kind)
}

const kindOf = (draft: EntryDraft): Category["kind"] => (draft.direction === "income" ? "income" : "expense")
const clip = (text: string, limit: number): string => (text.length <= limit ? text : text.slice(0, limit))
const clipName = (name: string): string => clip(name.trim(), documentLimits.name)

const fieldsOf = (draft: EntryDraft, context: ImportContext): EntryFields => ({
  date: draft.date,
  time: draft.time,
  direction: draft.direction,
  status: draft.status,
  amountMinor: draft.amountMinor,
  currency: draft.currency,
  account: accountOf(clipName(draft.account), draft.currency, context),
  // A statement knows its own side only.
  toAccount: draft.direction === "transfer" ? "" : undefined,
  payee: clip(draft.payee, documentLimits.title),
  note: clip(draft.note, documentLimits.text),
  category: categoryOf(clipName(draft.category), kindOf(draft), context),
  tags: [...new Set(draft.tags.map(clipName))].filter(tag => tag !== "").slice(0, documentLimits.perItem),
  splits: [],
  shares: {},
})

/** Accounts and categories that the rows name and the book lacks. */
const bookStep = (drafts: readonly EntryDraft[], context: ImportContext): ImportStep => {
  const accounts = new Map<string, { name: string; currency: string }>()
  const categories = new Map<string, { name: string; kind: Category["kind"] }>()
  const known = (items: Book["accounts"] | Book["categories"] | undefined, id: string) =>
    items?.has(id) === true
  for (const draft of drafts) {
    const [account, category] = [clipName(draft.account), clipName(draft.category)]
    const accountId = accountOf(account, draft.currency, context)
    if (accountId !== "" && !known(context.book?.accounts, accountId))
      accounts.set(accountId, { name: account, currency: draft.currency })
    const categoryId = categoryOf(category, kindOf(draft), context)
    if (categoryId !== "" && !known(context.book?.categories, categoryId))
      categories.set(categoryId, { name: category, kind: kindOf(draft) })
  }
  return supportStep({ area: "book", name: "" }, [
    ...[...accounts].map(
      ([id, fields]) =>
        (draft: unknown) =>
          addAccount(draft, id, { ...fields, kind: "other", openingMinor: 0, archived: false }),
    ),
    ...[...categories].map(
      ([id, fields]) =>
        (draft: unknown) =>
          addCategory(draft, id, { ...fields, icon: "", archived: false }),
    ),
  ])
}

export const planLedgerImport = (
  drafts: readonly EntryDraft[],
  format: string,
  context: ImportContext,
): ImportPlan => {
  const skipped: Skipped[] = []
  const rowsByYear = new Map<string, Row[]>()
  const valid: EntryDraft[] = []
  for (const draft of drafts) {
    const fields = fieldsOf(draft, context)
    const checked = checkEntry(fields, true)
    if (!checked.ok) {
      const field = checked.error.type === "InvalidField" ? checked.error.field : "entry"
      skipped.push({ line: draft.line, reason: `${field} is not valid` })
      continue
    }
    valid.push(draft)
    const year = isDate(draft.date) ? draft.date.slice(0, 4) : ""
    const id = importId(context, "entry", format, draft.sourceId)
    const rows = rowsByYear.get(year) ?? []
    rows.push({ id, year, sourceId: draft.sourceId, fields })
    rowsByYear.set(year, rows)
  }
  const by = { author: context.author, nowMs: context.nowMs }
  const years = [...rowsByYear.keys()].sort()
  const entrySteps = years.flatMap(year =>
    batches(rowsByYear.get(year) ?? []).map((rows): ImportStep => ({
      document: { area: "ledger", name: year },
      rows: rows.length,
      apply: draft =>
        applyRows(rows, ({ id, sourceId, fields }) =>
          addEntry(draft, { year, id, fields, by, source: { format, sourceId } }),
        ),
    })),
  )
  const catalogue = supportStep(
    { area: "catalogue", name: "" },
    years.map(year => (draft: unknown) => noteLedgerYear(draft, year)),
  )
  return {
    steps: entrySteps.length === 0 ? [] : [catalogue, bookStep(valid, context), ...entrySteps],
    skipped,
  }
}
