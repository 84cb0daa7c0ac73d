import type { Account, Book, Category, Entry } from "@home/shared/documents"
import type { Place } from "../../engine/port.js"
import type { MoneyActions } from "../../state/money-actions.js"
import { type LedgerNames, type Person, defaultPlace } from "./names.js"
import type { MoneyState } from "../../state/money.js"

/** What every money screen gets. */
export interface LedgerProps {
  readonly state: MoneyState
  readonly book: Book
  readonly actions: MoneyActions
  readonly names: LedgerNames
  readonly people: readonly Person[]
  /** All that a person may type to find an entry. */
  readonly searchText: (entry: Entry) => string
  /** The member who is looking. */
  readonly self: string
  /** YYYY-MM-DD */
  readonly today: string
  /** The family's currency, or what to offer while none is chosen. */
  readonly currency: string
  /** Whose book this is: Everyone's, if it is undefined. */
  readonly circle: Place | undefined
  /** Why nothing can be entered here, where it is not for the usual reason. */
  readonly readOnlyWhy: string | undefined
  /** What there is to choose from, where there are several. */
  readonly books: Books | undefined
}

/** The family's book, and one for each circle and share of whoever is looking. `value`: where the shown book lies. */
export interface Books {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly value: string
  readonly onChange: (circle: string) => void
}

export const currencyOf = (account: Account | undefined, fallback: string): string =>
  account === undefined || account.currency === "" ? fallback : account.currency

/** Not archived; in the order in which they came into the book. */
export const openAccounts = (book: Book): readonly Account[] =>
  [...book.accounts.values()].filter(account => !account.archived)

export const openCategories = (book: Book, kind: Category["kind"]): readonly Category[] =>
  [...book.categories.values()].filter(category => !category.archived && category.kind === kind)

/** Category ids, the most used of the last entries first: what a thumb reaches for. */
export const byUse = (categories: readonly Category[], entries: readonly Entry[]): readonly Category[] => {
  const uses = new Map<string, number>()
  for (const entry of entries.slice(0, 500)) uses.set(entry.category, (uses.get(entry.category) ?? 0) + 1)
  return [...categories].sort(
    (a, b) => (uses.get(b.id) ?? 0) - (uses.get(a.id) ?? 0) || defaultPlace(a.key) - defaultPlace(b.key),
  )
}

/** Positive for money that comes in. */
export const signedMinor = (entry: Entry): number =>
  entry.direction === "expense" ? -entry.amountMinor : entry.amountMinor
