import type { Book } from "@home/shared/documents"
import type { PlainKey, Translate } from "../../i18n/index.js"

export interface Person {
  readonly id: string
  readonly name: string
  readonly colour: string
  /** In the order in which the members came. */
  readonly place: number
}

/** The names that a reader sees: given ones, else the dictionary's of what every family starts with. */
export interface LedgerNames {
  readonly account: (id: string) => string
  readonly category: (id: string) => string
  readonly member: (id: string) => string
}

/** Names of what every family starts with, by its fixed id. */
const keyById: Readonly<Record<string, PlainKey>> = {
  cash: "money.account.cash",
  bank: "money.account.bank",
  groceries: "money.category.groceries",
  "eating-out": "money.category.eatingOut",
  home: "money.category.home",
  utilities: "money.category.utilities",
  transport: "money.category.transport",
  car: "money.category.car",
  health: "money.category.health",
  children: "money.category.children",
  education: "money.category.education",
  clothing: "money.category.clothing",
  leisure: "money.category.leisure",
  travel: "money.category.travel",
  communication: "money.category.communication",
  insurance: "money.category.insurance",
  taxes: "money.category.taxes",
  gifts: "money.category.gifts",
  pets: "money.category.pets",
  "other-expense": "money.category.other",
  salary: "money.category.salary",
  benefits: "money.category.benefits",
  interest: "money.category.interest",
  presents: "money.category.presents",
  refunds: "money.category.refunds",
  "other-income": "money.category.otherIncome",
}

/** Where a category stands before anybody has used one: as the dictionary has them, own ones behind. */
export const defaultPlace = (key: string | undefined): number => {
  const at = key === undefined ? -1 : Object.keys(keyById).indexOf(key)
  return at === -1 ? Number.MAX_SAFE_INTEGER : at
}

const nameOf = (
  item: { readonly name: string; readonly key?: string | undefined } | undefined,
  t: Translate,
): string => {
  if (item === undefined) return ""
  const key = item.key === undefined ? undefined : keyById[item.key]
  return item.name === "" && key !== undefined ? t(key) : item.name
}

export const createNames = (book: Book, people: readonly Person[], t: Translate): LedgerNames => {
  const nameById = new Map(people.map(person => [person.id, person.name]))
  return {
    account: id => nameOf(book.accounts.get(id), t),
    category: id => nameOf(book.categories.get(id), t),
    member: id => nameById.get(id) || t("money.someone"),
  }
}
