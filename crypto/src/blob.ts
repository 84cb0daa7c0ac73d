import { ByteWriter, type Random, blobLimits, textToBytes } from "@home/shared/base"
import type { BlobSealer, SealedChunk } from "@home/shared/wire"
import type { BlobCipher } from "./blob-cipher.js"
import { domains } from "./domain.js"

const associated = textToBytes(domains.blob)

/**
 * `zeros 7 | index u32 | final u8`, as STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) builds it: the counter
 * refuses chunks in another order, the flag a blob that was cut off behind one. It never repeats under one key,
 * because a key seals one blob.
 */
const nonceOf = (index: number, isLast: boolean): Uint8Array =>
  new ByteWriter()
    .bytes(new Uint8Array(7))
    .u32(index)
    .u8(isLast ? 1 : 0)
    .done()

/** Cuts pieces of whatever sizes into pieces of `chunkBytes`; only the last one is shorter, and may be empty. */
async function* inChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let chunk = new Uint8Array(blobLimits.chunkBytes)
  let filled = 0
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      // Handed on only when there is more: the last one must be known as the last.
      if (filled === chunk.length) {
        yield chunk
        chunk = new Uint8Array(blobLimits.chunkBytes)
        filled = 0
      }
      const taken = piece.subarray(at, at + chunk.length - filled)
      chunk.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  }
  yield chunk.subarray(0, filled)
}

/** Chunks of blobs, by whatever AES-GCM the platform has. SPEC.md K80-K83. */
export const createBlobSealer = (deps: {
  readonly random: Random
  readonly cipher: BlobCipher
  readonly sha256: (bytes: Uint8Array) => Uint8Array
}): BlobSealer => {
  const { random, cipher, sha256 } = deps
  const sealOne = async (key: Uint8Array, index: number, isLast: boolean, content: Uint8Array) => {
    const bytes = await cipher.seal(key, nonceOf(index, isLast), associated, content)
    return { id: sha256(bytes), bytes }
  }
  async function* seal(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<SealedChunk> {
    let index = 0
    let waiting: Uint8Array | undefined
    for await (const chunk of inChunks(source)) {
      if (waiting !== undefined) yield sealOne(key, index++, false, waiting)
      waiting = chunk
    }
    yield sealOne(key, index, true, waiting ?? new Uint8Array(0))
  }
  return {
    newKey: () => random.bytes(32),
    seal,
    open: (key, index, isLast, chunk) => cipher.open(key, nonceOf(index, isLast), associated, chunk),
  }
}
