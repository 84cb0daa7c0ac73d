import { afterEach, describe, expect, it } from "vitest"
import { type ChunkId, type RoomId, blobLimits, bytesToHex } from "../base/index.js"
import { type BlobRef, addEntry, attachReceipt } from "../documents/index.js"
import { sampleEntry } from "../documents/samples.js"
import { createMemoryBlobStore } from "../testing/memory-blob-store.js"
import { createMemoryRelay } from "../testing/on-node/memory-relay.js"
import { plainFamily, sha256 } from "../testing/on-node/plain-family.js"
import { createPlainBlobSealer } from "../testing/plain-blob-sealer.js"
import { type TestDevice, type TestFamily, silentLog } from "../testing/test-family.js"
import { type BlobAsk, type BlobMessage, encodePeerMessage, parsePeerMessage } from "../wire/index.js"
import { type Blobs, createBlobs } from "./blobs.js"
import { createReceipts } from "./receipts.js"
import { type RoomSync, createRoomSync } from "./room-sync.js"
import { createSignals } from "./signals.js"

const origin = "wss://relay.test"
const size = blobLimits.chunkBytes
const entry = "e1".repeat(16)

interface Holder {
  readonly world: TestFamily
  readonly device: TestDevice
  readonly held: Blobs
}
type Relay = ReturnType<typeof createMemoryRelay>

const holder = (world: TestFamily, device: TestDevice): Holder => {
  const { random, clock } = world
  const held = createBlobs({
    store: device.store,
    blobs: createMemoryBlobStore(),
    sealer: { sha256 },
    blobSealer: createPlainBlobSealer({ random, sha256 }),
    random,
    clock,
    quotaBytes: 1e9,
  })
  return { world, device, held }
}
const house = async (seed: number) => {
  const world = plainFamily(seed)
  const annas = await world.found("Anna")
  const bens = await world.join(annas, "Ben", "editor")
  await world.sync(annas, bens)
  return { world, relay: createMemoryRelay(), anna: holder(world, annas), ben: holder(world, bens) }
}
const withBox = async (seed: number) => {
  const home = await house(seed)
  const { world, anna, ben } = home
  const boxes = await world.join(anna.device, "Box", "box")
  for (const other of [ben.device, boxes]) await world.sync(anna.device, other)
  return { ...home, box: holder(world, boxes) }
}

const signalsOf = ({ world, device }: Holder) =>
  createSignals({
    sealer: world.sealer,
    session: device.replica.session,
    identity: device.identity,
    clock: world.clock,
  })
const open: RoomSync[] = []
afterEach(() => {
  for (const sync of open.splice(0)) sync.close()
})
const online = (own: Holder, relay: Relay): RoomSync => {
  const { world, device, held } = own
  const { replica, store, identity, isKeeper } = device
  const { sealer, clock, random } = world
  const sync = createRoomSync(
    {
      ...{ replica, sealer, identity, store, clock, random, blobs: held },
      dialer: relay.dialer,
      log: silentLog,
      signals: signalsOf(own),
      receipts: createReceipts({ store, replica, clock, isKeeper }),
    },
    { url: origin, origin, isKeeper },
  )
  open.push(sync)
  return sync
}

const placeOf = ({ device }: Holder) =>
  ({ circle: device.replica.everyone(), area: "ledger", name: "2026" }) as const
const sealed = async (of: Holder, sizeBytes: number): Promise<BlobRef> => {
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31) & 0xff)
  }
  const ref = await of.held.add(placeOf(of), source(), { type: "image/jpeg", name: "a.jpg" })
  if (!ref.ok) throw new Error(ref.error.type)
  return ref.value
}
const attached = async (of: Holder, sizeBytes: number): Promise<BlobRef> => {
  const receipt = await sealed(of, sizeBytes)
  const by = { author: "a1".repeat(16), nowMs: 1 }
  const key = of.device.replica.keyFor("ledger", "2026")
  const fields = sampleEntry
  await of.device.replica.change(key, draft => addEntry(draft, { year: "2026", id: entry, fields, by }))
  await of.device.replica.change(key, draft => attachReceipt(draft, { id: entry, receipt, by }))
  return receipt
}
/** Lets time go on until it is so. */
const until = async (world: TestFamily, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (let step = 0; !(await isSo()); step++) {
    if (step > 400) throw new Error("it does not come to that")
    for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
    world.clock.advance(100)
  }
}
const pass = async (world: TestFamily, ms: number): Promise<void> => {
  const untilMs = world.clock.now() + ms
  await until(world, () => world.clock.now() >= untilMs)
}
/** Settles while the clock goes on: who answers pauses first. */
const settled = async (world: TestFamily, sync: RoomSync): Promise<void> => {
  let isDone = false
  void (async () => {
    await sync.settle()
    await sync.blobs?.settle()
    await sync.settle()
  })().then(() => (isDone = true))
  await until(world, () => isDone)
}
const isHere = (of: Holder, ref: BlobRef) => async () => (await of.held.state(ref)) === "Here"

/** What stands in the room of Everyone, as its readers see it. */
const saidIn = async (of: Holder, relay: Relay): Promise<readonly BlobMessage[]> => {
  const { world, device } = of
  const key = device.replica.session.keyring.sealingKey(device.replica.session.state(), placeOf(of).circle)
  if (key === undefined) throw new Error("no key")
  const keys = world.sealer.roomOf(key.key, origin)
  const said: BlobMessage[] = []
  for (const blob of relay.bytesIn(bytesToHex(keys.id) as RoomId)) {
    const outer = world.sealer.openOuter(keys, blob)
    const message = outer && parsePeerMessage(outer)
    const signal = message?.type === "Signal" ? await signalsOf(of).open(message.signal) : undefined
    if (signal?.kind === "blobs") said.push(parsePeerMessage(signal.payload) as BlobMessage)
  }
  return said
}
const asksIn = async (of: Holder, relay: Relay): Promise<readonly BlobAsk[]> =>
  (await saidIn(of, relay)).filter((message): message is BlobAsk => message.type === "Ask")
const trayOf = ({ world }: Holder, { secret }: BlobAsk) => {
  const keys = world.sealer.roomOf(secret, origin)
  return { keys, room: bytesToHex(keys.id) as RoomId }
}

describe("blobs over a relay", () => {
  it("[P137] a file comes from whoever has it, into a room that the asker names, and to nobody unasked", async () => {
    const { world, relay, anna, ben } = await house(1)
    const ref = await attached(anna, 2.5 * size)
    const [annas, bens] = [online(anna, relay), online(ben, relay)]
    await settled(world, annas)
    await settled(world, bens)
    const quiet = relay.bytes().reduce((sum, { length }) => sum + length, 0)
    expect(quiet).toBeLessThan(size / 4)
    expect(await bens.blobs?.fetch(ref.chunks, placeOf(ben))).toBe(false)
    await until(world, isHere(ben, ref))
    await until(world, async () => (await asksIn(ben, relay)).length === 2)
    const [ask, last] = await asksIn(ben, relay)
    if (ask === undefined) throw new Error("asked")
    expect([ask.chunks, last?.chunks]).toEqual([[...ref.chunks], []])
    expect(relay.bytesIn(trayOf(ben, ask).room)).toHaveLength(3)
    expect(await bens.blobs?.fetch(ref.chunks, placeOf(ben))).toBe(true)
  })

  it("[P138] two who are never online together: what was asked for comes in a later run", async () => {
    const { world, relay, anna, ben } = await house(2)
    const ref = await attached(anna, 3_000)
    const first = online(anna, relay)
    await settled(world, first)
    first.close()
    const asking = online(ben, relay)
    await settled(world, asking)
    await asking.blobs?.fetch(ref.chunks, placeOf(ben))
    await until(world, async () => (await asksIn(ben, relay)).length === 1)
    asking.close()
    const giving = online(anna, relay)
    await settled(world, giving)
    giving.close()
    expect(await ben.held.state(ref)).toBe("Elsewhere")
    // Nobody looks at it now, and nobody else is there.
    online(ben, relay)
    await until(world, isHere(ben, ref))
  })

  it("[P141] the box is told what none keeps, asks for what is shown, and gives it when its author is gone", async () => {
    const { world, relay, anna, ben, box } = await withBox(3)
    const ref = await attached(anna, 1.5 * size)
    const [annas, boxes] = [online(anna, relay), online(box, relay)]
    await settled(world, annas)
    await settled(world, boxes)
    await annas.blobs?.offerAll()
    await until(world, async () => (await anna.held.count()).unkept === 0)
    expect(await box.held.count()).toMatchObject({ chunks: 2 })
    annas.close()
    const bens = online(ben, relay)
    await settled(world, bens)
    await bens.blobs?.fetch(ref.chunks, placeOf(ben))
    await until(world, isHere(ben, ref))
  })

  it("[P141] the box asks for nothing that no document shows, and hears out no endless offers", async () => {
    const { world, relay, anna, box } = await withBox(4)
    const stray = await sealed(anna, 1000)
    const [annas, boxes] = [online(anna, relay), online(box, relay)]
    await settled(world, annas)
    await settled(world, boxes)
    // Who shows nothing offers nothing.
    await annas.blobs?.offerAll()
    const circle = placeOf(anna).circle
    const offer = (chunks: readonly ChunkId[]) =>
      signalOf(anna, { type: "Offer", place: placeOf(anna), chunks })
    for (let i = 0; i < 8; i++) await boxes.blobs?.take(await offer(stray.chunks))
    expect(await asksIn(box, relay)).toEqual([])
    const ref = await attached(anna, 500)
    await settled(world, annas)
    await settled(world, boxes)
    await boxes.blobs?.take(await offer(ref.chunks))
    await pass(world, 1_000)
    expect([circle, await asksIn(box, relay)]).toEqual([circle, []])
  })

  it("[P141] only a box's word that it keeps something counts, and nobody else takes an offer", async () => {
    const { world, relay, anna, ben } = await house(5)
    const ref = await attached(anna, 1000)
    const [annas, bens] = [online(anna, relay), online(ben, relay)]
    await settled(world, annas)
    await settled(world, bens)
    await annas.blobs?.take(await signalOf(ben, { type: "Kept", chunks: ref.chunks }))
    expect((await anna.held.count()).unkept).toBe(1)
    await bens.blobs?.take(await signalOf(anna, { type: "Offer", place: placeOf(anna), chunks: ref.chunks }))
    await pass(world, 1_000)
    expect(await saidIn(ben, relay)).toEqual([])
  })

  it("[P139] what nobody asked for is not stored, and a tray that somebody fills is given up for another", async () => {
    const { world, relay, anna, ben } = await house(6)
    const ref = await attached(anna, 2_000)
    const annas = online(anna, relay)
    await settled(world, annas)
    annas.close()
    const asking = online(ben, relay)
    await settled(world, asking)
    await asking.blobs?.fetch(ref.chunks, placeOf(ben))
    await until(world, async () => (await asksIn(ben, relay)).length === 1)
    const [ask] = await asksIn(ben, relay)
    if (ask === undefined) throw new Error("asked")
    const tray = trayOf(ben, ask)
    for (let i = 0; i < 8; i++) {
      const chunk = encodePeerMessage({ type: "Chunk", bytes: Uint8Array.of(i) })
      relay.put(tray.room, world.sealer.sealOuter(tray.keys, chunk))
    }
    await until(world, async () => (await asksIn(ben, relay)).length === 2)
    const again = (await asksIn(ben, relay))[1]
    expect(again?.chunks).toEqual(ref.chunks)
    expect(again?.secret).not.toEqual(ask.secret)
    expect(await ben.held.count()).toMatchObject({ chunks: 0 })
    online(anna, relay)
    await until(world, isHere(ben, ref))
  })

  it("[P140] where there is a box it answers, and whoever else has it is spared", async () => {
    const { world, relay, anna, ben, box } = await withBox(7)
    const ref = await attached(anna, 4_000)
    for (const id of ref.chunks)
      await box.held.put(id, (await anna.held.chunk(id)) ?? new Uint8Array(0), placeOf(box))
    const [annas, boxes, bens] = [online(anna, relay), online(box, relay), online(ben, relay)]
    for (const sync of [annas, boxes, bens]) await settled(world, sync)
    await bens.blobs?.fetch(ref.chunks, placeOf(ben))
    await until(world, isHere(ben, ref))
    await pass(world, 20_000)
    const [ask] = await asksIn(ben, relay)
    expect(ask && relay.bytesIn(trayOf(ben, ask).room)).toHaveLength(1)
  })
})

/** A signal as it arrives from another device. */
const signalOf = async (from: Holder, message: BlobMessage) => {
  const signals = signalsOf(from)
  const bytes = await signals.seal(placeOf(from).circle, "blobs", encodePeerMessage(message))
  const signal = bytes && (await signals.open(bytes))
  if (signal === undefined) throw new Error("a signal")
  return signal
}
