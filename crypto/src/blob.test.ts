import { blobLimits, equalBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createBlobSealer } from "./blob.js"
import { nobleAesGcm } from "./noble/aes-gcm.js"
import { noble } from "./noble/all.js"
import { runBlobCipherContract } from "./testing/blob-cipher-contract.js"
import { scriptedRandom } from "./testing/bytes.js"

runBlobCipherContract("noble", nobleAesGcm)

const size = blobLimits.chunkBytes
const key = new Uint8Array(32).fill(7)
/** A cipher that costs nothing and shows its nonce, for what is about cutting and not about sealing. */
const shown = createBlobSealer({
  random: scriptedRandom(),
  sha256: bytes => noble.sha256(bytes.subarray(0, 64)),
  cipher: {
    seal: async (_, nonce, __, plaintext) => Uint8Array.from([...nonce, plaintext.length & 0xff]),
    open: () => Promise.resolve(undefined),
  },
})
const real = createBlobSealer({ random: scriptedRandom(key), sha256: noble.sha256, cipher: nobleAesGcm })

async function* pieces(lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const length of lengths) yield new Uint8Array(length).fill(length & 0xff)
}
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe("blobs", () => {
  it("[K81] are cut into chunks of 1 MiB whatever pieces they come in, numbered, the last one marked", async () => {
    const lengths = fc.array(fc.oneof(fc.nat(10), fc.constantFrom(size - 1, size, size + 1)), {
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(lengths, async parts => {
        const total = parts.reduce((sum, length) => sum + length, 0)
        const chunks = await collect(shown.seal(key, pieces(parts)))
        expect(chunks).toHaveLength(Math.max(1, Math.ceil(total / size)))
        chunks.forEach(({ bytes }, index) => {
          const isLast = index === chunks.length - 1
          expect([...bytes.subarray(0, 12)]).toEqual([...Array<number>(10).fill(0), index, isLast ? 1 : 0])
          const length = isLast ? total - index * size : size
          expect(bytes[12]).toBe(length & 0xff)
        })
      }),
      { numRuns: 40 },
    )
  })

  it("[K81] are sealed as they are read: no more than one chunk and one piece is held", async () => {
    let read = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += 1
        yield new Uint8Array(size)
      }
    }
    const chunks = shown.seal(key, endless())
    for (let i = 1; i <= 20; i++) {
      await chunks.next()
      expect(read).toBeLessThanOrEqual(i + 2)
    }
  })

  it("[K82] open at their own place only: not moved, not as another blob's, not as the end or the middle", async () => {
    const content = Uint8Array.from({ length: size + 300 }, (_, i) => (i * 7) & 0xff)
    const [first, last] = await collect(real.seal(key, once(content)))
    if (first === undefined || last === undefined) throw new Error("two chunks")
    const opened = await real.open(key, 0, false, first.bytes)
    expect(opened && equalBytes(opened, content.subarray(0, size))).toBe(true)
    expect(await real.open(key, 1, true, last.bytes)).toEqual(content.subarray(size))
    expect(await real.open(key, 0, true, first.bytes)).toBeUndefined()
    expect(await real.open(key, 1, false, last.bytes)).toBeUndefined()
    expect(await real.open(key, 1, false, first.bytes)).toBeUndefined()
    expect(await real.open(key, 0, true, last.bytes)).toBeUndefined()
    expect(await real.open(new Uint8Array(32).fill(8), 1, true, last.bytes)).toBeUndefined()
  })

  it("[K82] refuse whatever was altered or cut in a chunk", async () => {
    const [chunk] = await collect(real.seal(key, pieces([90])))
    if (chunk === undefined) throw new Error("a chunk")
    for (let bit = 0; bit < chunk.bytes.length * 8; bit++) {
      const altered = chunk.bytes.slice()
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await real.open(key, 0, true, altered)).toBeUndefined()
    }
    for (let length = 0; length < chunk.bytes.length; length++)
      expect(await real.open(key, 0, true, chunk.bytes.subarray(0, length))).toBeUndefined()
  })

  it("[K83] are named by what is stored, and have a key each", async () => {
    const [chunk] = await collect(real.seal(key, pieces([5])))
    expect(chunk?.id).toEqual(noble.sha256(chunk?.bytes ?? new Uint8Array(0)))
    const keys = createBlobSealer({
      random: scriptedRandom(key, new Uint8Array(32).fill(9)),
      sha256: noble.sha256,
      cipher: nobleAesGcm,
    })
    expect(keys.newKey()).toEqual(key)
    expect(keys.newKey()).not.toEqual(key)
  })
})
