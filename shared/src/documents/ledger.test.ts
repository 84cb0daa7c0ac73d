import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import {
  addAccount,
  addCategory,
  editAccount,
  editCategory,
  parseBook,
  setFamilyCurrency,
  setTag,
} from "./book.js"
import { conflictedFields, conflictsOf } from "./conflicts.js"
import { type Entry, type EntryFields, counts } from "./entry.js"
import { parseLedger } from "./ledger.js"
import { addEntry, deleteEntry, editEntry, restoreEntry } from "./ledger-commands.js"
import { after, anna, ben, device, forkOf, mergeOf, must, refusal, sampleEntry } from "./samples.js"

const id = "e1".repeat(16)
const year = "2026"
const withEntry = (fields: Partial<EntryFields> = {}) =>
  after(device("ledger", "11"), draft =>
    addEntry(draft, { year, id, fields: { ...sampleEntry, ...fields }, by: anna }),
  )
const entryOf = (doc: unknown): Entry => {
  const entry = must(parseLedger(doc)).entries.get(id)
  if (entry === undefined) throw new Error("no entry")
  return entry
}

describe("entries", () => {
  it("[D10] an entry reads back as it was entered, with author and time", () => {
    const full: EntryFields = {
      ...sampleEntry,
      time: "09:30:00",
      currency: "USD",
      rate: "0.92",
      tags: ["breakfast", "早餐"],
      note: "two rolls",
      splits: [
        { category: "groceries", amountMinor: 2000, note: "" },
        { category: "gifts", amountMinor: 816, note: "for Oma" },
      ],
      paidBy: anna.author,
      shares: { [anna.author]: 1408, [ben.author]: 1408 },
    }
    expect(entryOf(withEntry(full))).toMatchObject({
      ...full,
      id,
      author: anna.author,
      createdAtMs: anna.nowMs,
    })
    expect(must(parseLedger(withEntry(full))).issues).toEqual([])
  })

  it.each<[string, Partial<EntryFields>, object]>([
    ["30 February", { date: "2026-02-30" }, { field: "date" }],
    ["hour 24", { time: "24:00:00" }, { field: "time" }],
    ["half a cent", { amountMinor: 0.5 }, { field: "amountMinor" }],
    ["a negative amount", { amountMinor: -1 }, { field: "amountMinor" }],
    ["an amount beyond the limit", { amountMinor: 1e12 + 1 }, { field: "amountMinor" }],
    ["no currency", { currency: "euro" }, { field: "currency" }],
    ["a rate of zero", { rate: "0.0" }, { field: "rate" }],
    ["a transfer to nowhere", { direction: "transfer" }, { field: "toAccount" }],
    ["a transfer to itself", { direction: "transfer", toAccount: "cash" }, { field: "toAccount" }],
    [
      "a transfer from nowhere",
      { direction: "transfer", account: "", toAccount: "bank" },
      { field: "toAccount" },
    ],
    ["an expense into an account", { toAccount: "bank" }, { field: "toAccount" }],
    ["an empty tag", { tags: [""] }, { field: "tags" }],
    [
      "splits that do not sum",
      { splits: [{ category: "a", amountMinor: 1, note: "" }] },
      { type: "SplitsDoNotSum", splitsMinor: 1 },
    ],
    ["shares that do not sum", { shares: { [ben.author]: 1 } }, { type: "SharesDoNotSum", sharesMinor: 1 }],
    ["another year", { date: "2027-01-01" }, { type: "OtherYear", year: "2027" }],
  ])("[D10] %s is refused, and nothing is changed", (_, fields, error) => {
    const doc = device("ledger", "11")
    const refused = refusal(doc, draft =>
      addEntry(draft, { year, id, fields: { ...sampleEntry, ...fields }, by: anna }),
    )
    expect(refused).toMatchObject(error)
    const edited = refusal(withEntry(), draft => editEntry(draft, { year, id, patch: fields, by: ben }))
    expect(edited).toMatchObject(error)
  })

  it("[D10] one id is one entry, wherever it lies", () => {
    const fields = { ...sampleEntry, date: "2026-07-01" }
    expect(refusal(withEntry(), draft => addEntry(draft, { year, id, fields, by: ben }))).toEqual({
      type: "AlreadyExists",
      id,
    })
  })

  it("[D11] an entry stays in its month's map when its date is corrected", () => {
    const doc = after(withEntry(), draft =>
      editEntry(draft, { year, id, patch: { date: "2026-11-02" }, by: ben }),
    )
    expect(entryOf(doc)).toMatchObject({ date: "2026-11-02", editedBy: ben.author, editedAtMs: ben.nowMs })
    const months = (doc as { months: Record<string, object> }).months
    expect(Object.keys(months).filter(month => Object.keys(months[month] ?? {}).length > 0)).toEqual(["03"])
  })

  it("[D12] parts change with the amount or not at all", () => {
    const split = withEntry({ splits: [{ category: "a", amountMinor: 2816, note: "" }] })
    expect(
      refusal(split, draft => editEntry(draft, { year, id, patch: { amountMinor: 5 }, by: ben })),
    ).toMatchObject({ type: "SplitsDoNotSum" })
    const patch = { amountMinor: 5, splits: [{ category: "b", amountMinor: 5, note: "" }] }
    expect(entryOf(after(split, draft => editEntry(draft, { year, id, patch, by: ben })))).toMatchObject(
      patch,
    )
  })

  it("[D12] amount and splits changed at once: the entry stays, unsplit, and the reader says so", () => {
    const doc = withEntry({ splits: [{ category: "a", amountMinor: 2816, note: "" }] })
    const one = after(forkOf(doc, "22"), draft =>
      editEntry(draft, {
        year,
        id,
        patch: { amountMinor: 100, splits: [{ category: "a", amountMinor: 100, note: "" }] },
        by: anna,
      }),
    )
    const two = after(forkOf(doc, "33"), draft => {
      const splits = [
        { category: "a", amountMinor: 2800, note: "" },
        { category: "b", amountMinor: 16, note: "" },
      ]
      // More operations than the other device: its splits win, against the other's amount.
      must(editEntry(draft, { year, id, patch: { note: "for the party", payee: "Market" }, by: ben }))
      return editEntry(draft, { year, id, patch: { splits }, by: ben })
    })
    const ledger = must(parseLedger(mergeOf(one, two)))
    expect(ledger.entries.get(id)).toMatchObject({ amountMinor: 100, splits: [] })
    expect(ledger.issues.map(({ path }) => path)).toEqual([`months/03/${id}/splits`])
  })

  it("[D13] a removed entry is out of the balances, and comes back with what others did meanwhile", () => {
    const doc = withEntry()
    const removed = after(forkOf(doc, "22"), draft => deleteEntry(draft, { id, by: anna }))
    const noted = after(forkOf(doc, "33"), draft =>
      editEntry(draft, { year, id, patch: { note: "keep" }, by: ben }),
    )
    const merged = mergeOf(removed, noted)
    expect(counts(entryOf(merged))).toBe(false)
    const restored = entryOf(after(merged, draft => restoreEntry(draft, { id, by: ben })))
    expect([counts(restored), restored.note, restored.deletedAtMs]).toEqual([true, "keep", undefined])
  })

  it("[D6] an edit writes what changed and nothing else", () => {
    const doc = withEntry()
    const next = after(doc, draft =>
      editEntry(draft, { year, id, patch: { ...sampleEntry, note: "new" }, by: { ...ben } }),
    )
    const written = A.diff(next, A.getHeads(doc), A.getHeads(next)).map(patch => patch.path[3])
    expect([...new Set(written)].sort()).toEqual(["editedAtMs", "editedBy", "note"])
  })
})

describe("conflicts", () => {
  it("[D8] both values of a concurrent overwrite stay readable, the shown one last", () => {
    const doc = withEntry()
    const one = after(forkOf(doc, "22"), draft =>
      editEntry(draft, { year, id, patch: { payee: "Baker" }, by: anna }),
    )
    const two = after(forkOf(doc, "33"), draft =>
      editEntry(draft, { year, id, patch: { payee: "Bäcker" }, by: ben }),
    )
    for (const merged of [mergeOf(one, two), mergeOf(two, one)]) {
      const conflicts = conflictsOf(merged, ["months", "03", id, "payee"])
      expect(conflicts.map(({ value }) => value).sort()).toEqual(["Baker", "Bäcker"])
      expect(conflicts.find(({ shown }) => shown)?.value).toBe(entryOf(merged).payee)
      expect(conflictedFields(merged, ["months", "03", id])).toEqual(["payee"])
      const settled = after(merged, draft =>
        editEntry(draft, { year, id, patch: { payee: "Bäckerei" }, by: anna }),
      )
      expect(conflictsOf(settled, ["months", "03", id, "payee"]).length).toBeLessThan(2)
      const { payee } = entryOf(merged)
      const kept = after(forkOf(merged, "44"), draft =>
        editEntry(draft, { year, id, patch: { payee }, by: anna }),
      )
      expect([entryOf(kept).payee, conflictedFields(kept, ["months", "03", id])]).toEqual([payee, []])
    }
  })

  it("[D8] a plain copy and a wrong path have no conflicts", () => {
    expect(conflictsOf({ a: 1 }, ["a"])).toEqual([])
    expect(conflictsOf(withEntry(), ["nowhere", "at", "all"])).toEqual([])
    expect(conflictsOf(withEntry(), [])).toEqual([])
  })

  const imported = (byte: string) =>
    after(device("ledger", byte), draft =>
      addEntry(draft, { year, id, fields: sampleEntry, by: anna, source: { format: "bank", sourceId: "1" } }),
    )

  it("[D9] of one row imported on two devices, what a person did to either copy is shown", () => {
    for (const [edited, other] of [
      ["11", "22"],
      ["22", "11"],
    ] as const) {
      const mine = after(imported(edited), draft =>
        editEntry(draft, { year, id, patch: { category: "gifts", tags: ["x"] }, by: ben }),
      )
      for (const merged of [mergeOf(mine, imported(other)), mergeOf(imported(other), mine)]) {
        expect(entryOf(merged)).toMatchObject({ category: "gifts", tags: ["x"] })
        const later = after(merged, draft =>
          editEntry(draft, { year, id, patch: { note: "again" }, by: { ...ben, nowMs: ben.nowMs + 1 } }),
        )
        expect(entryOf(later)).toMatchObject({ note: "again" })
        expect(
          entryOf(after(forkOf(later, "44"), draft => deleteEntry(draft, { id, by: anna }))).deletedAtMs,
        ).toBe(anna.nowMs)
      }
    }
  })
})

describe("the book", () => {
  it("[D14] a new family has accounts and categories without a word of any language", () => {
    const book = must(parseBook(device("book", "11")))
    expect(book.accounts.get("cash")).toMatchObject({ key: "cash", name: "", currency: "" })
    expect(book.categories.size).toBeGreaterThan(20)
    expect([...book.categories.values()].every(({ id: own, key, name }) => key === own && name === "")).toBe(
      true,
    )
    expect(book.issues).toEqual([])
  })

  it("[D14] accounts, categories and tags are added, renamed and archived, by valid fields only", () => {
    let doc = device("book", "11")
    const account = {
      name: "Giro",
      kind: "bank",
      currency: "EUR",
      openingMinor: -500,
      archived: false,
    } as const
    doc = after(doc, draft => addAccount(draft, "giro", account))
    doc = after(doc, draft => editAccount(draft, "giro", { archived: true }))
    doc = after(doc, draft =>
      addCategory(draft, "violin", {
        name: "Violin",
        icon: "music",
        kind: "expense",
        parent: "children",
        archived: false,
      }),
    )
    doc = after(doc, draft => editCategory(draft, "groceries", { name: "Food" }))
    doc = after(doc, draft => setTag(draft, "holiday", "teal"))
    doc = after(doc, draft => setFamilyCurrency(draft, "CNY"))
    const book = must(parseBook(doc))
    expect(book.accounts.get("giro")).toMatchObject({ ...account, archived: true })
    expect(book.categories.get("violin")).toMatchObject({ parent: "children" })
    expect(book.categories.get("groceries")).toMatchObject({ key: "groceries", name: "Food" })
    expect([...book.tags]).toEqual([["holiday", "teal"]])
    expect(book.currency).toBe("CNY")
    expect(refusal(doc, draft => addAccount(draft, "giro", account))).toMatchObject({ type: "AlreadyExists" })
    expect(refusal(doc, draft => addAccount(draft, "x", { ...account, currency: "eur" }))).toMatchObject({
      field: "currency",
    })
    expect(refusal(doc, draft => editAccount(draft, "none", { archived: true }))).toMatchObject({
      type: "NotFound",
    })
    expect(refusal(doc, draft => editCategory(draft, "violin", { parent: "violin" }))).toMatchObject({
      field: "parent",
    })
    expect(refusal(doc, draft => setFamilyCurrency(draft, "yuan"))).toMatchObject({ field: "currency" })
  })
})
