import { describe, expect, it } from "vitest"
import { type ChunkId, blobLimits } from "../base/index.js"
import { type BlobRef, addEntry, attachReceipt } from "../documents/index.js"
import { sampleEntry } from "../documents/samples.js"
import { createMemoryBlobStore } from "../testing/memory-blob-store.js"
import { createChannelPair } from "../testing/memory-channel.js"
import { plainFamily, sha256 } from "../testing/on-node/plain-family.js"
import { createPlainBlobSealer } from "../testing/plain-blob-sealer.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { type PeerMessage, encodePeerMessage, parsePeerMessage } from "../wire/index.js"
import type { BlobStore } from "./blob-store.js"
import { type Blobs, createBlobs } from "./blobs.js"
import { createLinkSession } from "./link-session.js"

const size = blobLimits.chunkBytes
const entry = "e1".repeat(16)
const about = { type: "image/jpeg", name: "receipt.jpg" }

interface Holder {
  readonly device: TestDevice
  readonly held: Blobs
  readonly blobs: BlobStore
}
const holder = (world: TestFamily, device: TestDevice, quotaBytes = 1e9): Holder => {
  const { random, clock } = world
  const blobs = createMemoryBlobStore()
  const blobSealer = createPlainBlobSealer({ random, sha256 })
  const held = createBlobs({
    store: device.store,
    blobs,
    sealer: { sha256 },
    blobSealer,
    random,
    clock,
    quotaBytes,
  })
  return { device, held, blobs }
}
const placeOf = ({ device }: Holder) =>
  ({ circle: device.replica.everyone(), area: "ledger", name: "2026" }) as const
async function* file(sizeBytes: number): AsyncGenerator<Uint8Array> {
  yield Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31) & 0xff)
}
const sealed = async (of: Holder, sizeBytes: number): Promise<BlobRef> => {
  const ref = await of.held.add(placeOf(of), file(sizeBytes), about)
  if (!ref.ok) throw new Error(ref.error.type)
  return ref.value
}
const attach = async (of: Holder, receipt: BlobRef): Promise<void> => {
  const by = { author: "a1".repeat(16), nowMs: 1 }
  const key = of.device.replica.keyFor("ledger", "2026")
  await of.device.replica.change(key, draft =>
    addEntry(draft, { year: "2026", id: entry, fields: sampleEntry, by }),
  )
  const attached = await of.device.replica.change(key, draft =>
    attachReceipt(draft, { id: entry, receipt, by }),
  )
  expect(attached).toMatchObject({ ok: true, value: { ok: true } })
}

/** Two holders over a link. `spoil` sees every message of the first to the second and may change or drop it. */
const linked = (
  one: Holder,
  other: Holder,
  spoil: (message: PeerMessage) => PeerMessage | undefined = message => message,
) => {
  const [endOne, endOther] = createChannelPair()
  const heard: string[] = []
  const session = (own: Holder, peer: Holder, end: typeof endOne) =>
    createLinkSession(own.device.replica, end, {
      name: `link ${peer.device.name}`,
      isKeeper: own.device.isKeeper,
      isAuthorised: () => true,
      blobs: { held: own.held, isPeerKeeper: peer.device.isKeeper },
    })
  const sessions = [
    session(one, other, {
      ...endOne,
      send: bytes => {
        const message = parsePeerMessage(bytes)
        const spoilt = message && spoil(message)
        if (spoilt === undefined) return
        heard.push(spoilt.type)
        endOne.send(encodePeerMessage(spoilt))
      },
    }),
    session(other, one, endOther),
  ] as const
  return { sessions, heard, close: () => sessions.forEach(each => each.close()) }
}
const settled = async ({ sessions }: ReturnType<typeof linked>): Promise<void> => {
  await Promise.all(sessions.map(session => session.settle()))
}
const house = async (boxQuotaBytes?: number) => {
  const world = plainFamily(90)
  const annas = await world.found("Anna")
  const bens = await world.join(annas, "Ben", "editor")
  const boxes = await world.join(annas, "Box", "box")
  await world.sync(annas, bens)
  const [anna, ben] = [holder(world, annas), holder(world, bens)]
  return { world, anna, ben, box: holder(world, boxes, boxQuotaBytes) }
}

describe("blobs over links", () => {
  it("[P133] the box takes what a document shows, says that it keeps it, and gives it to who asks", async () => {
    const { anna, ben, box } = await house()
    const ref = await sealed(anna, 2.5 * size)
    await attach(anna, ref)
    const up = linked(anna, box)
    await settled(up)
    expect(await up.sessions[0].blobs?.offerAll()).toBe(true)
    expect((await anna.held.count()).unkept).toBe(0)
    expect(await box.blobs.list()).toHaveLength(3)
    up.close()
    const down = linked(ben, box)
    await settled(down)
    expect(await ben.held.state(ref)).toBe("Elsewhere")
    expect(await down.sessions[0].blobs?.fetch(ref.chunks, placeOf(ben))).toBe(true)
    expect(await ben.held.state(ref)).toBe("Here")
    // What came from a box is on it: it may be let go again.
    expect((await ben.held.count()).unkept).toBe(0)
    down.close()
  })

  it("[P134] goes on where it stopped when the link breaks in the middle", async () => {
    const { anna, box } = await house()
    const ref = await sealed(anna, 5.5 * size)
    await attach(anna, ref)
    let chunks = 0
    // Two arrive, and from then on nothing.
    const broken = linked(anna, box, message =>
      message.type === "Chunk" && ++chunks > 2 ? undefined : message,
    )
    await settled(broken)
    const offered = broken.sessions[0].blobs?.offerAll()
    await expect.poll(() => box.held.count()).toMatchObject({ chunks: 2 })
    broken.close()
    expect(await offered).toBe(false)
    const again = linked(anna, box)
    await settled(again)
    expect(await again.sessions[0].blobs?.offerAll()).toBe(true)
    expect(again.heard.filter(type => type === "Chunk")).toHaveLength(4)
    expect(await box.blobs.list()).toHaveLength(6)
    again.close()
  })

  it("[P133] [P136] the box takes nothing that no document shows", async () => {
    const { anna, box } = await house()
    const stray = await sealed(anna, 1000)
    await attach(anna, await sealed(anna, 500))
    const link = linked(anna, box)
    await settled(link)
    // Who shows nothing offers nothing; who offers it all the same is asked for nothing.
    expect(await link.sessions[0].blobs?.offerAll()).toBe(true)
    link.close()
    const heard: string[] = []
    const [own, foreign] = createChannelPair()
    createLinkSession(box.device.replica, own, {
      name: "a program of its own",
      isKeeper: true,
      isAuthorised: () => true,
      blobs: { held: box.held, isPeerKeeper: false },
    })
    const answered = new Promise<void>(resolve =>
      foreign.onMessage(bytes => {
        const message = parsePeerMessage(bytes)
        heard.push(message?.type ?? "?")
        if (message?.type === "Lack") resolve()
      }),
    )
    foreign.send(encodePeerMessage({ type: "Offer", place: placeOf(anna), chunks: stray.chunks }))
    await answered
    expect(heard).not.toContain("Want")
    const closed = new Promise<void>(resolve => foreign.onClose(resolve))
    for (let i = 0; i < 20; i++)
      foreign.send(encodePeerMessage({ type: "Offer", place: placeOf(anna), chunks: stray.chunks }))
    await closed
    expect(await box.blobs.list()).toHaveLength(1)
  })

  it("[P135] a chunk that was altered, or that nobody asked for, is not stored; who goes on sending such is left", async () => {
    const { anna, ben } = await house()
    const ref = await sealed(anna, 3 * size)
    await attach(anna, ref)
    const link = linked(anna, ben, message =>
      message.type === "Chunk"
        ? { ...message, bytes: message.bytes.map((byte, i) => (i === 99 ? byte ^ 1 : byte)) }
        : message,
    )
    await settled(link)
    const fetched = link.sessions[1].blobs?.fetch(ref.chunks, placeOf(ben))
    await link.sessions[1].settle()
    expect(await ben.blobs.list()).toEqual([])
    link.close()
    expect(await fetched).toBe(false)

    const [own, foreign] = createChannelPair()
    createLinkSession(ben.device.replica, own, {
      name: "a flood",
      isKeeper: false,
      isAuthorised: () => true,
      blobs: { held: ben.held, isPeerKeeper: true },
    })
    const closed = new Promise<void>(resolve => foreign.onClose(resolve))
    for (let i = 0; i < 20; i++) foreign.send(encodePeerMessage({ type: "Chunk", bytes: Uint8Array.of(i) }))
    await closed
    expect(await ben.blobs.list()).toEqual([])
  })

  it("[P135] who asks for more at once than anybody of ours is left", async () => {
    const { anna } = await house()
    const [own, foreign] = createChannelPair()
    createLinkSession(anna.device.replica, own, {
      name: "greedy",
      isKeeper: false,
      isAuthorised: () => true,
      blobs: { held: anna.held, isPeerKeeper: false },
    })
    const closed = new Promise<void>(resolve => foreign.onClose(resolve))
    const chunks = Array.from({ length: 200 }, (_, i) => i.toString(16).padStart(64, "0") as ChunkId)
    foreign.send(encodePeerMessage({ type: "Want", chunks }))
    await closed
  })

  it("[P133] a box that is full says so, and the device keeps its own", async () => {
    const { anna, box } = await house(2 * (size + 16))
    await attach(anna, await sealed(anna, 3 * size))
    const link = linked(anna, box)
    await settled(link)
    expect(await link.sessions[0].blobs?.offerAll()).toBe(true)
    expect((await anna.held.count()).unkept).toBe(1)
    expect((await box.held.count()).bytes).toBeLessThanOrEqual(2 * (size + 16))
    link.close()
  })

  it("[P133] only a box's word that it keeps something counts", async () => {
    const { anna, ben } = await house()
    const ref = await sealed(anna, 1000)
    await attach(anna, ref)
    const link = linked(ben, anna)
    await settled(link)
    const [own, foreign] = createChannelPair()
    const session = createLinkSession(anna.device.replica, own, {
      name: "a liar",
      isKeeper: false,
      isAuthorised: () => true,
      blobs: { held: anna.held, isPeerKeeper: false },
    })
    foreign.onMessage(() => {})
    foreign.send(encodePeerMessage({ type: "Kept", chunks: ref.chunks }))
    foreign.send(encodePeerMessage({ type: "Sent", isAll: true }))
    await link.sessions[0].blobs?.fetch(ref.chunks, placeOf(ben))
    expect(await ben.held.state(ref)).toBe("Here")
    expect((await anna.held.count()).unkept).toBe(1)
    session.close()
    link.close()
  })
})
