import "@automerge/automerge"
import { runStorageAdapterTests } from "@automerge/automerge-repo/helpers/tests/storage-adapter-tests.js"
import { Repo, generateAutomergeUrl, parseAutomergeUrl } from "@automerge/automerge-repo/slim"
import * as A from "@automerge/automerge/slim"
import { describe, expect, it } from "vitest"
import { type Store, type StoreChange, textToBytes } from "../base/index.js"
import { createMemoryStore } from "../testing/memory-store.js"
import { createReadableStorageSeal } from "../testing/readable-storage-seal.js"
import { createDocumentStorage } from "./document-storage.js"
import { createSealedStore } from "./sealed-store.js"

interface Note {
  lines: string[]
}

const prefix = ["documents"]
const mark = (documentId: string): StoreChange => ({
  type: "Put",
  key: ["dirty", documentId],
  value: textToBytes("1"),
})

/** A store whose disk refuses while `full` is set, and that counts its writes. */
const createFillingStore = () => {
  const inner = createMemoryStore()
  const state = { full: false, batches: [] as (readonly StoreChange[])[] }
  const store: Store = {
    ...inner,
    write: async changes => {
      if (state.full) throw new Error("no space left")
      state.batches.push(changes)
      await inner.write(changes)
    },
  }
  return { store, state }
}

const chunksOf = async (
  storage: ReturnType<typeof createDocumentStorage>,
  documentId: string,
): Promise<readonly Uint8Array[]> => {
  const { whole, since } = await storage.loadParts(documentId)
  return [...whole, ...since]
}

const reload = async (
  storage: ReturnType<typeof createDocumentStorage>,
  documentId: string,
): Promise<Note> => {
  let doc = A.init<Note>()
  for (const chunk of await chunksOf(storage, documentId)) doc = A.loadIncremental(doc, chunk)
  return doc
}

describe("[S9] automerge-repo's own acceptance suite", () => {
  runStorageAdapterTests(
    async () => ({ adapter: createDocumentStorage(createMemoryStore(), { prefix }) }),
    "memory",
  )
  runStorageAdapterTests(async () => {
    const store = createSealedStore(createMemoryStore(), createReadableStorageSeal())
    return {
      adapter: createDocumentStorage(store, { prefix: ["a", "b"], onDocumentSaved: id => [mark(id)] }),
    }
  }, "sealed memory, with marks")
})

describe("document storage under a Repo", () => {
  it("[S10] marks a document in the same write as each chunk that the Repo saves", async () => {
    const { store, state } = createFillingStore()
    const storage = createDocumentStorage(store, { prefix, onDocumentSaved: id => [mark(id)] })
    const repo = new Repo({ storage, saveDebounceRate: 0 })
    const handle = repo.create<Note>({ lines: ["one"] })
    handle.change(note => void note.lines.push("two"))
    await repo.flush()
    await storage.flush()
    const chunkWrites = state.batches.filter(batch =>
      batch.some(one => one.type === "Put" && one.key[1] === handle.documentId && one.key[0] === "documents"),
    )
    expect(chunkWrites.length).toBeGreaterThan(0)
    for (const batch of chunkWrites) expect(batch).toContainEqual(mark(handle.documentId))
    expect((await store.list(["dirty"])).map(entry => entry.key)).toEqual([["dirty", handle.documentId]])
    expect((await reload(storage, handle.documentId)).lines).toEqual(["one", "two"])
  })

  it("[S10] a chunk appended, replaced or removed from outside leaves no mark, and the Repo finds it", async () => {
    const store = createMemoryStore()
    const storage = createDocumentStorage(store, { prefix, onDocumentSaved: id => [mark(id)] })
    const { documentId } = parseAutomergeUrl(generateAutomergeUrl())
    const first = A.from({ lines: ["one"] })
    const second = A.change(A.clone(first), note => void note.lines.push("two"))
    const third = A.change(A.clone(second), note => void note.lines.push("three"))
    await storage.replaceAll(documentId, A.save(first))
    await storage.appendChunk(documentId, A.saveSince(second, A.getHeads(first)), "h2")
    await storage.appendChunk(documentId, A.saveSince(third, A.getHeads(second)), "h3")
    expect(await chunksOf(storage, documentId)).toHaveLength(3)
    const handle = await new Repo({ storage }).find<Note>(documentId)
    expect(handle.doc().lines).toEqual(["one", "two", "three"])

    await storage.replaceAll(documentId, A.save(second))
    expect((await chunksOf(storage, documentId)).length).toBe(1)
    expect((await reload(storage, documentId)).lines).toEqual(["one", "two"])
    await storage.removeDocument(documentId)
    expect(await chunksOf(storage, documentId)).toEqual([])
    expect(await store.list(["dirty"])).toEqual([])
  })

  it("[S10] gives snapshots before later chunks, whatever was written first", async () => {
    const storage = createDocumentStorage(createMemoryStore(), { prefix })
    await storage.appendChunk("doc", Uint8Array.of(2), "x")
    await storage.save(["doc", "snapshot", "s"], Uint8Array.of(1))
    await storage.save(["doc", "sync-state", "p"], Uint8Array.of(9))
    expect(await chunksOf(storage, "doc")).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
  })

  it("[S11] a Repo's save on a full disk does not reject, is told, and is written once there is room", async () => {
    const { store, state } = createFillingStore()
    const failures: unknown[] = []
    const storage = createDocumentStorage(store, {
      prefix,
      onDocumentSaved: id => [mark(id)],
      onSaveFailed: error => failures.push(error),
    })
    const repo = new Repo({ storage, saveDebounceRate: 0 })
    const handle = repo.create<Note>({ lines: ["one"] })
    await repo.flush()
    state.full = true
    handle.change(note => void note.lines.push("two"))
    await repo.flush()
    handle.change(note => void note.lines.push("three"))
    await repo.flush()
    expect(failures.length).toBeGreaterThan(0)
    await expect(storage.flush()).rejects.toThrow("no space left")
    expect((await reload(storage, handle.documentId)).lines).toEqual(["one", "two", "three"])
    state.full = false
    await storage.flush()
    expect((await reload(storage, handle.documentId)).lines).toEqual(["one", "two", "three"])
    expect((await store.list(["dirty"])).length).toBe(1)
  })

  it("[S11] what waits for the disk is written in its order", async () => {
    const { store, state } = createFillingStore()
    const storage = createDocumentStorage(store, { prefix })
    state.full = true
    await expect(storage.appendChunk("doc", Uint8Array.of(1), "one")).rejects.toThrow("no space left")
    await expect(storage.removeDocument("doc")).rejects.toThrow("no space left")
    expect(await chunksOf(storage, "doc")).toEqual([])
    expect(await storage.load(["doc", "incremental", "one"])).toBe(undefined)
    await expect(storage.appendChunk("doc", Uint8Array.of(3), "one")).rejects.toThrow("no space left")
    expect(await storage.load(["doc", "incremental", "one"])).toEqual(Uint8Array.of(3))
    await expect(storage.remove(["doc", "incremental", "one"])).resolves.toBe(undefined)
    state.full = false
    await storage.appendChunk("doc", Uint8Array.of(2), "two")
    expect(await chunksOf(storage, "doc")).toEqual([Uint8Array.of(2)])
  })
})
