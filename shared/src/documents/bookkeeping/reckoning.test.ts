import "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { balancesOf, monthlyFlows, netOwed } from "../balances.js"
import { addAccount, parseBook, setFamilyCurrency } from "../book.js"
import { type Entry, directions, statuses } from "../entry.js"
import { checkEntry } from "../entry-draft.js"
import { after, anna, device, must, sampleEntry } from "../samples.js"
import { reportKinds, reportOf } from "./reports.js"
import { equalShares, settlementOf, whoOwes } from "./settle.js"
import { Sheet } from "./sheet.js"

const usd = { name: "Dollars", kind: "bank", currency: "USD", openingMinor: 1000, archived: false } as const
const bookDoc = after(device("book", "11"), draft => setFamilyCurrency(draft, "EUR"))
const book = must(parseBook(after(bookDoc, draft => addAccount(draft, "usd", usd))))

const entries = fc.record({
  id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
  date: fc.constantFrom("2026-01-05", "2026-02-05", "2026-02-06"),
  direction: fc.constantFrom(...directions),
  status: fc.constantFrom(...statuses),
  amountMinor: fc.nat(1_000_000),
  currency: fc.constantFrom("EUR", "USD", "JPY"),
  rate: fc.constantFrom(undefined, "0.9", "1.2345"),
  account: fc.constantFrom("cash", "usd", "", "gone"),
  toAccount: fc.constantFrom("bank", "usd", ""),
  deletedAtMs: fc.constantFrom(undefined, undefined, 1),
  tags: fc.constantFrom<readonly string[]>([], ["x"], ["x", "y"]),
  cut: fc.nat(1_000_000),
})
const entryOf = ({ cut, toAccount, ...fields }: Record<string, unknown> & { cut: number }): Entry => {
  const plain = { ...sampleEntry, author: anna.author, createdAtMs: 0, ...fields } as Entry
  const first = Math.min(cut, plain.amountMinor)
  return {
    ...plain,
    toAccount: plain.direction === "transfer" ? (toAccount as string) : undefined,
    splits:
      cut % 2 === 0
        ? []
        : [
            { category: "home", amountMinor: first, note: "" },
            { category: "gifts", amountMinor: plain.amountMinor - first, note: "" },
          ],
  }
}

describe("the sheet", () => {
  it("[D120] after any puts and drops it says what counting all anew says", () => {
    const steps = fc.array(fc.tuple(entries.map(entryOf), fc.boolean()), { maxLength: 30 })
    fc.assert(
      fc.property(steps, list => {
        const sheet = new Sheet(book)
        const known = new Map<string, Entry>()
        for (const [entry, drop] of list) {
          if (drop) {
            sheet.drop(entry.id)
            known.delete(entry.id)
          } else {
            sheet.put(entry)
            known.set(entry.id, entry)
          }
        }
        const all = balancesOf(book, known.values())
        expect(sheet.balances().byAccount).toEqual(all.byAccount)
        expect([...sheet.balances().unconverted].sort()).toEqual([...all.unconverted].sort())
        const nonZero = (flows: ReturnType<typeof monthlyFlows>) =>
          [...flows].flatMap(([month, byCurrency]) =>
            [...byCurrency]
              .filter(([, { incomeMinor, expenseMinor }]) => incomeMinor !== 0 || expenseMinor !== 0)
              .map(([currency, flow]) => [month, currency, flow]),
          )
        expect(new Set(nonZero(sheet.flows).map(row => JSON.stringify(row)))).toEqual(
          new Set(nonZero(monthlyFlows(known.values())).map(row => JSON.stringify(row))),
        )
      }),
    )
  })
})

describe("reports", () => {
  it("[D121] rows sum to the total exactly, in each currency and in the family's; by tag an entry counts in each", () => {
    fc.assert(
      fc.property(fc.array(entries.map(entryOf), { maxLength: 12 }), list => {
        for (const kind of reportKinds) {
          const { rows, total } = reportOf(list, book, kind)
          if (kind === "tag") continue
          const sum = (pick: (row: (typeof rows)[number]) => number) =>
            rows.reduce((all, row) => all + pick(row), 0)
          expect(sum(row => row.family.expenseMinor)).toBe(total.family.expenseMinor)
          expect(sum(row => row.family.incomeMinor)).toBe(total.family.incomeMinor)
          for (const [currency, flow] of total.byCurrency)
            expect(sum(row => row.byCurrency.get(currency)?.expenseMinor ?? 0)).toBe(flow.expenseMinor)
        }
      }),
    )
    const tagged = [entryOf({ cut: 0, id: "a", tags: ["x", "y"] }), entryOf({ cut: 0, id: "b", tags: [] })]
    expect(reportOf(tagged, book, "tag").rows.map(({ key, entries: count }) => [key, count])).toEqual([
      ["", 1],
      ["x", 1],
      ["y", 1],
    ])
    expect(reportOf(tagged, book, "tag").total.entries).toBe(2)
  })

  it("[D122] the kept rate leads to the family's currency, or nothing does and the row says so", () => {
    const foreign = (fields: object) =>
      entryOf({ cut: 0, id: "a", currency: "USD", amountMinor: 1000, ...fields })
    const convertedOf = (fields: object) => {
      const { family, unconverted } = reportOf([foreign(fields)], book, "category").total
      return [family.expenseMinor, unconverted]
    }
    expect(convertedOf({ account: "cash", rate: "0.9" })).toEqual([900, 0])
    expect(convertedOf({ account: "usd", rate: "0.9" })).toEqual([900, 0])
    expect(convertedOf({ account: "usd" })).toEqual([0, 1])
    // Pounds out of the dollar account: the rate leads to dollars, not to euros.
    expect(convertedOf({ account: "usd", currency: "GBP", rate: "1.3" })).toEqual([0, 1])
  })

  it("[D121] by person: shares, else who paid, else nobody", () => {
    const rows = reportOf(
      [
        entryOf({ cut: 0, id: "a", shares: { anna: 1000, ben: 1816 }, paidBy: "anna" }),
        entryOf({ cut: 0, id: "b", paidBy: "ben", amountMinor: 5 }),
        entryOf({ cut: 0, id: "c", amountMinor: 7 }),
      ],
      book,
      "person",
    ).rows
    expect(rows.map(({ key, family }) => [key, family.expenseMinor])).toEqual([
      ["", 7],
      ["anna", 1000],
      ["ben", 1821],
    ])
  })
})

describe("settling up", () => {
  /** Tries every way to part the people into groups that sum to zero: the slow truth. */
  const fewest = (nets: readonly number[]): number => {
    if (nets.length === 0) return 0
    const [first = 0, ...rest] = nets
    let best = Number.POSITIVE_INFINITY
    for (let mask = 0; mask < 1 << rest.length; mask++) {
      const group = [first, ...rest.filter((_, index) => mask & (1 << index))]
      if (group.reduce((sum, value) => sum + value, 0) !== 0) continue
      const others = rest.filter((_, index) => !(mask & (1 << index)))
      best = Math.min(best, group.length - 1 + fewest(others))
    }
    return best
  }
  const debtEntry = (from: string, to: string, amountMinor: number): Entry =>
    entryOf({
      cut: 0,
      id: `${from}${to}${amountMinor}`,
      amountMinor,
      paidBy: to,
      shares: { [from]: amountMinor },
    })

  it("[D123] the payments settle everything and are the fewest possible", () => {
    const people = ["a", "b", "c", "d", "e", "f", "g"]
    const debts = fc.array(
      fc.tuple(fc.constantFrom(...people), fc.constantFrom(...people), fc.integer({ min: 1, max: 6 })),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(debts, list => {
        const all = list
          .filter(([from, to]) => from !== to)
          .map(([from, to, minor]) => debtEntry(from, to, minor))
        const nets = [...(netOwed(all).get("EUR")?.values() ?? [])].filter(minor => minor !== 0)
        const payments = whoOwes(all)
        expect(payments).toHaveLength(nets.length === 0 ? 0 : fewest(nets))
        const settled = payments.map(debt => ({
          ...entryOf({ cut: 0, id: "s" }),
          ...settlementOf(debt, "2026-03-01", ""),
        }))
        expect(whoOwes([...all, ...settled])).toEqual([])
        expect(settled.every(entry => checkEntry(entry).ok)).toBe(true)
      }),
    )
  })

  it("[D123] among many people it still settles everything, the same on every device", () => {
    const ring = Array.from({ length: 20 }, (_, index) =>
      debtEntry(`p${index}`, `p${(index * 7 + 1) % 20}`, index + 1),
    )
    const payments = whoOwes(ring)
    expect(whoOwes([...ring].reverse())).toEqual(payments)
    const settled = payments.map(debt => ({
      ...entryOf({ cut: 0, id: "s" }),
      ...settlementOf(debt, "2026-03-01", ""),
    }))
    expect(whoOwes([...ring, ...settled])).toEqual([])
  })

  it("[D124] a debt paid back is in no balance and no report", () => {
    const paid = {
      ...entryOf({ cut: 0, id: "s" }),
      ...settlementOf({ from: "a", to: "b", currency: "EUR", amountMinor: 5 }, "2026-03-01", ""),
    }
    expect(reportOf([paid], book, "person").total.entries).toBe(0)
    expect(balancesOf(book, [paid])).toEqual(balancesOf(book, []))
    expect(equalShares(100, ["a", "b", "c"])).toEqual({ a: 34, b: 33, c: 33 })
  })
})
