import type { BundleHash, ChangeHash, DocumentId, Store, StoreChange } from "../base/index.js"
import { type BundleRecord, encodeRecord, parseRecord } from "./bundle-record.js"
import { DocumentIndex } from "./document-index.js"
import type { DocumentKey } from "./documents.js"
import { fixedHeads } from "./lineage.js"
import type { Rights } from "./rights.js"

/** The indexes of the documents looked at lately; the rest is read from the store when it is needed. */
export interface Indexes {
  /** `fresh`: bundles that are recorded already and still have to be judged; they are left out. */
  of(key: DocumentKey, fresh: ReadonlySet<BundleHash>): Promise<DocumentIndex>
  /**
   * Whether the index is in memory, and so knows what is in the document. One that is read anew takes everything
   * that counts by today's rights for applied.
   */
  isAtHand(id: DocumentId): boolean
  put(id: DocumentId, record: BundleRecord): StoreChange
  /** Whether the bundle was taken to pieces and recorded before. */
  has(id: DocumentId, bundle: BundleHash): Promise<boolean>
  /** Forgets what is in memory: rights have changed, or the cache is full. */
  drop(id: DocumentId): void
}

/**
 * A device's: enough for a screen's documents and a burst of arrivals. A keeper looks at one document after the other.
 * An index of 10,000 changes takes about 3 MB.
 */
const cachedIndexes = { device: 48, keeper: 1 } as const

export const createIndexes = (
  store: Store,
  rights: Rights,
  options: { readonly isKeeper: boolean; readonly startAutomerge: () => Promise<void> },
): Indexes => {
  const mostCached = options.isKeeper ? cachedIndexes.keeper : cachedIndexes.device
  const cache = new Map<DocumentId, DocumentIndex>()
  return {
    of: async (key, fresh) => {
      const cached = cache.get(key.id)
      if (cached !== undefined) {
        cache.delete(key.id)
        cache.set(key.id, cached)
        return cached
      }
      await options.startAutomerge()
      const index = new DocumentIndex(fixedHeads(key.area))
      for (const { value } of await store.list(["record", key.id])) {
        const record = parseRecord(value)
        if (record !== undefined && !fresh.has(record.hash)) index.add(record)
      }
      const broken = await store.list(["broken", key.id])
      index.exclude(broken.map(entry => entry.key[2] as ChangeHash))
      index.judge(rights.isPermitted)
      cache.set(key.id, index)
      if (cache.size > mostCached) {
        const oldest = cache.keys().next().value
        if (oldest !== undefined) cache.delete(oldest)
      }
      return index
    },
    isAtHand: id => cache.has(id),
    put: (id, record) => ({ type: "Put", key: ["record", id, record.hash], value: encodeRecord(record) }),
    has: async (id, bundle) => (await store.get(["record", id, bundle])) !== undefined,
    drop: id => {
      cache.delete(id)
    },
  }
}
