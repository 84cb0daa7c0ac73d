import { type CommandResult, check, containerOf } from "../command.js"
import { isCurrency } from "../currency.js"
import { isAmountMinor } from "../entry.js"
import { readRegisters } from "../read-items.js"
import type { Issues } from "../reading.js"
import { type MapDraft, isMap, put, textOf } from "../scalar.js"
import { addMonths, isDate } from "../wall.js"

/** What may be spent, from a month on until another budget of the category. */
export interface Budget {
  readonly amountMinor: number
  readonly currency: string
}

export interface Budgets {
  /** Category -> month "2026-03" -> budget from then on, by month. */
  readonly byCategory: ReadonlyMap<string, ReadonlyMap<string, Budget>>
  /** Categories whose rest, or overspending, goes over into the next month. */
  readonly carryOver: ReadonlySet<string>
}

const isMonth = (text: string): boolean => /^\d{4}-\d{2}$/.test(text) && isDate(`${text}-01`)

/** The month `count` later. */
export const monthAfter = (month: string, count = 1): string => addMonths(`${month}-01`, count).slice(0, 7)

/** One register, `"50000 EUR"`, so that an amount never meets another's currency. */
const parseBudget = (text: string): Budget | undefined => {
  const [minor = "", currency = ""] = text.split(" ")
  const amountMinor = /^\d{1,13}$/.test(minor) ? Number(minor) : undefined
  return isAmountMinor(amountMinor) && isCurrency(currency) ? { amountMinor, currency } : undefined
}

/** Shape: `budgets`: `<category>/<month>` -> `<minor> <currency>` · `carryOver`: category -> true. */
export const readBudgets = (fields: MapDraft, found: Issues): Budgets => {
  const byCategory = new Map<string, Map<string, Budget>>()
  const registers = isMap(fields["budgets"])
    ? readRegisters(fields, "budgets", found)
    : new Map<string, string>()
  for (const [key, text] of [...registers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [category = "", month = "", ...rest] = key.split("/")
    const budget = parseBudget(text)
    if (budget === undefined || !isMonth(month) || rest.length > 0) {
      found.add(`budgets/${key}`, "minor units and a currency")
      continue
    }
    byCategory.set(category, (byCategory.get(category) ?? new Map<string, Budget>()).set(month, budget))
  }
  const carry = isMap(fields["carryOver"]) ? fields["carryOver"] : {}
  return { byCategory, carryOver: new Set(Object.keys(carry).filter(key => carry[key] === true)) }
}

/** What counts in a month: the budget of the latest month that is not after it. */
export const budgetIn = (budgets: Budgets, category: string, month: string): Budget | undefined => {
  let found: Budget | undefined
  for (const [from, budget] of budgets.byCategory.get(category) ?? []) if (from <= month) found = budget
  return found
}

/**
 * Sets the budget of a category from `month` on; an amount of zero ends it. `onlyThisMonth`: the next month goes
 * back to what counted before, unless it has a budget of its own.
 */
export const setBudget = (
  draft: unknown,
  input: {
    readonly category: string
    readonly month: string
    readonly budget: Budget
    readonly onlyThisMonth: boolean
  },
): CommandResult => {
  const budgets = containerOf(draft, "book", "budgets")
  if (!budgets.ok) return budgets
  const categories = containerOf(draft, "book", "categories")
  if (!categories.ok) return categories
  const { category, month, budget } = input
  const valid = check([
    [category in categories.value, "category", "a category of the book"],
    [isMonth(month), "month", "YYYY-MM"],
    [isAmountMinor(budget.amountMinor), "amountMinor", "whole minor units, not negative"],
    [isCurrency(budget.currency), "currency", "ISO 4217 code"],
  ])
  if (!valid.ok) return valid
  const next = `${category}/${monthAfter(month)}`
  if (input.onlyThisMonth && textOf(budgets.value[next]) === undefined) {
    const before = Object.keys(budgets.value)
      .filter(key => key.startsWith(`${category}/`) && key.slice(category.length + 1) <= month)
      .sort()
      .at(-1)
    put(
      budgets.value,
      next,
      (before === undefined ? undefined : textOf(budgets.value[before])) ?? `0 ${budget.currency}`,
    )
  }
  put(budgets.value, `${category}/${month}`, `${budget.amountMinor} ${budget.currency}`)
  return valid
}

export const setCarryOver = (draft: unknown, category: string, carries: boolean): CommandResult => {
  const carryOver = containerOf(draft, "book", "carryOver")
  if (!carryOver.ok) return carryOver
  const categories = containerOf(draft, "book", "categories")
  if (!categories.ok) return categories
  const valid = check([[category in categories.value, "category", "a category of the book"]])
  if (valid.ok) put(carryOver.value, category, carries ? true : undefined)
  return valid
}

export interface BudgetLine {
  readonly category: string
  readonly currency: string
  readonly budgetMinor: number
  /** Over from the month before; negative when that was overspent. */
  readonly carriedMinor: number
  readonly spentMinor: number
  /** `budgetMinor + carriedMinor - spentMinor`. */
  readonly leftMinor: number
}

/**
 * The budgets of a month. `spentIn` gives what a category cost in a month, in a currency (`spendingOf`). What is
 * carried is counted from the first month with a budget; a change of the budget's currency begins anew.
 */
export const budgetLines = (
  budgets: Budgets,
  month: string,
  spentIn: (category: string, month: string, currency: string) => number,
): readonly BudgetLine[] =>
  [...budgets.byCategory].flatMap(([category, byMonth]) => {
    const budget = budgetIn(budgets, category, month)
    if (budget === undefined) return []
    const { currency } = budget
    let carriedMinor = 0
    if (budgets.carryOver.has(category)) {
      const first = [...byMonth.keys()].find(from => from <= month) ?? month
      for (let at = first; at < month; at = monthAfter(at)) {
        const past = budgetIn(budgets, category, at)
        carriedMinor =
          past?.currency === currency ? carriedMinor + past.amountMinor - spentIn(category, at, currency) : 0
      }
    }
    const spentMinor = spentIn(category, month, currency)
    if (budget.amountMinor === 0 && carriedMinor === 0) return []
    const leftMinor = budget.amountMinor + carriedMinor - spentMinor
    return [{ category, currency, budgetMinor: budget.amountMinor, carriedMinor, spentMinor, leftMinor }]
  })
