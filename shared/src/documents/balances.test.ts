import "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { balancesOf, categoryFlows, monthlyFlows, netOwed } from "./balances.js"
import { whoOwes } from "./bookkeeping/settle.js"
import { addAccount, parseBook, setFamilyCurrency } from "./book.js"
import type { Entry } from "./entry.js"
import { after, anna, device, must, sampleEntry } from "./samples.js"

const bookWith = (currency: string) => {
  const doc = after(device("book", "11"), draft => setFamilyCurrency(draft, currency))
  return must(
    parseBook(
      after(doc, draft =>
        addAccount(draft, "usd", {
          name: "Dollars",
          kind: "bank",
          currency: "USD",
          openingMinor: 1000,
          archived: false,
        }),
      ),
    ),
  )
}

let counter = 0
const entry = (fields: Partial<Entry>): Entry => ({
  ...sampleEntry,
  id: String(counter++),
  receipts: [],
  author: anna.author,
  createdAtMs: 0,
  ...fields,
})
const amountsOf = (entries: readonly Entry[]) => {
  const { byAccount, unconverted } = balancesOf(bookWith("EUR"), entries)
  return {
    cash: byAccount.get("cash")?.amountMinor,
    bank: byAccount.get("bank")?.amountMinor,
    usd: byAccount.get("usd")?.amountMinor,
    unconverted,
  }
}

describe("balances", () => {
  it("[D23] income in, expense out, transfers across; neutral, closed and removed rows are outside", () => {
    const rows = [
      entry({ amountMinor: 100 }),
      entry({ direction: "income", amountMinor: 1000 }),
      entry({ direction: "transfer", amountMinor: 300, toAccount: "bank" }),
      entry({ direction: "neutral", amountMinor: 7 }),
      entry({ status: "closed", amountMinor: 11 }),
      entry({ deletedAtMs: 1, amountMinor: 13 }),
      entry({ status: "pending", amountMinor: 1 }),
    ]
    expect(amountsOf(rows)).toEqual({ cash: 599, bank: 300, usd: 1000, unconverted: [] })
  })

  it("[D23] other currencies count at the entry's own rate; without one they are named, not guessed", () => {
    const strange = entry({ currency: "GBP", amountMinor: 5 })
    const rows = [
      entry({ currency: "USD", rate: "0.905", amountMinor: 1001 }),
      entry({ direction: "transfer", amountMinor: 100, toAccount: "usd", toAmountMinor: 108 }),
      strange,
    ]
    expect(amountsOf(rows)).toEqual({ cash: -906 - 100, bank: 0, usd: 1108, unconverted: [strange.id] })
  })

  it("[D23] balances equal the sum of the entries, whatever they are", () => {
    const rows = fc.array(
      fc.record({
        direction: fc.constantFrom("expense", "income", "transfer", "neutral"),
        status: fc.constantFrom("settled", "pending", "closed", "refunded"),
        amountMinor: fc.integer({ min: 0, max: 1e9 }),
        removed: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(rows, list => {
        const entries = list.map(({ direction, removed, ...rest }) =>
          entry({
            ...rest,
            direction,
            ...(direction === "transfer" ? { toAccount: "bank" } : {}),
            ...(removed ? { deletedAtMs: 1 } : {}),
          } as Partial<Entry>),
        )
        const sign = { expense: -1, income: 1, transfer: 0, neutral: 0 }
        const expected = entries.filter(
          ({ status, deletedAtMs }) => status !== "closed" && deletedAtMs === undefined,
        )
        const total = expected.reduce(
          (sum, { direction, amountMinor }) => sum + sign[direction] * amountMinor,
          0,
        )
        const { cash = 0, bank = 0 } = amountsOf(entries)
        expect(cash + bank).toBe(total)
      }),
      { numRuns: 50 },
    )
  })

  it("[D24] months and categories sum per currency, split entries by their parts, transfers not at all", () => {
    const rows = [
      entry({
        amountMinor: 100,
        splits: [
          { category: "gifts", amountMinor: 60, note: "" },
          { category: "pets", amountMinor: 40, note: "" },
        ],
      }),
      entry({ amountMinor: 5, currency: "CNY" }),
      entry({ direction: "income", amountMinor: 9, date: "2026-04-01", category: "salary" }),
      entry({ direction: "transfer", amountMinor: 1, toAccount: "bank" }),
    ]
    expect(monthlyFlows(rows).get("2026-03")?.get("EUR")).toEqual({ incomeMinor: 0, expenseMinor: 100 })
    expect(monthlyFlows(rows).get("2026-03")?.get("CNY")).toEqual({ incomeMinor: 0, expenseMinor: 5 })
    expect(monthlyFlows(rows).get("2026-04")?.get("EUR")).toEqual({ incomeMinor: 9, expenseMinor: 0 })
    expect(categoryFlows(rows).get("gifts")?.get("EUR")?.expenseMinor).toBe(60)
    expect(categoryFlows(rows).get("groceries")?.get("EUR")).toBeUndefined()
  })

  it("[D25] who owes whom: debts settle exactly, and the nets sum to zero", () => {
    const members = ["a", "b", "c"]
    const rows = fc.array(
      fc.record({
        paidBy: fc.constantFrom(...members),
        parts: fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 3, maxLength: 3 }),
      }),
    )
    fc.assert(
      fc.property(rows, list => {
        const entries = list.map(({ paidBy, parts }) => {
          const shares = Object.fromEntries(members.map((member, index) => [member, parts[index] ?? 0]))
          return entry({ paidBy, shares, amountMinor: parts.reduce((sum, part) => sum + part, 0) })
        })
        const left = new Map(netOwed(entries).get("EUR"))
        expect([...left.values()].reduce((sum, minor) => sum + minor, 0)).toBe(0)
        for (const { from, to, amountMinor } of whoOwes(entries)) {
          expect(amountMinor).toBeGreaterThan(0)
          left.set(from, (left.get(from) ?? 0) + amountMinor)
          left.set(to, (left.get(to) ?? 0) - amountMinor)
        }
        expect([...left.values()].every(minor => minor === 0)).toBe(true)
      }),
    )
    expect(whoOwes([entry({ paidBy: "a", amountMinor: 10, shares: { a: 4, b: 6 } })])).toEqual([
      { from: "b", to: "a", currency: "EUR", amountMinor: 6 },
    ])
  })
})
