import "fake-indexeddb/auto"
import "@automerge/automerge"
import { type ChunkId, blobLimits, equalBytes } from "@home/shared/base"
import type { BlobRef } from "@home/shared/documents"
import { afterEach, describe, expect, it } from "vitest"
import type { EngineClient } from "../client.js"
import type { ExportedFile, FileState } from "../port.js"
import { createFiles } from "./files.js"
import { entryFields, must, openTestFamily, startTestEngine, testPassphrase } from "../testing/test-engine.js"

const document = { area: "ledger", name: "2026" } as const
const about = { document, type: "image/jpeg", name: "bakery.jpg" }
const picture = (sizeBytes: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31 + (i >> 8)) & 0xff)
/** Compared byte by byte: a matcher would walk millions of elements. */
const isPicture = async (content: unknown, sizeBytes: number): Promise<boolean> =>
  equalBytes(new Uint8Array(await (content as Blob).arrayBuffer()), picture(sizeBytes))

const kept = async (tab: EngineClient, sizeBytes: number): Promise<BlobRef> =>
  (await must(tab, "keepFile", { ...about, content: new Blob([picture(sizeBytes)]) })) as BlobRef
/** Every state that is told of a file, and a wait for the first that passes. */
const watched = (tab: EngineClient, ref: BlobRef) => {
  const told: FileState[] = []
  let look = (): void => {}
  const stop = tab.watchFile({ ref, document }, state => {
    told.push(state)
    look()
  })
  const until = (passes: (state: FileState) => boolean): Promise<void> =>
    new Promise(resolve => {
      look = () => {
        const last = told.at(-1)
        if (last !== undefined && passes(last)) resolve()
      }
      look()
    })
  return { told, until, stop }
}
const { put } = IDBObjectStore.prototype
afterEach(() => {
  IDBObjectStore.prototype.put = put
})

describe("files", () => {
  it("[E40] are on disk when they are kept, are shown by an edit, and open after a restart", async () => {
    const { name, storage, engine, tab } = await openTestFamily()
    const sizeBytes = blobLimits.chunkBytes + 5_000
    const ref = await kept(tab, sizeBytes)
    expect(ref).toMatchObject({ sizeBytes, type: "image/jpeg", name: "bakery.jpg" })
    const fields = entryFields(1)
    expect(await tab.edit("addEntry", "2026", { id: "e1".repeat(16), fields })).toMatchObject({ ok: true })
    const attached = await tab.edit("attachReceipt", "2026", { id: "e1".repeat(16), receipt: ref })
    expect(attached).toMatchObject({ ok: true })
    engine.kill()
    const next = startTestEngine(name).openTab(storage)
    await must(next, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    const { told, until } = watched(next, ref)
    await until(({ type }) => type === "Here")
    expect(told).toEqual([{ type: "Here" }])
    expect(await isPicture(await must(next, "openFile", { ref }), sizeBytes)).toBe(true)
    const exported = (await must(next, "exportAll", {})) as readonly ExportedFile[]
    expect(exported.filter(file => "ref" in file)).toEqual([
      { name: `receipts/2026-11-02 payee 1 ${ref.id.slice(0, 8)}.jpg`, mediaType: "image/jpeg", ref },
    ])
  })

  it("[E40] of what is too long, or finds the disk full, nothing stays", async () => {
    const { engine, tab } = await openTestFamily()
    const long = new Blob([new Uint8Array(blobLimits.chunks * blobLimits.chunkBytes + 1)])
    expect(await tab.calls.keepFile({ ...about, content: long })).toMatchObject({
      error: { type: "FileTooLong" },
    })
    let chunks = 0
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (this.name === "chunk" && ++chunks === 2) throw new DOMException("full", "QuotaExceededError")
      return put.call(this, value, key)
    }
    const content = new Blob([picture(blobLimits.chunkBytes + 5)])
    expect(await tab.calls.keepFile({ ...about, content })).toMatchObject({ error: { type: "StorageFull" } })
    expect(chunks).toBe(2)
    IDBObjectStore.prototype.put = put
    expect(await engine.core.disk().database.blobs.list()).toEqual([])
    expect((await engine.core.family()?.files.blobs.count())?.chunks).toBe(0)
    expect((await kept(tab, 10)).sizeBytes).toBe(10)
  })

  it("[E41] [E42] tells what is here of a file, asks for the rest, and opens it when it is whole", async () => {
    const { engine, tab } = await openTestFamily()
    const files = engine.core.family()?.files
    if (files === undefined) throw new Error("open")
    const ref = await kept(tab, 2 * blobLimits.chunkBytes)
    const chunks = await Promise.all(ref.chunks.map(async id => [id, await files.blobs.chunk(id)] as const))
    await files.blobs.forget(ref.chunks)
    const { told, until, stop } = watched(tab, ref)
    await until(({ type }) => type === "Asked")
    expect(await files.wanted()).toMatchObject([{ ref, place: { area: "ledger", name: "2026" } }])
    const arrive = async ([id, bytes]: readonly [ChunkId, Uint8Array | undefined]): Promise<void> => {
      const place = { circle: engine.core.family()?.replica.everyone(), area: "ledger", name: "2026" }
      await files.blobs.put(id, bytes ?? new Uint8Array(0), place as never)
    }
    const [first, second] = chunks
    if (first === undefined || second === undefined) throw new Error("two chunks")
    await arrive(first)
    await until(({ type }) => type === "Coming")
    expect(await tab.calls.openFile({ ref })).toEqual({ ok: false, error: { type: "FileNotHere" } })
    await arrive(second)
    await until(({ type }) => type === "Here")
    expect(told.filter(({ type }) => type === "Coming")).toEqual([{ type: "Coming", part: 0.5 }])
    const content = await must(tab, "openFile", { ref })
    expect(await isPicture(content, 2 * blobLimits.chunkBytes)).toBe(true)
    stop()
    expect(await files.wanted()).toEqual([])
  })

  it("[E41] says whom it has asked, and asks when somebody begins to look", async () => {
    const { engine, tab } = await openTestFamily()
    const family = engine.core.family()
    if (family === undefined) throw new Error("open")
    const ref = await kept(tab, 100)
    await family.files.blobs.forget(ref.chunks)
    const told: FileState[] = []
    await new Promise<void>(resolve => {
      const files = createFiles({
        blobs: family.files.blobs,
        replica: family.replica,
        onWanted: () => files.setAsked("Box"),
        onFailed: () => {},
      })
      files.watch({ ref, document }, state => {
        told.push(state)
        if (told.length === 2) resolve()
      })
    })
    expect(told).toEqual([
      { type: "Asked", of: "Nobody" },
      { type: "Asked", of: "Box" },
    ])
  })

  it("[E42] what the disk has altered is not shown: it counts as missing and is asked for", async () => {
    const { engine, tab } = await openTestFamily()
    const ref = await kept(tab, 3_000)
    const { database } = engine.core.disk().database
    const chunk = database.transaction("chunk", "readwrite").objectStore("chunk")
    chunk.put(picture(3_016), ref.chunks[0])
    const { told, until } = watched(tab, ref)
    await until(({ type }) => type === "Here")
    expect(await tab.calls.openFile({ ref })).toEqual({ ok: false, error: { type: "FileNotHere" } })
    await until(({ type }) => type === "Asked")
    expect(told.map(({ type }) => type)).toEqual(["Here", "Asked"])
  })

  it("[E21] [E40] a locked engine keeps and opens none", async () => {
    const { tab } = await openTestFamily()
    const ref = await kept(tab, 10)
    await must(tab, "lock", {})
    const refused = { ok: false, error: { type: "NotOpen" } }
    expect(await tab.calls.openFile({ ref })).toEqual(refused)
    expect(await tab.calls.keepFile({ ...about, content: new Blob([]) })).toEqual(refused)
  })
})
