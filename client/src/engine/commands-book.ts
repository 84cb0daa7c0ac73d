import {
  type Account,
  type Category,
  addAccount,
  addCategory,
  editAccount,
  editCategory,
  setFamilyCurrency,
  setTag,
} from "@home/shared/documents"
import type { Command } from "./commands.js"

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

/** On the document "". */
export const bookCommands = {
  addAccount: newAccount,
  editAccount: changeAccount,
  addCategory: newCategory,
  editCategory: changeCategory,
  setTag: tag,
  setFamilyCurrency: currency,
}
