import { describe, expect, it } from "vitest"
import { type BlobRef, addEntry, attachReceipt, detachReceipt } from "../documents/index.js"
import { sampleEntry } from "../documents/samples.js"
import { createMemoryBlobStore } from "../testing/memory-blob-store.js"
import { plainFamily, sha256 } from "../testing/on-node/plain-family.js"
import { createPlainBlobSealer } from "../testing/plain-blob-sealer.js"
import { silentLog } from "../testing/test-family.js"
import { createBlobs } from "./blobs.js"
import { startSweep } from "./sweep.js"

const dayMs = 24 * 60 * 60 * 1000
const by = { author: "a1".repeat(16), nowMs: 1 }
const entry = "e1".repeat(16)

const house = async (seed: number) => {
  const world = plainFamily(seed)
  const { replica, store } = await world.found("Anna")
  const { random, clock } = world
  const blobs = createBlobs({
    ...{ store, random, clock, quotaBytes: 1e9 },
    blobs: createMemoryBlobStore(),
    sealer: { sha256 },
    blobSealer: createPlainBlobSealer({ random, sha256 }),
  })
  const key = replica.keyFor("ledger", "2026")
  await replica.change(key, draft => addEntry(draft, { year: "2026", id: entry, fields: sampleEntry, by }))
  const place = { circle: replica.everyone(), area: "ledger", name: "2026" } as const
  const kept = async (): Promise<BlobRef> => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield random.bytes(50)
    }
    const ref = await blobs.add(place, source(), { type: "image/jpeg", name: "" })
    if (!ref.ok) throw new Error(ref.error.type)
    return ref.value
  }
  const attach = (receipt: BlobRef) =>
    replica.change(key, draft => attachReceipt(draft, { id: entry, receipt, by }))
  const detach = ({ id }: BlobRef) =>
    replica.change(key, draft => detachReceipt(draft, { id: entry, receiptId: id, by }))
  const isHere = async (ref: BlobRef) => (await blobs.state(ref)) === "Here"
  /** Lets time pass, and what it started come to its end. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    for (let turn = 0; turn < 60; turn++) await new Promise(resolve => setImmediate(resolve))
  }
  const sweep = () => startSweep({ replica, blobs, store, clock, log: silentLog })
  return { kept, attach, detach, isHere, pass, sweep, clock, replica, key }
}
const minuteMs = 60_000

describe("the sweep", () => {
  it("[P142] forgets what is old and shown nowhere, and nothing else; then not again for a week", async () => {
    const { kept, attach, detach, isHere, pass, sweep, clock } = await house(1)
    const [shown, detached, stray] = [await kept(), await kept(), await kept()]
    for (const ref of [shown, detached]) await attach(ref)
    await detach(detached)
    clock.advance(31 * dayMs)
    const young = await kept()
    const end = sweep()
    await pass(11 * minuteMs)
    expect(await isHere(stray)).toBe(true)
    await pass(61 * minuteMs)
    expect(await Promise.all([shown, detached, stray, young].map(isHere))).toEqual([true, false, false, true])
    end()
    await detach(shown)
    const next = sweep()
    await pass(11 * minuteMs)
    await pass(61 * minuteMs)
    expect(await isHere(shown)).toBe(true)
    next()
    expect(clock.pending()).toBe(0)
  })

  it("[P142] what is taken back between the two looks stays", async () => {
    const { kept, attach, detach, isHere, pass, sweep, clock } = await house(2)
    const ref = await kept()
    await attach(ref)
    clock.advance(31 * dayMs)
    await detach(ref)
    const end = sweep()
    await pass(11 * minuteMs)
    await attach(ref)
    await pass(61 * minuteMs)
    expect(await isHere(ref)).toBe(true)
    end()
  })

  it("[P142] forgets nothing while a year cannot be read: it may show it", async () => {
    const { kept, isHere, pass, sweep, clock, replica, key } = await house(3)
    const ref = await kept()
    await replica.change(key, (draft: { schema: number }) => {
      draft.schema = 1_000
    })
    clock.advance(31 * dayMs)
    const end = sweep()
    await pass(11 * minuteMs)
    await pass(61 * minuteMs)
    expect(await isHere(ref)).toBe(true)
    end()
  })
})
