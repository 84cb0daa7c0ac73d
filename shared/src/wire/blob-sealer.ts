/** One sealed piece of a blob. Its name is the SHA-256 of these bytes: whoever stores it can check it, without a key. */
export interface SealedChunk {
  readonly id: Uint8Array
  readonly bytes: Uint8Array
}

/**
 * The port through which blobs (photos, receipts, files) are sealed: crypto/ implements it. A key has 32 bytes,
 * seals one blob and nothing else, and stands in the document that shows the blob.
 */
export interface BlobSealer {
  newKey(): Uint8Array
  /** Seals pieces of whatever sizes, holding one chunk at a time. An empty blob has one chunk. */
  seal(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<SealedChunk>
  /** `undefined`: another key, another place in the blob, or altered. `index` counts from 0. */
  open(key: Uint8Array, index: number, isLast: boolean, chunk: Uint8Array): Promise<Uint8Array | undefined>
}
