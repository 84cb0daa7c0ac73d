import "@automerge/automerge"
import { describe, expect, it } from "vitest"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseBook } from "../book.js"
import { ledgerImport } from "../import-ledger.js"
import { planImport } from "../import-plan.js"
import type { ImportContext, ImportPlan } from "../import-step.js"
import { parseLedger } from "../ledger.js"
import { type TestDoc, after, anna, device, must } from "../samples.js"
import { previewImport } from "./import-preview.js"
import { addPayeeRule } from "./payee-rules.js"

const hash = (domain: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const text = [domain, ...parts.map(part => `${part.length}:${[...part].join()}`)].join("|")
  return Uint8Array.from({ length: 32 }, (_, index) =>
    [...text].reduce((sum, letter, at) => (sum * 31 + letter.charCodeAt(0) * (index + 1) + at) % 251, index),
  )
}
const bookDoc = () =>
  after(device("book", "11"), draft =>
    addPayeeRule(draft, "r1", { payee: "baker", category: "eating-out", account: "cash", tags: ["bread"] }),
  )
const context = (account?: string): ImportContext => ({
  hash,
  author: anna.author,
  nowMs: anna.nowMs,
  zone: "Europe/Berlin",
  book: must(parseBook(bookDoc())),
  ...(account === undefined ? {} : { account }),
})
const row = (line: number, fields: Partial<EntryDraft>): EntryDraft => ({
  sourceId: `s${line}`,
  date: "2026-03-10",
  direction: "expense",
  status: "settled",
  amountMinor: 500,
  currency: "EUR",
  payee: "Baker",
  note: "",
  account: "",
  category: "",
  tags: [],
  line,
  ...fields,
})
const fileOf = (...entries: readonly EntryDraft[]): ParsedImport => ({
  format: "csv",
  draft: { area: "ledger", entries },
  skipped: [],
  warnings: [],
  sums: {},
})
const apply = (plan: ImportPlan, ledger: TestDoc): TestDoc =>
  plan.steps
    .filter(step => step.document.area === "ledger")
    .reduce((doc, step) => after(doc, draft => step.apply(draft)), ledger)
const entriesOf = (doc: TestDoc) => [...must(parseLedger(doc)).entries.values()]

describe("import with a preview", () => {
  it("[D140] a row that was imported before is known, also when the entry was removed", () => {
    const drafts = [row(1, {}), row(2, { amountMinor: 700 })]
    const ledger = apply(planImport(fileOf(...drafts.slice(0, 1)), context("bank")), device("ledger", "11"))
    const known = entriesOf(ledger).map(entry => ({ ...entry, deletedAtMs: 1 }))
    const { rows } = previewImport(drafts, "csv", context("bank"), known)
    expect(rows.map(({ state }) => state)).toEqual(["known", "new"])
  })

  it("[D72] what every family starts with is found by the name that the reader sees, of the same kind", () => {
    const shown: Readonly<Record<string, string>> = {
      groceries: "食品杂货",
      refunds: "食品杂货",
      cash: "现金",
    }
    const nameOf = (id: string): string => shown[id] ?? ""
    const drafts = [row(1, { payee: "Shop", category: "食品杂货", account: "现金" })]
    const planned = { ...context("bank"), names: { account: nameOf, category: nameOf } }
    expect(previewImport(drafts, "csv", planned, []).rows[0]?.fields).toMatchObject({
      category: "groceries",
      account: "cash",
    })
    expect(ledgerImport(drafts, "csv", planned)).toMatchObject({ accounts: [], categories: [] })
  })

  it.each<[string, Partial<EntryDraft>, string]>([
    ["the same", {}, "likely"],
    ["two days later", { date: "2026-03-12" }, "likely"],
    ["three days later", { date: "2026-03-13" }, "new"],
    ["another amount", { amountMinor: 501 }, "new"],
    ["another currency", { currency: "USD" }, "new"],
    ["the other direction", { direction: "income" }, "new"],
    ["a longer payee", { payee: "BAKER & Sons" }, "likely"],
    ["another payee", { payee: "Butcher" }, "new"],
    ["no payee", { payee: "" }, "likely"],
  ])("[D141] an entry made by hand is likely the same: %s", (_, fields, state) => {
    const byHand = apply(planImport(fileOf(row(1, {})), context("bank")), device("ledger", "11"))
    const drafts = [row(9, { sourceId: "other", ...fields })]
    expect(previewImport(drafts, "csv", context("bank"), entriesOf(byHand)).rows[0]?.state).toBe(state)
    expect(previewImport(drafts, "csv", context("cash"), entriesOf(byHand)).rows[0]?.state).toBe("new")
  })

  it("[D141] one entry stands for one row: of two coffees one is new", () => {
    const byHand = apply(planImport(fileOf(row(1, {})), context("bank")), device("ledger", "11"))
    const drafts = [row(8, { sourceId: "x" }), row(9, { sourceId: "y" })]
    const { rows } = previewImport(drafts, "csv", context("bank"), entriesOf(byHand))
    expect(rows.map(({ state }) => state)).toEqual(["likely", "new"])
  })

  it("[D142] only what is kept is imported, with the same ids as in a whole import", () => {
    const file = fileOf(row(1, {}), row(2, { amountMinor: 700 }), row(3, { amountMinor: 900 }))
    const all = apply(planImport(file, context("bank")), device("ledger", "11"))
    const kept = file.draft.area === "ledger" ? file.draft.entries.filter(({ line }) => line !== 2) : []
    const some = apply(planImport(fileOf(...kept), context("bank")), device("ledger", "22"))
    expect(
      entriesOf(some)
        .map(({ amountMinor }) => amountMinor)
        .sort(),
    ).toEqual([500, 900])
    const ids = new Set(entriesOf(all).map(({ id }) => id))
    expect(entriesOf(some).every(({ id }) => ids.has(id))).toBe(true)
  })

  it("[D143] the family's rule counts more than the file's category, adds tags, and gives an account where there is none", () => {
    const file = fileOf(
      row(1, { category: "Misc", tags: ["x"] }),
      row(2, { payee: "Other", category: "Misc" }),
    )
    const [one, two] = previewImport(
      file.draft.area === "ledger" ? file.draft.entries : [],
      "csv",
      context(),
      [],
    ).rows
    expect(one?.fields).toMatchObject({ category: "eating-out", tags: ["x", "bread"], account: "cash" })
    expect(two?.fields).toMatchObject({ tags: [], account: "" })
    expect(previewImport([row(1, {})], "csv", context("bank"), []).rows[0]?.fields.account).toBe("bank")
  })

  it("[D143] the same row of two accounts is two entries", () => {
    const fee = fileOf(row(1, { payee: "Fee" }))
    let ledger = apply(planImport(fee, context("bank")), device("ledger", "11"))
    ledger = apply(planImport(fee, context("cash")), ledger)
    ledger = apply(planImport(fee, context("bank")), ledger)
    expect(
      entriesOf(ledger)
        .map(({ account }) => account)
        .sort(),
    ).toEqual(["bank", "cash"])
  })
})
