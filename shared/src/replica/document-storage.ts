import type { StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo/slim"
import type { Key, Store, StoreChange } from "../base/index.js"

export interface DocumentStorageOptions {
  /** Everything lies under it in the store: `[...prefix, documentId, "snapshot" | "incremental", name]`. */
  readonly prefix: Key
  /**
   * Written in the same atomic batch as a chunk of an open document: after a crash the marks tell which documents
   * may hold changes that were never published.
   */
  readonly onDocumentSaved?: (documentId: string) => readonly StoreChange[]
  /** The disk refused; what was to be saved waits in memory. For the log and for the screen. */
  readonly onSaveFailed?: (error: unknown) => void
}

/**
 * Chunks of documents over a `Store`, as automerge-repo lays them out and asks for them.
 *
 * An open document, or a Repo, saves 100 ms late and out of anyone's sight: a rejected save would end the process, a
 * swallowed one would lose the edit, because who saved believes what it saved. So saves never reject; what failed
 * stays queued, in order, and goes with the next write. An edit is on disk when it was saved and then `flush()` has
 * resolved. A write by one of the methods below that rejects stays queued in the same way. What is queued is read as
 * if it had been written: a disk that is full keeps nobody from looking.
 */
export interface DocumentStorage extends StorageAdapterInterface {
  /** Rejects while the disk refuses what is queued. */
  flush(): Promise<void>
  /** Verified changes of a document that is not open. `name` is unique to the bytes (their hash). */
  appendChunk(
    documentId: string,
    bytes: Uint8Array,
    name: string,
    marks?: readonly StoreChange[],
  ): Promise<void>
  /** The whole of an open document in place of everything that is stored of it, marked; as `save`, never rejects. */
  saveWhole(documentId: string, bytes: Uint8Array): Promise<void>
  /** What is stored: whole documents, which are loaded first, and what came since. */
  loadParts(
    documentId: string,
  ): Promise<{ readonly whole: readonly Uint8Array[]; readonly since: readonly Uint8Array[] }>
  /** One snapshot in place of everything that is stored of the document, which must not be open: no mark. */
  replaceAll(documentId: string, snapshot: Uint8Array): Promise<void>
  removeDocument(documentId: string): Promise<void>
}

type Entry = Awaited<ReturnType<Store["list"]>>[number]

const isUnder = (range: Key, key: Key): boolean => range.every((component, i) => key[i] === component)

/** The entries as they are once the changes are written. */
const withChanges = (entries: readonly Entry[], changes: readonly StoreChange[]): readonly Entry[] =>
  changes.reduce((before, change) => {
    const gone = change.type === "RemovePrefix" ? change.prefix : change.key
    const isWhole = change.type !== "RemovePrefix"
    const kept = before.filter(({ key }) => !isUnder(gone, key) || (isWhole && key.length !== gone.length))
    return change.type === "Put" ? [...kept, change] : kept
  }, entries)

export const createDocumentStorage = (store: Store, options: DocumentStorageOptions): DocumentStorage => {
  const { prefix, onDocumentSaved, onSaveFailed } = options
  const queued: StoreChange[] = []
  let last: Promise<void> = Promise.resolve()

  const drain = async (): Promise<void> => {
    const batch = [...queued]
    if (batch.length === 0) return
    await store.write(batch)
    queued.splice(0, batch.length)
  }
  const write = (changes: readonly StoreChange[]): Promise<void> => {
    queued.push(...changes)
    const written = last.then(drain)
    last = written.catch(() => {})
    return written
  }
  const saved = (changes: readonly StoreChange[]): Promise<void> =>
    write(changes).catch((error: unknown) => onSaveFailed?.(error))

  const marksOf = (documentId: string): readonly StoreChange[] => onDocumentSaved?.(documentId) ?? []
  const flush = (): Promise<void> => write([])
  const storeKey = (...key: readonly string[]): Key => [...prefix, ...key]
  const put = (key: readonly string[], value: Uint8Array): StoreChange => ({
    type: "Put",
    key: storeKey(...key),
    value,
  })
  const removal = (documentId: string): StoreChange => ({
    type: "RemovePrefix",
    prefix: storeKey(documentId),
  })
  const wholeOf = (documentId: string, snapshot: Uint8Array): readonly StoreChange[] => [
    removal(documentId),
    put([documentId, "snapshot", "whole"], snapshot),
  ]
  const list = async (key: StorageKey): Promise<{ key: StorageKey; data: Uint8Array }[]> => {
    await flush().catch(() => {})
    const waiting = [...queued]
    const range = storeKey(...key)
    const found = withChanges(await store.list(range), waiting)
    return found
      .filter(entry => isUnder(range, entry.key))
      .map(entry => ({ key: entry.key.slice(prefix.length), data: entry.value }))
  }

  return {
    load: async key => (await list(key)).find(found => found.key.length === key.length)?.data,
    save: (key, data) => {
      const [documentId, kind] = key
      const ofDocument = documentId !== undefined && (kind === "snapshot" || kind === "incremental")
      return saved([put(key, data), ...(ofDocument ? marksOf(documentId) : [])])
    },
    saveWhole: (documentId, bytes) => saved([...wholeOf(documentId, bytes), ...marksOf(documentId)]),
    remove: key => saved([{ type: "Remove", key: storeKey(...key) }]),
    loadRange: list,
    removeRange: key => saved([{ type: "RemovePrefix", prefix: storeKey(...key) }]),
    flush,
    appendChunk: (documentId, bytes, name, marks = []) =>
      write([put([documentId, "incremental", name], bytes), ...marks]),
    loadParts: async documentId => {
      const chunks = await list([documentId])
      const ofKind = (kind: string): Uint8Array[] =>
        chunks.filter(({ key }) => key[1] === kind).map(chunk => chunk.data)
      return { whole: ofKind("snapshot"), since: ofKind("incremental") }
    },
    replaceAll: (documentId, snapshot) => write(wholeOf(documentId, snapshot)),
    removeDocument: documentId => write([removal(documentId)]),
  }
}
