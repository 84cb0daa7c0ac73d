import {
  type Account,
  type Budget,
  type Category,
  type EntryFields,
  type Filter,
  type PayeeRuleFields,
  type Schedule,
  addAccount,
  addCategory,
  addPayeeRule,
  addRecurring,
  editAccount,
  editCategory,
  editPayeeRule,
  editRecurring,
  saveFilter,
  setBudget,
  setCarryOver,
  setFamilyCurrency,
  setFilterRemoved,
  setRecurringRemoved,
  setTag,
  skipInstance,
} from "@home/shared/documents"
import type { Command } from "./command.js"

const area = "book"
type AccountFields = Omit<Account, "id" | "key">
type CategoryFields = Omit<Category, "id" | "key">

const newAccount: Command<{ readonly id: string; readonly fields: AccountFields }> = {
  area,
  run: (draft, { id, fields }) => addAccount(draft, id, fields),
}
const changeAccount: Command<{ readonly id: string; readonly patch: Partial<AccountFields> }> = {
  area,
  run: (draft, { id, patch }) => editAccount(draft, id, patch),
}
const newCategory: Command<{ readonly id: string; readonly fields: CategoryFields }> = {
  area,
  run: (draft, { id, fields }) => addCategory(draft, id, fields),
}
const changeCategory: Command<{ readonly id: string; readonly patch: Partial<CategoryFields> }> = {
  area,
  run: (draft, { id, patch }) => editCategory(draft, id, patch),
}
const tag: Command<{ readonly tag: string; readonly colour: string }> = {
  area,
  run: (draft, input) => setTag(draft, input.tag, input.colour),
}
const currency: Command<{ readonly currency: string }> = {
  area,
  run: (draft, input) => setFamilyCurrency(draft, input.currency),
}

const newRecurring: Command<{
  readonly id: string
  readonly fields: EntryFields
  readonly schedule: Schedule
}> = {
  area,
  run: (draft, input, { by }) => addRecurring(draft, { ...input, by }),
}
const changeRecurring: Command<{
  readonly id: string
  readonly patch: Partial<EntryFields>
  readonly schedule: Partial<Schedule>
}> = {
  area,
  run: (draft, input, { by }) => editRecurring(draft, { ...input, by }),
}
const removeRecurring: Command<{ readonly id: string; readonly removed: boolean }> = {
  area,
  run: (draft, input, { by }) => setRecurringRemoved(draft, { ...input, by }),
}
const skip: Command<{ readonly id: string; readonly date: string; readonly skipped: boolean }> = {
  area,
  run: (draft, input) => skipInstance(draft, input),
}
const budget: Command<{
  readonly category: string
  readonly month: string
  readonly budget: Budget
  readonly onlyThisMonth: boolean
}> = {
  area,
  run: (draft, input) => setBudget(draft, input),
}
const carryOver: Command<{ readonly category: string; readonly carries: boolean }> = {
  area,
  run: (draft, { category, carries }) => setCarryOver(draft, category, carries),
}
const newRule: Command<{ readonly id: string; readonly fields: PayeeRuleFields }> = {
  area,
  run: (draft, { id, fields }) => addPayeeRule(draft, id, fields),
}
const changeRule: Command<{
  readonly id: string
  readonly patch: Partial<PayeeRuleFields> & { readonly deletedAtMs?: number | undefined }
}> = {
  area,
  run: (draft, { id, patch }) => editPayeeRule(draft, id, patch),
}
const filter: Command<{ readonly id: string; readonly name: string; readonly filter: Filter }> = {
  area,
  run: (draft, input) => saveFilter(draft, input),
}
const removeFilter: Command<{ readonly id: string; readonly removed: boolean }> = {
  area,
  run: (draft, { id, removed }, { by }) => setFilterRemoved(draft, id, removed ? by.nowMs : undefined),
}

/** On the document "". */
export const bookCommands = {
  addAccount: newAccount,
  editAccount: changeAccount,
  addCategory: newCategory,
  editCategory: changeCategory,
  setTag: tag,
  setFamilyCurrency: currency,
  addRecurring: newRecurring,
  editRecurring: changeRecurring,
  removeRecurring,
  skipInstance: skip,
  setBudget: budget,
  setCarryOver: carryOver,
  addPayeeRule: newRule,
  editPayeeRule: changeRule,
  saveFilter: filter,
  removeFilter,
}
