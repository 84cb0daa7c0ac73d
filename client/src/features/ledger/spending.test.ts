import { expect, it } from "vitest"
import { type Book, type Entry, spendingOf } from "@home/shared/documents"
import { monthlySpendingOf } from "./spending.js"

const book = { currency: "EUR", accounts: new Map(), categories: new Map() } as unknown as Book

it("[U46] a month's spending is counted when it is asked for, once, and is what all entries come to", () => {
  let looked = 0
  const entry = (date: string, amountMinor: number): Entry =>
    ({
      get date() {
        looked += 1
        return date
      },
      direction: "expense",
      status: "settled",
      amountMinor,
      currency: "EUR",
      category: "food",
      splits: [],
    }) as unknown as Entry
  const months = [[entry("2026-03-02", 5), entry("2026-03-01", 7)], [entry("2026-02-01", 11)]]
  const whole = spendingOf(months.flat(), book)
  looked = 0
  const spentIn = monthlySpendingOf(months, book)
  expect(looked).toBe(months.length)
  for (const month of ["2026-01", "2026-02", "2026-03"])
    expect(spentIn("food", month, "EUR")).toBe(whole("food", month, "EUR"))
  looked = 0
  expect(monthlySpendingOf(months, book)("food", "2026-03", "EUR")).toBe(12)
  expect(looked).toBe(months.length)
})
