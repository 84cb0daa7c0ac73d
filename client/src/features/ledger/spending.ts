import { type Book, type Entry, spendingOf } from "@home/shared/documents"

type SpentIn = ReturnType<typeof spendingOf>

/** What was counted of each month; a month is the same array until one of its entries changed. */
const countedByBook = new WeakMap<Book, WeakMap<readonly Entry[], SpentIn>>()

/** `spendingOf` of whole months that counts a month when it is first asked for, and then no more. */
export const monthlySpendingOf = (months: readonly (readonly Entry[])[], book: Book): SpentIn => {
  const counted = countedByBook.get(book) ?? new WeakMap<readonly Entry[], SpentIn>()
  countedByBook.set(book, counted)
  const byMonth = new Map(months.map(entries => [entries[0]?.date.slice(0, 7), entries]))
  return (category, month, currency) => {
    const entries = byMonth.get(month)
    if (entries === undefined) return 0
    const spentIn = counted.get(entries) ?? spendingOf(entries, book)
    counted.set(entries, spentIn)
    return spentIn(category, month, currency)
  }
}
