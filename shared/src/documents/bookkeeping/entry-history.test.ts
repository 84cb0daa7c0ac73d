import "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { parseLedger } from "../ledger.js"
import { addEntry, deleteEntry, editEntry, restoreEntry } from "../ledger-commands.js"
import { type TestDoc, after, anna, ben, device, forkOf, mergeOf, must, sampleEntry } from "../samples.js"
import { entryAt, entryHistory } from "./entry-history.js"

const [id, other, year] = ["e1".repeat(16), "e2".repeat(16), "2026"]
const edit = (doc: TestDoc, patch: object, by = ben): TestDoc =>
  after(doc, draft => editEntry(draft, { year, id, patch, by }))
const start = (): TestDoc =>
  after(device("ledger", "11"), draft =>
    addEntry(draft, { year, id, fields: { ...sampleEntry, tags: ["a"] }, by: anna }),
  )
const later = (minutes: number, by = ben) => ({ ...by, nowMs: by.nowMs + minutes * 60_000 })

describe("the history of an entry", () => {
  it("[D130] who changed which field, when, from what to what, oldest first", () => {
    let doc = edit(forkOf(start(), "22"), { payee: "Baker", amountMinor: 3000 })
    doc = edit(doc, { tags: ["b"] }, later(1))
    doc = after(doc, draft => addEntry(draft, { year, id: other, fields: sampleEntry, by: ben }))
    doc = after(doc, draft => deleteEntry(draft, { id, by: later(2) }))
    doc = after(doc, draft => restoreEntry(draft, { id, by: later(3) }))
    doc = edit(doc, { shares: { [ben.author]: 3000 } }, later(4))
    const history = entryHistory(doc, id)
    expect(history.map(({ author, kind, atMs }) => [author, kind, atMs])).toEqual([
      [anna.author, "created", anna.nowMs],
      [ben.author, "edited", ben.nowMs],
      [ben.author, "edited", later(1).nowMs],
      [ben.author, "removed", later(2).nowMs],
      [ben.author, "restored", later(3).nowMs],
      [ben.author, "edited", later(4).nowMs],
    ])
    expect(history.map(({ fields }) => fields)).toEqual([
      [],
      [
        { field: "amountMinor", before: 2816, after: 3000 },
        { field: "payee", before: "Bakery", after: "Baker" },
      ],
      [{ field: "tags", before: ["a"], after: ["b"] }],
      [],
      [],
      [{ field: "shares" }],
    ])
    const receipt = { id: "01".repeat(16), name: "bill.jpg", mediaType: "image/jpeg" }
    const pinned = after(doc, draft => {
      const months = (draft as { months: Record<string, Record<string, Record<string, unknown>>> }).months
      const own = months["03"]?.[id]
      if (own !== undefined) own[`receipt/${receipt.id}`] = receipt
      return { ok: true, value: undefined }
    })
    expect(entryHistory(pinned, id).at(-1)?.fields).toEqual([{ field: "receipts" }])
    expect(entryHistory(doc, "none")).toEqual([])
  })

  it("[D130] concurrent edits are both in it", () => {
    const doc = start()
    const merged = mergeOf(
      edit(forkOf(doc, "22"), { payee: "Baker" }),
      edit(forkOf(doc, "33"), { payee: "Bäcker" }, later(1, anna)),
    )
    const payees = entryHistory(merged, id).flatMap(({ author, fields }) =>
      fields.map(({ after: value }) => [author, value]),
    )
    expect(payees.sort()).toEqual(
      [
        [anna.author, "Bäcker"],
        [ben.author, "Baker"],
      ].sort(),
    )
  })

  it("[D131] a former state comes back as a new edit, and the history keeps all", () => {
    const doc = edit(edit(start(), { payee: "Baker", tags: ["b"] }), { payee: "Butcher" }, later(1))
    const [created] = entryHistory(doc, id)
    const fields = entryAt(doc, id, created?.hash ?? "")
    expect(fields).toMatchObject({ payee: "Bakery", tags: ["a"] })
    const restored = edit(doc, fields ?? {}, later(2))
    expect(must(parseLedger(restored)).entries.get(id)).toMatchObject({
      payee: "Bakery",
      tags: ["a"],
      amountMinor: 2816,
    })
    expect(entryHistory(restored, id)).toHaveLength(4)
    expect(entryAt(doc, id, "00".repeat(32))).toBeUndefined()
  })
})
