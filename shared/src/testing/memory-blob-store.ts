import type { ChunkId } from "../base/index.js"
import type { BlobStore } from "../replica/blob-store.js"

export const createMemoryBlobStore = (): BlobStore => {
  const chunks = new Map<ChunkId, Uint8Array>()
  return {
    put: async (id, bytes) => {
      if (!chunks.has(id)) chunks.set(id, bytes.slice())
    },
    has: async id => chunks.has(id),
    get: async id => chunks.get(id)?.slice(),
    remove: async ids => {
      for (const id of ids) chunks.delete(id)
    },
    list: async () => [...chunks].map(([id, { length: sizeBytes }]) => ({ id, sizeBytes })),
  }
}
