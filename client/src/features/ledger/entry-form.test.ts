import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Book, type EntryFields, checkEntry } from "@home/shared/documents"
import { type EntryForm, fieldsOfForm, formOf, newForm, restMinor } from "./entry-form.js"

const account = (id: string, currency: string) => ({
  id,
  name: id,
  kind: "bank" as const,
  currency,
  openingMinor: 0,
  archived: false,
})
const book: Book = {
  schema: 2,
  readOnly: false,
  issues: [],
  accounts: new Map([
    ["cash", account("cash", "")],
    ["bank", account("bank", "")],
    ["yen", account("yen", "JPY")],
  ]),
  categories: new Map(),
  tags: new Map(),
  currency: "EUR",
  recurring: new Map(),
  payeeRules: new Map(),
  filters: new Map(),
  budgets: { byCategory: new Map(), carryOver: new Set() },
}
const form = (patch: Partial<EntryForm>): EntryForm => ({
  ...newForm({
    direction: "expense",
    date: "2026-03-14",
    account: "cash",
    toAccount: "bank",
    currency: "EUR",
  }),
  ...patch,
})
const fieldsOf = (patch: Partial<EntryForm>): EntryFields => {
  const result = fieldsOfForm(form(patch), book, "EUR")
  if ("problem" in result) throw new Error(result.problem)
  return result.fields
}
const problemOf = (patch: Partial<EntryForm>): string => {
  const result = fieldsOfForm(form(patch), book, "EUR")
  return "problem" in result ? result.problem : "none"
}

describe("the form of an entry", () => {
  it("adds up what was typed, exactly", () => {
    expect(fieldsOf({ amountText: "12+8.5", category: "groceries" })).toMatchObject({
      amountMinor: 2050,
      category: "groceries",
      splits: [],
      shares: {},
    })
    expect(fieldsOf({ amountText: "0.1+0.2" }).amountMinor).toBe(30)
    expect(fieldsOf({ amountText: "1500", currency: "JPY", account: "yen", rate: "0.006" })).toMatchObject({
      amountMinor: 1500,
      rate: "0.006",
    })
  })

  it.each<[string, Partial<EntryForm>, string]>([
    ["nothing", { amountText: "" }, "amount"],
    ["zero", { amountText: "5-5" }, "amount"],
    ["less than zero", { amountText: "5-6" }, "amount"],
    ["too much", { amountText: "99999999999" }, "tooLarge"],
    ["no day", { amountText: "5", date: "" }, "date"],
    ["a transfer to itself", { amountText: "5", direction: "transfer", toAccount: "cash" }, "accounts"],
    [
      "a transfer to another currency",
      { amountText: "5", direction: "transfer", toAccount: "yen" },
      "toAmount",
    ],
    ["a rate of words", { amountText: "5", rate: "much" }, "rate"],
    [
      "parts beyond the whole",
      { amountText: "5", splits: [{ category: "a", amountText: "6", note: "" }] },
      "splits",
    ],
    [
      "a part of nothing",
      { amountText: "5", splits: [{ category: "a", amountText: "", note: "" }] },
      "splits",
    ],
    [
      "shares that do not sum",
      { amountText: "5", paidBy: "anna", sharedBy: ["anna", "ben"], shareTexts: { anna: "1", ben: "3" } },
      "shares",
    ],
  ])("says what is wrong: %s", (_, patch, problem) => {
    expect(problemOf(patch)).toBe(problem)
  })

  it("gives what the further parts leave to the first one", () => {
    const splits = [{ category: "gifts", amountText: "12.5", note: "" }]
    expect(restMinor(form({ amountText: "50", splits }))).toBe(3750)
    expect(fieldsOf({ amountText: "50", category: "home", splits }).splits).toEqual([
      { category: "home", amountMinor: 3750, note: "" },
      { category: "gifts", amountMinor: 1250, note: "" },
    ])
  })

  it("shares equally with the odd cent on the first, or as somebody says", () => {
    const shared = { amountText: "1", paidBy: "anna", sharedBy: ["anna", "ben", "cleo"] }
    expect(fieldsOf(shared).shares).toEqual({ anna: 34, ben: 33, cleo: 33 })
    const shareTexts = { anna: "0.5", ben: "0.5", cleo: "0" }
    expect(fieldsOf({ ...shared, shareTexts }).shares).toEqual({ anna: 50, ben: 50, cleo: 0 })
  })

  it("what it accepts is a valid entry, and reads back into a form that says the same", () => {
    const minor = fc.integer({ min: 1, max: 1_000_000 })
    const text = minor.map(value => (value / 100).toFixed(2))
    const forms = fc.record({
      direction: fc.constantFrom("expense", "income", "transfer" as const),
      amountText: text,
      payee: fc.string({ maxLength: 10 }),
      category: fc.constantFrom("home", "gifts"),
      tags: fc.constantFrom<readonly string[]>([], ["a"]),
      splits: fc.array(
        fc.record({ category: fc.constant("gifts"), amountText: text, note: fc.constant("") }),
        {
          maxLength: 3,
        },
      ),
      paidBy: fc.constantFrom("", "anna"),
      sharedBy: fc.constantFrom<readonly string[]>([], ["anna"], ["anna", "ben"]),
    })
    let accepted = 0
    fc.assert(
      fc.property(forms, patch => {
        const result = fieldsOfForm(form(patch as Partial<EntryForm>), book, "EUR")
        if ("problem" in result) return
        accepted += 1
        expect(checkEntry(result.fields).ok).toBe(true)
        expect(fieldsOfForm(formOf(result.fields, book, "EUR"), book, "EUR")).toEqual(result)
      }),
    )
    expect(accepted).toBeGreaterThan(20)
  })
})
