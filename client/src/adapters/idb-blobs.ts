import type { ChunkId } from "@home/shared/base"
import type { BlobStore } from "@home/shared/replica"
import { reading, requested, writing } from "./idb.js"

const chunkStore = "chunk"
/** Sizes lie apart: a list of all chunks reads none of them. */
const sizeStore = "chunk-size"
const both = [chunkStore, sizeStore]

export const createChunkStores = (database: IDBDatabase): void => {
  for (const name of both) database.createObjectStore(name)
}

/** The port `BlobStore` over IndexedDB. Chunks are sealed already, as bundles are: they lie there as they came. */
export const createIdbBlobStore = (database: IDBDatabase): BlobStore => {
  const sizeOf = (id: ChunkId): Promise<number | undefined> =>
    reading(database, [sizeStore], transaction =>
      requested<number | undefined>(transaction.objectStore(sizeStore).get(id)),
    )
  return {
    put: (id, bytes) => {
      const copy = bytes.slice()
      return writing(database, both, async transaction => {
        const sizes = transaction.objectStore(sizeStore)
        if ((await requested(sizes.getKey(id))) !== undefined) return
        await requested(transaction.objectStore(chunkStore).put(copy, id))
        await requested(sizes.put(copy.length, id))
      })
    },
    has: async id => (await sizeOf(id)) !== undefined,
    get: id =>
      reading(database, [chunkStore], transaction =>
        requested<Uint8Array | undefined>(transaction.objectStore(chunkStore).get(id)),
      ),
    remove: async ids => {
      if (ids.length === 0) return
      await writing(database, both, async transaction => {
        for (const name of both)
          for (const id of ids) await requested(transaction.objectStore(name).delete(id))
      })
    },
    list: () =>
      reading(database, [sizeStore], async transaction => {
        const sizes = transaction.objectStore(sizeStore)
        const [ids, lengths] = [sizes.getAllKeys(), sizes.getAll()]
        const [found, sizesBytes] = await Promise.all([requested(ids), requested<number[]>(lengths)])
        return found.map((id, at) => ({ id: id as ChunkId, sizeBytes: sizesBytes[at] ?? 0 }))
      }),
  }
}
