import { describe, expect, it } from "vitest"
import { type CircleId, type ChunkId, blobLimits, bytesToHex, equalBytes } from "../base/index.js"
import type { BlobRef } from "../documents/index.js"
import { createTestClock, createSeededRandom } from "../testing/clock.js"
import { createMemoryBlobStore } from "../testing/memory-blob-store.js"
import { createMemoryStore } from "../testing/memory-store.js"
import { sha256 } from "../testing/on-node/plain-family.js"
import { createPlainBlobSealer } from "../testing/plain-blob-sealer.js"
import type { BlobPlace } from "../wire/index.js"
import { type Blobs, createBlobs } from "./blobs.js"

const place: BlobPlace = { circle: "0c".repeat(16) as CircleId, area: "ledger", name: "2026" }
const about = { type: "image/jpeg", name: "receipt.jpg" }
const size = blobLimits.chunkBytes

const device = (quotaBytes = 1e9) => {
  const [store, blobs, random] = [createMemoryStore(), createMemoryBlobStore(), createSeededRandom(7)]
  const clock = createTestClock()
  const blobSealer = createPlainBlobSealer({ random, sha256 })
  const open = (): Blobs =>
    createBlobs({ store, blobs, sealer: { sha256 }, blobSealer, random, clock, quotaBytes })
  return { blobs, clock, open, held: open() }
}
async function* file(sizeBytes: number, first = 1): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sizeBytes; at += 100_000)
    yield Uint8Array.from({ length: Math.min(100_000, sizeBytes - at) }, (_, i) => (first + at + i) & 0xff)
}
async function* zeros(chunks: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < chunks; i++) yield new Uint8Array(size)
}
const whole = async (pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return new Uint8Array(Buffer.concat(all))
}
const added = async (held: Blobs, sizeBytes: number, first?: number): Promise<BlobRef> => {
  const ref = await held.add(place, file(sizeBytes, first), about)
  if (!ref.ok) throw new Error(ref.error.type)
  return ref.value
}

describe("blobs of a device", () => {
  it("[P130] are sealed in chunks when they are added, and read back, also after a restart", async () => {
    const { held, open } = device()
    const ref = await added(held, 2.5 * size)
    expect(ref).toMatchObject({ ...about, sizeBytes: 2.5 * size })
    expect(ref.chunks).toHaveLength(3)
    for (const blobs of [held, open()]) {
      expect(await blobs.state(ref)).toBe("Here")
      expect(equalBytes(await whole(blobs.content(ref)), await whole(file(2.5 * size)))).toBe(true)
    }
    expect(await held.count()).toEqual({ chunks: 3, bytes: 2.5 * size + 48, unkept: 3 })
    expect(await held.unkept()).toEqual([{ place, chunks: expect.arrayContaining([...ref.chunks]) }])
  })

  it("[P130] longer than a blob may be is refused, and nothing of it stays", async () => {
    const { held, blobs } = device()
    const long = await held.add(place, zeros(blobLimits.chunks + 1), about)
    expect(long).toEqual({ ok: false, error: { type: "TooLong" } })
    expect(await blobs.list()).toEqual([])
    expect((await held.count()).chunks).toBe(0)
  })

  it("[P131] a chunk that the disk has altered is taken out, to be asked for again", async () => {
    const { held, blobs } = device()
    const ref = await added(held, 1000)
    const [id] = ref.chunks
    if (id === undefined) throw new Error("a chunk")
    await blobs.remove([id])
    await blobs.put(id, new Uint8Array(1016))
    expect(await held.chunk(id)).toBeUndefined()
    expect(await held.state(ref)).toBe("Elsewhere")
    expect(await held.missing(ref)).toEqual([id])
    await expect(whole(held.content(ref))).rejects.toThrow("missing")
  })

  it("[P132] only what a box keeps makes room, the oldest first; without that nothing more is taken", async () => {
    const { held, clock, blobs } = device(3 * (size + 16))
    const first = await added(held, size)
    clock.advance(1000)
    const second = await added(held, size, 5)
    clock.advance(1000)
    expect(await held.add(place, file(2 * size, 9), about)).toEqual({
      ok: false,
      error: { type: "NoRoom" },
    })
    expect(await held.count()).toMatchObject({ chunks: 2 })
    await held.markKept([...first.chunks, ...second.chunks])
    expect((await held.count()).unkept).toBe(0)
    const third = await added(held, 2 * size, 9)
    expect(await held.state(first)).toBe("OnBox")
    expect(await held.state(second)).toBe("Here")
    expect(await held.state(third)).toBe("Here")
    expect(await blobs.list()).toHaveLength(3)
    const large: BlobRef = {
      ...first,
      sizeBytes: 2 * size,
      chunks: ["aa", "bb"].map(x => x.repeat(32) as ChunkId),
    }
    expect(await held.state(large)).toBe("TooBig")
    await held.markKept(third.chunks)
    expect(await held.state(large)).toBe("Elsewhere")
  })

  it("[P132] many that make room at once never hold more than the quota", async () => {
    const { held, blobs } = device(4 * 1016)
    const chunks = Array.from({ length: 12 }, (_, i) => new Uint8Array(1016).fill(i))
    const ids = chunks.map(bytes => held.idOf(bytes))
    expect(ids[0]).toBe(bytesToHex(sha256(chunks[0] ?? new Uint8Array(0))))
    await Promise.all(
      chunks.map(async (bytes, i) => {
        const id = ids[i]
        if (id !== undefined && (await held.put(id, bytes, place))) await held.markKept([id])
      }),
    )
    expect((await blobs.list()).length).toBeLessThanOrEqual(4)
    expect((await held.count()).bytes).toBeLessThanOrEqual(4 * 1016)
  })
})
