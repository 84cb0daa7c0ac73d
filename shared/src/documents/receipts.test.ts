import "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ChunkId, blobLimits } from "../base/index.js"
import { type BlobRef, chunkCountOf, isBlobRef, parseBlobRef } from "./blob-ref.js"
import type { Entry } from "./entry.js"
import { exportLedger } from "./export/json.js"
import { parseBook } from "./book.js"
import { parseLedger } from "./ledger.js"
import { addEntry, deleteEntry } from "./ledger-commands.js"
import { attachReceipt, detachReceipt } from "./receipts.js"
import { after, anna, ben, device, forkOf, mergeOf, must, refusal, sampleEntry } from "./samples.js"

const id = "e1".repeat(16)
const withEntry = () =>
  after(device("ledger", "11"), draft => addEntry(draft, { year: "2026", id, fields: sampleEntry, by: anna }))
const chunkIds = (...pairs: readonly string[]) => pairs.map(pair => pair.repeat(32) as ChunkId)
const receipt = (byte: string, more: Partial<BlobRef> = {}): BlobRef => ({
  id: byte.repeat(16),
  key: "ab".repeat(32),
  sizeBytes: 3_000_000,
  type: "image/jpeg",
  name: `${byte}.jpg`,
  chunks: chunkIds("c1", "c2", "c3"),
  ...more,
})
const entryOf = (doc: unknown): Entry => {
  const entry = must(parseLedger(doc)).entries.get(id)
  if (entry === undefined) throw new Error("no entry")
  return entry
}
const attach = (doc: ReturnType<typeof withEntry>, ref: BlobRef, by = anna) =>
  after(doc, draft => attachReceipt(draft, { id, receipt: ref, by }))

describe("receipts", () => {
  it("[D18] are read as they were attached, and go when they are detached", () => {
    const [one, two] = [receipt("01"), receipt("02", { name: "", sizeBytes: 0, chunks: chunkIds("d0") })]
    const both = attach(attach(withEntry(), two), one, ben)
    expect(entryOf(both)).toMatchObject({ receipts: [one, two], editedBy: ben.author })
    const less = after(both, draft => detachReceipt(draft, { id, receiptId: one.id, by: anna }))
    expect(entryOf(less).receipts).toEqual([two])
    expect(entryOf(attach(less, one)).receipts).toEqual([one, two])
  })

  it("[D18] of two devices that attach at once both stay, also the first ones of an entry", () => {
    const start = withEntry()
    const [mine, theirs] = [attach(start, receipt("01")), attach(forkOf(start, "22"), receipt("02"), ben)]
    for (const merged of [mergeOf(mine, theirs), mergeOf(theirs, mine)])
      expect(entryOf(merged).receipts).toEqual([receipt("01"), receipt("02")])
    // One that is detached here stays detached, whatever else is attached there.
    const bare = after(mine, draft => detachReceipt(draft, { id, receiptId: "01".repeat(16), by: anna }))
    expect(entryOf(mergeOf(bare, attach(forkOf(mine, "33"), receipt("03"), ben))).receipts).toEqual([
      receipt("03"),
    ])
  })

  it("[D18] [D6] attaching twice changes nothing; what is no file, or has no entry, is refused", () => {
    const doc = attach(withEntry(), receipt("01"))
    expect(attach(doc, receipt("01"))).toEqual(doc)
    for (const wrong of [
      { id: "x" },
      { key: "ab" },
      { type: "text/html; charset=x" },
      { type: "nothing" },
      { sizeBytes: -1 },
      { sizeBytes: 1.5 },
      { sizeBytes: blobLimits.chunkBytes },
      { chunks: [] },
      { name: "n".repeat(201) },
      { sizeBytes: blobLimits.chunkBytes * 65, chunks: chunkIds(...Array<string>(65).fill("c1")) },
    ]) {
      const refused = refusal(doc, draft =>
        attachReceipt(draft, { id, receipt: receipt("02", wrong), by: anna }),
      )
      expect([wrong, refused]).toMatchObject([wrong, { type: "InvalidField", field: "receipt" }])
    }
    const none = "f0".repeat(16)
    expect(
      refusal(doc, draft => attachReceipt(draft, { id: none, receipt: receipt("02"), by: anna })),
    ).toEqual({ type: "NotFound", id: none })
    expect(
      refusal(doc, draft => detachReceipt(draft, { id: none, receiptId: "01".repeat(16), by: anna })),
    ).toEqual({ type: "NotFound", id: none })
  })

  it("[D18] [D4] what somebody wrote in a receipt's place and is none is reported, and the entry is read", () => {
    const doc = after(attach(withEntry(), receipt("01")), draft => {
      const { months } = draft as { months: Record<string, Record<string, Record<string, unknown>>> }
      const entry = months["03"]?.[id]
      if (entry === undefined) throw new Error("no entry")
      entry["receipt/zz"] = true
      entry[`receipt/${"02".repeat(16)}`] = { key: "00", chunks: "c1" }
      return { ok: true, value: undefined }
    })
    expect(entryOf(doc).receipts).toEqual([receipt("01")])
    expect(must(parseLedger(doc)).issues.map(({ path }) => path)).toEqual([
      `months/03/${id}/receipt/${"02".repeat(16)}`,
      `months/03/${id}/receipt/zz`,
    ])
  })

  it("[D18] no value makes the reader throw, and what it takes is within the limits", () => {
    const field = fc.oneof(fc.string(), fc.integer(), fc.constant(undefined), fc.constant("ab".repeat(32)))
    const value = fc.record({ key: field, sizeBytes: field, type: field, name: field, chunks: field })
    fc.assert(
      fc.property(fc.oneof(value, fc.anything()), wrong => {
        const ref = parseBlobRef("01".repeat(16), wrong)
        expect(ref === undefined || isBlobRef(ref)).toBe(true)
      }),
    )
    expect([0, 1, blobLimits.chunkBytes, blobLimits.chunkBytes + 1].map(chunkCountOf)).toEqual([1, 1, 1, 2])
  })

  it("[D18] an export names them and shows neither key nor chunks", () => {
    const book = must(parseBook(device("book", "11")))
    const text = JSON.stringify(exportLedger([must(parseLedger(attach(withEntry(), receipt("01"))))], book))
    expect(text).toContain("01.jpg")
    for (const secret of ["ab".repeat(32), "c1c1c1c1"]) expect(text).not.toContain(secret)
    expect(
      must(parseLedger(after(withEntry(), draft => deleteEntry(draft, { id, by: anna })))).issues,
    ).toEqual([])
  })
})
