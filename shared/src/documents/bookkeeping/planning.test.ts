import "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseBook, setFamilyCurrency } from "../book.js"
import type { Entry } from "../entry.js"
import { type TestDoc, after, anna, device, forkOf, mergeOf, must, refusal, sampleEntry } from "../samples.js"
import { budgetIn, budgetLines, monthAfter, setBudget, setCarryOver } from "./budgets.js"
import {
  type Filter,
  formatFilter,
  matcherOf,
  noFilter,
  parseFilter,
  saveFilter,
  setFilterRemoved,
} from "./filters.js"
import { addPayeeRule, editPayeeRule, payeeMatcher } from "./payee-rules.js"
import { spendingOf } from "./reports.js"
import { createSearchIndex } from "./search-text.js"
import { suggestionsOf } from "./suggestions.js"

const category = "groceries"
const book = () => after(device("book", "11"), draft => setFamilyCurrency(draft, "EUR"))
const budget = (doc: TestDoc, month: string, amountMinor: number, onlyThisMonth = false): TestDoc =>
  after(doc, draft =>
    setBudget(draft, { category, month, budget: { amountMinor, currency: "EUR" }, onlyThisMonth }),
  )
const budgetsOf = (doc: TestDoc) => must(parseBook(doc)).budgets
let counter = 0
const entry = (fields: Partial<Entry>): Entry => ({
  ...sampleEntry,
  id: `e${counter++}`,
  receipts: [],
  author: anna.author,
  createdAtMs: 0,
  ...fields,
})

describe("budgets", () => {
  it("[D110] a budget counts from its month on until another; one for a single month goes back", () => {
    let doc = budget(book(), "2026-01", 50000)
    doc = budget(doc, "2026-03", 60000, true)
    const amounts = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"].map(
      month => budgetIn(budgetsOf(doc), category, month)?.amountMinor,
    )
    expect(amounts).toEqual([undefined, 50000, 50000, 60000, 50000])
    expect(must(parseBook(doc)).issues).toEqual([])
  })

  it("[D110] two members who set two months at once keep both; of one month one counts, the same everywhere", () => {
    const doc = budget(book(), "2026-01", 50000)
    const one = budget(forkOf(doc, "22"), "2026-02", 100)
    const other = budget(budget(forkOf(doc, "33"), "2026-03", 200), "2026-01", 70000)
    const merged = budgetsOf(mergeOf(one, other))
    expect(merged).toEqual(budgetsOf(mergeOf(other, one)))
    expect(
      [...(merged.byCategory.get(category)?.values() ?? [])].map(({ amountMinor }) => amountMinor),
    ).toEqual([70000, 100, 200])
  })

  it("[D111] the rest is carried over month by month, overspending too: what is left is all budgets less all spending", () => {
    const months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    const amounts = fc.array(fc.nat(100_000), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(amounts, amounts, fc.boolean(), (planned, spent, carries) => {
        let doc = after(book(), draft => setCarryOver(draft, category, carries))
        months.forEach((month, index) => (doc = budget(doc, month, (planned[index] ?? 0) + 1)))
        const entries = months.map((month, index) =>
          entry({ date: `${month}-05`, amountMinor: spent[index] ?? 0 }),
        )
        const parsed = must(parseBook(doc))
        const [line] = budgetLines(parsed.budgets, "2026-04", spendingOf(entries, parsed))
        const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
        const all = sum(planned) + 4 - sum(spent)
        expect(line?.leftMinor).toBe(carries ? all : (planned[3] ?? 0) + 1 - (spent[3] ?? 0))
        expect(line?.leftMinor).toBe(
          (line?.budgetMinor ?? 0) + (line?.carriedMinor ?? 0) - (line?.spentMinor ?? 0),
        )
      }),
      { numRuns: 30 },
    )
  })

  it("[D111] spending counts parts of split entries, refunds and known rates, and no transfers", () => {
    const parsed = must(parseBook(book()))
    const spent = spendingOf(
      [
        entry({
          date: "2026-02-01",
          amountMinor: 1000,
          splits: [
            { category, amountMinor: 400, note: "" },
            { category: "gifts", amountMinor: 600, note: "" },
          ],
        }),
        entry({ date: "2026-02-02", direction: "income", amountMinor: 100 }),
        entry({ date: "2026-02-03", currency: "USD", rate: "0.5", amountMinor: 300 }),
        entry({ date: "2026-02-04", direction: "transfer", toAccount: "bank", amountMinor: 7 }),
        entry({ date: "2026-03-01", amountMinor: 9 }),
      ],
      parsed,
    )
    expect([spent(category, "2026-02", "EUR"), spent(category, "2026-02", "USD")]).toEqual([450, 300])
  })

  it("[D112] what is no budget is refused or reported", () => {
    const set = (patch: object) => (draft: unknown) =>
      setBudget(draft, {
        category,
        month: "2026-01",
        budget: { amountMinor: 1, currency: "EUR" },
        onlyThisMonth: false,
        ...patch,
      })
    expect(refusal(book(), set({ month: "2026-13" }))).toMatchObject({ field: "month" })
    expect(refusal(book(), set({ category: "none" }))).toMatchObject({ field: "category" })
    expect(refusal(book(), set({ budget: { amountMinor: -1, currency: "EUR" } }))).toMatchObject({
      field: "amountMinor",
    })
    expect(refusal(book(), draft => setCarryOver(draft, "none", true))).toMatchObject({ field: "category" })
    const strange = { area: "book", schema: 2, budgets: { "groceries/2026-01": "lots", "a/b/c": "1 EUR" } }
    expect(must(parseBook(strange)).budgets.byCategory.size).toBe(0)
    expect(must(parseBook(strange)).issues.filter(({ path }) => path.startsWith("budgets/"))).toHaveLength(2)
    expect(monthAfter("2026-12")).toBe("2027-01")
  })
})

describe("rules by payee", () => {
  const rule = { payee: "Bakery", category: "eating-out", account: "", tags: ["bread"] }
  it("[D113] the longest rule that is found in the payee counts, without regard to case, accents and width", () => {
    let doc = after(book(), draft => addPayeeRule(draft, "r1", rule))
    doc = after(doc, draft => addPayeeRule(draft, "r2", { ...rule, payee: "Bakery Müller" }))
    doc = after(doc, draft => addPayeeRule(draft, "r3", { ...rule, payee: "超市" }))
    const ruleFor = (text: string) => payeeMatcher(must(parseBook(doc)).payeeRules.values())(text)?.id
    expect(["THE BAKERY", "ｂａｋｅｒｙ muller 12", "永辉超市（北京）", "Butcher"].map(ruleFor)).toEqual([
      "r1",
      "r2",
      "r3",
      undefined,
    ])
    doc = after(doc, draft => editPayeeRule(draft, "r2", { deletedAtMs: 1 }))
    expect(ruleFor("Bakery Müller")).toBe("r1")
    doc = after(doc, draft =>
      editPayeeRule(draft, "r2", { deletedAtMs: undefined, tags: ["x"], category: "" }),
    )
    expect(must(parseBook(doc)).payeeRules.get("r2")).toMatchObject({ category: "", tags: ["x"] })
    expect(refusal(doc, draft => addPayeeRule(draft, "r4", { ...rule, payee: " " }))).toMatchObject({
      field: "payee",
    })
    expect(refusal(doc, draft => addPayeeRule(draft, "r1", rule))).toMatchObject({ type: "AlreadyExists" })
    expect(refusal(doc, draft => editPayeeRule(draft, "none", rule))).toMatchObject({ type: "NotFound" })
  })

  it("[D114] payees are suggested by what was typed, with what was last entered for them", () => {
    const suggest = suggestionsOf([
      entry({ payee: "Rewe", date: "2026-01-01", category: "groceries" }),
      entry({ payee: "rewe", date: "2026-02-01", category: "gifts" }),
      entry({ payee: "Andrews", date: "2026-02-01" }),
      entry({ payee: "Gone", deletedAtMs: 1 }),
    ])
    expect(suggest("re", 5).map(({ payee, category: last, uses }) => [payee, last, uses])).toEqual([
      ["rewe", "gifts", 2],
      ["Andrews", "groceries", 1],
    ])
    expect(suggest("gone", 5)).toEqual([])
  })
})

describe("filters and search", () => {
  const names = {
    account: (id: string) => ({ cash: "Cash" })[id] ?? id,
    category: (id: string) => ({ groceries: "食品杂货" })[id] ?? id,
    member: (id: string) => id,
  }
  const found = (filter: Partial<Filter>, entries: readonly Entry[]) =>
    entries.filter(matcherOf({ ...noFilter, ...filter }, createSearchIndex(names))).map(({ id }) => id)

  it.each([
    ["杂货", true],
    ["品杂 bake", true],
    ["BAKERY 28.16", true],
    ["28,16", true],
    ["café", true],
    ["cafe brot", true],
    ["bakery butcher", false],
    ["杂食", false],
    ["ery caf", true],
    ["erycaf", false],
  ])("[D115] every term is found anywhere in what an entry says, in Chinese too: %s", (text, expected) => {
    expect(found({ text }, [entry({ id: "x", note: "Café, Brot" })])).toEqual(expected ? ["x"] : [])
  })

  it("[D115] removed entries are never found; each part of a filter restricts", () => {
    const entries = [
      entry({ id: "a", date: "2026-01-01", tags: ["t"] }),
      entry({ id: "b", date: "2026-02-01", direction: "income", amountMinor: 10 }),
      entry({ id: "c", date: "2026-03-01", shares: { ben: 2816 } }),
      entry({ id: "d", deletedAtMs: 1 }),
      entry({ id: "e", date: "2026-04-01", splits: [{ category: "gifts", amountMinor: 2816, note: "" }] }),
      entry({ id: "f", date: "2026-05-01", direction: "transfer", toAccount: "bank", amountMinor: 99999 }),
    ]
    const cases: readonly [Partial<Filter>, string][] = [
      [{}, "abcef"],
      [{ from: "2026-02-01", to: "2026-03-01" }, "bc"],
      [{ directions: ["income", "transfer"] }, "bf"],
      [{ tags: ["t"] }, "a"],
      [{ members: ["ben"] }, "c"],
      [{ categories: ["gifts"] }, "e"],
      [{ accounts: ["bank"] }, "f"],
      [{ minMinor: 10, maxMinor: 2816 }, "abce"],
    ]
    for (const [filter, expected] of cases) expect(found(filter, entries).join("")).toBe(expected)
  })

  it("[D116] a saved filter is one register that reads back as it was, is renamed, removed and brought back", () => {
    const filter: Filter = {
      ...noFilter,
      text: "rent",
      from: "2026-01-01",
      tags: ["a"],
      minMinor: 5,
      directions: ["expense"],
    }
    expect(parseFilter(formatFilter(filter))).toEqual({ ...filter, to: undefined, maxMinor: undefined })
    let doc = after(book(), draft => saveFilter(draft, { id: "f1", name: "Rent", filter }))
    doc = after(doc, draft => saveFilter(draft, { id: "f1", name: "Home", filter }))
    expect(must(parseBook(doc)).filters.get("f1")).toMatchObject({ name: "Home", filter })
    doc = after(doc, draft => setFilterRemoved(draft, "f1", 5))
    expect(must(parseBook(doc)).filters.get("f1")?.deletedAtMs).toBe(5)
    expect(refusal(doc, draft => saveFilter(draft, { id: "f2", name: "", filter }))).toMatchObject({
      field: "name",
    })
    expect(refusal(doc, draft => setFilterRemoved(draft, "none", 1))).toMatchObject({ type: "NotFound" })
    for (const text of ["{", "[]", '{"tags":[1]}', '{"accounts":"x"}', "x".repeat(200_000)])
      expect(parseFilter(text)).toBeUndefined()
  })
})
