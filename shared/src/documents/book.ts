import { type Result, err, ok } from "../base/index.js"
import { type CommandError, type CommandResult, check, containerOf, done, isId } from "./command.js"
import { copiesOf } from "./conflicts.js"
import { isCurrency } from "./currency.js"
import { documentLimits } from "./document-limits.js"
import { readItems, readRegisters } from "./read-items.js"
import { type ItemReader, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { type MapDraft, type Scalar, itemOf, put } from "./scalar.js"
import { type Budgets, readBudgets } from "./bookkeeping/budgets.js"
import { type SavedFilter, readFilters } from "./bookkeeping/filters.js"
import { type PayeeRule, readPayeeRules } from "./bookkeeping/payee-rules.js"
import { type Recurring, readRecurring } from "./bookkeeping/recurring.js"

export const accountKinds = ["cash", "bank", "card", "wallet", "savings", "loan", "other"] as const
export const categoryKinds = ["expense", "income"] as const

export interface Account {
  readonly id: string
  /** Of a default: the key of its name in the app's dictionaries, used while `name` is "". */
  readonly key?: string | undefined
  readonly name: string
  readonly kind: (typeof accountKinds)[number]
  /** "" is the family's currency. */
  readonly currency: string
  readonly openingMinor: number
  readonly archived: boolean
}

export interface Category {
  readonly id: string
  readonly key?: string | undefined
  readonly name: string
  readonly icon: string
  readonly kind: (typeof categoryKinds)[number]
  readonly parent?: string | undefined
  readonly archived: boolean
}

/** What the years of the ledger share. */
export interface Book extends Parsed {
  readonly accounts: ReadonlyMap<string, Account>
  readonly categories: ReadonlyMap<string, Category>
  /** Tag -> colour, "" for none. */
  readonly tags: ReadonlyMap<string, string>
  /** Of the family; "" until somebody chose one. */
  readonly currency: string
  /** The following by id, removed ones included. */
  readonly recurring: ReadonlyMap<string, Recurring>
  readonly payeeRules: ReadonlyMap<string, PayeeRule>
  readonly filters: ReadonlyMap<string, SavedFilter>
  readonly budgets: Budgets
}

const readAccount = (id: string, reader: ItemReader): Account => ({
  id,
  key: reader.optionalText("key"),
  name: reader.optionalText("name") ?? "",
  kind:
    reader.optional("kind", accountKinds.join("|"), text => accountKinds.find(k => k === text)) ?? "other",
  currency:
    reader.optional("currency", "ISO 4217 code", text =>
      text === "" || isCurrency(text) ? text : undefined,
    ) ?? "",
  openingMinor: reader.optionalInteger("openingMinor") ?? 0,
  archived: reader.flag("archived"),
})

const readCategory = (id: string, reader: ItemReader): Category => ({
  id,
  key: reader.optionalText("key"),
  name: reader.optionalText("name") ?? "",
  icon: reader.optionalText("icon") ?? "",
  kind:
    reader.optional("kind", categoryKinds.join("|"), text => categoryKinds.find(k => k === text)) ??
    "expense",
  parent: reader.optionalText("parent"),
  archived: reader.flag("archived"),
})

/**
 * Shape: `accounts`, `categories`: id -> map · `tags`: tag -> colour · `settings.currency`; from schema 2 what stands
 * above `readRecurring`, `readBudgets`, `readPayeeRules`, `readFilters`.
 */
export const parseBook = (doc: unknown): Result<Book, SchemaError> => {
  const root = parseRoot("book", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const currency = readRegisters(fields, "settings", found).get("currency") ?? ""
  return ok({
    schema,
    readOnly,
    issues,
    accounts: readItems(fields, "accounts", found, readAccount),
    categories: readItems(fields, "categories", found, readCategory),
    tags: readRegisters(fields, "tags", found),
    currency: isCurrency(currency) ? currency : "",
    recurring: readRecurring(fields, found),
    payeeRules: readPayeeRules(fields, found),
    filters: readFilters(fields, found),
    budgets: readBudgets(fields, found),
  })
}

type AccountFields = Omit<Account, "id" | "key">
type CategoryFields = Omit<Category, "id" | "key">

const checkAccount = (fields: Partial<AccountFields>): CommandResult =>
  check([
    [
      fields.name === undefined || (fields.name.trim() !== "" && fields.name.length <= documentLimits.name),
      "name",
      "a name",
    ],
    [fields.kind === undefined || accountKinds.includes(fields.kind), "kind", accountKinds.join("|")],
    [
      fields.currency === undefined || fields.currency === "" || isCurrency(fields.currency),
      "currency",
      "ISO 4217 code",
    ],
    [
      fields.openingMinor === undefined || Number.isSafeInteger(fields.openingMinor),
      "openingMinor",
      "whole minor units",
    ],
  ])

const checkCategory = (id: string, fields: Partial<CategoryFields>, categories: MapDraft): CommandResult =>
  check([
    [
      fields.name === undefined || (fields.name.trim() !== "" && fields.name.length <= documentLimits.name),
      "name",
      "a name",
    ],
    [fields.kind === undefined || categoryKinds.includes(fields.kind), "kind", categoryKinds.join("|")],
    [fields.icon === undefined || fields.icon.length <= documentLimits.name, "icon", "an icon's name"],
    [
      fields.parent === undefined || (fields.parent !== id && fields.parent in categories),
      "parent",
      "another category",
    ],
  ])

const add = (
  container: MapDraft,
  id: string,
  item: Readonly<Record<string, Scalar>>,
): Result<void, CommandError> => {
  if (!isId(id)) return err({ type: "InvalidField", field: "id", expected: "an id" })
  if (id in container) return err({ type: "AlreadyExists", id })
  container[id] = itemOf(item)
  return done
}

const edit = (container: MapDraft, id: string, patch: Readonly<Record<string, Scalar>>): CommandResult => {
  const copies = copiesOf(container, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  for (const copy of copies) for (const [key, value] of Object.entries(patch)) put(copy, key, value)
  return done
}

export const addAccount = (draft: unknown, id: string, fields: AccountFields): CommandResult => {
  const accounts = containerOf(draft, "book", "accounts")
  if (!accounts.ok) return accounts
  const valid = checkAccount(fields)
  return valid.ok ? add(accounts.value, id, { ...fields }) : valid
}

/** Accounts are archived, never removed: their entries would lose their currency. */
export const editAccount = (draft: unknown, id: string, patch: Partial<AccountFields>): CommandResult => {
  const accounts = containerOf(draft, "book", "accounts")
  if (!accounts.ok) return accounts
  const valid = checkAccount(patch)
  return valid.ok ? edit(accounts.value, id, { ...patch }) : valid
}

export const addCategory = (draft: unknown, id: string, fields: CategoryFields): CommandResult => {
  const categories = containerOf(draft, "book", "categories")
  if (!categories.ok) return categories
  const valid = checkCategory(id, fields, categories.value)
  return valid.ok ? add(categories.value, id, { ...fields }) : valid
}

export const editCategory = (draft: unknown, id: string, patch: Partial<CategoryFields>): CommandResult => {
  const categories = containerOf(draft, "book", "categories")
  if (!categories.ok) return categories
  const valid = checkCategory(id, patch, categories.value)
  return valid.ok ? edit(categories.value, id, { ...patch }) : valid
}

export const setTag = (draft: unknown, tag: string, colour: string): CommandResult => {
  const tags = containerOf(draft, "book", "tags")
  if (!tags.ok) return tags
  const valid = check([
    [tag.trim() !== "" && tag.length <= documentLimits.name, "tag", "a name"],
    [colour.length <= documentLimits.name, "colour", "a colour's name"],
  ])
  if (valid.ok) put(tags.value, tag, colour)
  return valid
}

export const setFamilyCurrency = (draft: unknown, currency: string): CommandResult => {
  const settings = containerOf(draft, "book", "settings")
  if (!settings.ok) return settings
  const valid = check([[isCurrency(currency), "currency", "ISO 4217 code"]])
  if (valid.ok) put(settings.value, "currency", currency)
  return valid
}
