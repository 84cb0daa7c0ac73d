import { type Random, blobLimits, concatBytes, equalBytes } from "../base/index.js"
import type { BlobSealer, SealedChunk } from "../wire/index.js"

/** Seals nothing: a chunk is its content behind 16 bytes that say key, index and end. For tests only. */
export const createPlainBlobSealer = (deps: {
  readonly random: Random
  readonly sha256: (bytes: Uint8Array) => Uint8Array
}): BlobSealer => {
  const headOf = (key: Uint8Array, index: number, isLast: boolean): Uint8Array =>
    deps.sha256(concatBytes(key, Uint8Array.of(index, isLast ? 1 : 0))).subarray(0, 16)
  const sealOne = (key: Uint8Array, index: number, isLast: boolean, content: Uint8Array): SealedChunk => {
    const bytes = concatBytes(headOf(key, index, isLast), content)
    return { id: deps.sha256(bytes), bytes }
  }
  return {
    newKey: () => deps.random.bytes(32),
    seal: async function* (key, source) {
      const pieces: Uint8Array[] = []
      for await (const piece of source) pieces.push(piece)
      const content = concatBytes(...pieces)
      const size = blobLimits.chunkBytes
      const count = Math.max(1, Math.ceil(content.length / size))
      for (let i = 0; i < count; i++)
        yield sealOne(key, i, i === count - 1, content.subarray(i * size, (i + 1) * size))
    },
    open: async (key, index, isLast, chunk) =>
      equalBytes(chunk.subarray(0, 16), headOf(key, index, isLast)) ? chunk.slice(16) : undefined,
  }
}
