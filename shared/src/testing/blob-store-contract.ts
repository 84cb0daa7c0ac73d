import { describe, expect, it } from "vitest"
import type { ChunkId } from "../base/index.js"
import type { BlobStore } from "../replica/blob-store.js"

const idOf = (pair: string): ChunkId => pair.repeat(32) as ChunkId
const chunk = (length: number, first: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)

/** What every `BlobStore` must do. `reopen` opens again what `open` made last, as after a restart. */
export const runBlobStoreContract = (
  name: string,
  adapter: { open(): Promise<BlobStore>; reopen(): Promise<BlobStore> },
): void => {
  describe(`blob store: ${name}`, () => {
    it("[S32] gives what was put, also after a restart, and lists it with its size", async () => {
      const store = await adapter.open()
      expect(await store.list()).toEqual([])
      expect(await store.get(idOf("01"))).toBeUndefined()
      await store.put(idOf("01"), chunk(1000, 1))
      await store.put(idOf("02"), new Uint8Array(0))
      for (const each of [store, await adapter.reopen()]) {
        expect(await each.get(idOf("01"))).toEqual(chunk(1000, 1))
        expect(await each.get(idOf("02"))).toEqual(new Uint8Array(0))
        expect([await each.has(idOf("01")), await each.has(idOf("03"))]).toEqual([true, false])
        expect((await each.list()).toSorted((a, b) => a.sizeBytes - b.sizeBytes)).toEqual([
          { id: idOf("02"), sizeBytes: 0 },
          { id: idOf("01"), sizeBytes: 1000 },
        ])
      }
    })

    it("[S32] keeps what is here already, and copies what it is given", async () => {
      const store = await adapter.open()
      const bytes = chunk(50, 9)
      await Promise.all([store.put(idOf("01"), bytes), store.put(idOf("01"), bytes)])
      bytes.fill(0)
      await store.put(idOf("01"), chunk(50, 77))
      const got = await store.get(idOf("01"))
      expect(got).toEqual(chunk(50, 9))
      got?.fill(1)
      expect(await store.get(idOf("01"))).toEqual(chunk(50, 9))
      expect(got?.constructor).toBe(Uint8Array)
    })

    it("[S32] forgets what is removed, and passes over what it has not", async () => {
      const store = await adapter.open()
      await store.put(idOf("01"), chunk(5, 1))
      await store.put(idOf("02"), chunk(6, 1))
      await store.remove([idOf("01"), idOf("03")])
      for (const each of [store, await adapter.reopen()])
        expect(await each.list()).toEqual([{ id: idOf("02"), sizeBytes: 6 }])
      expect(await store.get(idOf("01"))).toBeUndefined()
    })
  })
}
