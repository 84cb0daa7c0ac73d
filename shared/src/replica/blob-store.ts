import type { ChunkId } from "../base/index.js"

/**
 * Where a device or the box keeps sealed chunks. It knows no keys and checks nothing: who puts a chunk has compared
 * its hash with the id before. A rejected promise means that the disk failed or is full: nothing was stored.
 */
export interface BlobStore {
  /** Durable when it resolves, whole or not at all. A chunk that is here already stays as it is. */
  put(id: ChunkId, bytes: Uint8Array): Promise<void>
  has(id: ChunkId): Promise<boolean>
  get(id: ChunkId): Promise<Uint8Array | undefined>
  /** Unknown ids are passed over. */
  remove(ids: readonly ChunkId[]): Promise<void>
  /** In no order. What a crash left half-written is not listed. */
  list(): Promise<readonly { readonly id: ChunkId; readonly sizeBytes: number }[]>
}
