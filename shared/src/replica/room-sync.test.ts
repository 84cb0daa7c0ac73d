import { afterEach, describe, expect, it } from "vitest"
import { circleIdOf } from "../access/index.js"
import { type Dialer, bytesToHex } from "../base/index.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { createMemoryRelay } from "../testing/on-node/memory-relay.js"
import { memberOf, plainFamily } from "../testing/on-node/plain-family.js"
import { type TestDevice, type TestFamily, silentLog } from "../testing/test-family.js"
import { encodeHave, parsePeerMessage } from "../wire/index.js"
import { firstRekey } from "./author.js"
import { createReceipts } from "./receipts.js"
import { type RoomSync, createRoomSync } from "./room-sync.js"
import { recoveryRoomOf } from "./rooms.js"
import { type Signal, createSignals } from "./signals.js"

const origin = "wss://relay.test"

const open: RoomSync[] = []
afterEach(() => {
  for (const sync of open.splice(0)) sync.close()
})
const at = (
  world: TestFamily,
  device: TestDevice,
  relay: { dialer: Dialer },
  onPresence: (signal: Signal) => void = () => {},
) => {
  const { replica, store, identity, isKeeper } = device
  const { sealer, clock, random } = world
  const receipts = createReceipts({ store, replica, clock, isKeeper })
  const sync = createRoomSync(
    {
      replica,
      sealer,
      identity,
      store,
      dialer: relay.dialer,
      clock,
      random,
      log: silentLog,
      signals: createSignals({ sealer, session: replica.session, identity, clock }),
      receipts,
      onPresence,
    },
    { url: origin, origin, isKeeper },
  )
  open.push(sync)
  return { sync, receipts }
}
const turns = async (count = 30): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}
const pair = async (seed: number) => {
  const world = plainFamily(seed)
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  return { world, anna, ben, relay: createMemoryRelay() }
}

/** A circle of the two, made by the first. */
const makeCircle = async ({ sealer, random }: TestFamily, by: TestDevice, other: TestDevice) => {
  const { session } = by.replica
  const state = session.state()
  const circle = circleIdOf(session.group, by.identity.id, session.log.nextSeq(by.identity.id), sealer.hash)
  const readers = [by, other].map(({ identity }) => ({ id: identity.id, wrapKey: identity.keys.wrap }))
  const rekey = firstRekey(sealer, circle, random.bytes(32), readers, state.recovery)
  const taking = { circles: [circle], cuts: [], rekeys: [rekey] }
  const add = [memberOf(by), memberOf(other)]
  expect((await by.replica.act({ type: "circle", circle, add, remove: [], wraps: [], taking })).ok).toBe(true)
  return circle
}
const leaveEveryone = async (by: TestDevice, other: TestDevice) => {
  const change = {
    type: "circle",
    circle: by.replica.everyone(),
    add: [],
    remove: [memberOf(other)],
  } as const
  const taking = await by.replica.author.taking(change)
  expect((await by.replica.act({ ...change, wraps: [], taking })).ok).toBe(true)
}

describe("a device at a relay", () => {
  it("[P70] two who are never online together get everything from the relay", async () => {
    const { world, anna, ben, relay } = await pair(1)
    await writeItem(anna, "over the relay")
    const annas = at(world, anna, relay)
    expect(await annas.sync.settle()).toBe(true)
    annas.sync.close()
    const bens = at(world, ben, relay)
    expect(await bens.sync.settle()).toBe(true)
    expect(await itemsOf(ben)).toEqual(["over the relay"])
  })

  it("[P71] settle is false when nobody answers", async () => {
    const { world, anna, relay } = await pair(2)
    await writeItem(anna, "a")
    relay.down()
    const { sync } = at(world, anna, relay)
    expect(await sync.settle()).toBe(false)
    expect(relay.count()).toBe(0)
  })

  it("[P71] settle is false when what lies there could not be stored", async () => {
    const { world, anna, ben, relay } = await pair(3)
    await writeItem(anna, "one")
    await at(world, anna, relay).sync.settle()
    Object.assign(ben.archive, { appendSoon: () => Promise.reject(new Error("disk full")) })
    expect(await at(world, ben, relay).sync.settle()).toBe(false)
  })

  it("[P72] the cursor is kept: a restart reads on, and nothing is posted twice", async () => {
    const { world, anna, ben, relay } = await pair(3)
    await writeItem(anna, "one")
    const first = at(world, anna, relay)
    await first.sync.settle()
    first.sync.close()
    const bens = at(world, ben, relay)
    await bens.sync.settle()
    bens.sync.close()
    const count = relay.count()
    await world.reopen(ben)
    relay.reads.length = 0
    const again = at(world, ben, relay)
    expect(await again.sync.settle()).toBe(true)
    expect(relay.reads.some(({ after }) => after > 0)).toBe(true)
    expect(relay.count()).toBeLessThanOrEqual(count + relay.rooms().length) // receipts at most
  })

  it("[P73] what a relay forgot is posted again, by the same process and by the next one", async () => {
    for (const isRestarted of [false, true]) {
      const { world, anna, ben, relay } = await pair(4)
      await writeItem(anna, "forgotten")
      const first = at(world, anna, relay)
      expect(await first.sync.settle()).toBe(true)
      relay.forget()
      relay.cut()
      if (isRestarted) first.sync.close()
      const { sync } = isRestarted ? at(world, anna, relay) : first
      await turns()
      world.clock.advance(120_000)
      await turns()
      await sync.settle()
      expect(await sync.settle()).toBe(true)
      const bens = at(world, ben, relay)
      expect(await bens.sync.settle()).toBe(true)
      expect(await itemsOf(ben)).toEqual(["forgotten"])
    }
  })

  it("[P94] an admin's device posts the whole log and the note where the recovery room lacks them, an editor's what he came in by", async () => {
    const world = plainFamily(31)
    const anna = await world.found("Anna")
    const cleo = await world.join(anna, "Cleo", "admin")
    const ben = await world.join(cleo, "Ben", "editor")
    for (const device of [anna, ben, cleo]) await world.sync(cleo, device)
    const { log, open: note } = cleo.replica.session.keyring
    const wanted = new Set<string>()
    const admission = new Set<string>()
    const cleosLog = await cleo.replica.feedsOf(cleo.identity.id, undefined)
    for (const { tag } of [log, note])
      for (const { bundle } of (await cleo.archive.byTag(tag, 0, 1 << 20)).bundles) {
        wanted.add(bytesToHex(bundle.bytes))
        if (cleosLog.includes(bundle.feed)) admission.add(bytesToHex(bundle.bytes))
      }
    expect(admission.size).toBeGreaterThan(0)
    const relay = createMemoryRelay()
    const keys = world.sealer.roomOf(
      recoveryRoomOf(world.sealer, cleo.replica.session.state().recovery),
      origin,
    )
    const lying = (): ReadonlySet<string> =>
      new Set(
        relay.bytes().flatMap(blob => {
          const plain = world.sealer.openOuter(keys, blob)
          const message = plain && parsePeerMessage(plain)
          return message?.type === "Bundles" ? message.bundles.map(bytes => bytesToHex(bytes)) : []
        }),
      )
    for (const forgets of [false, true]) {
      if (forgets) relay.forget()
      const bens = at(world, ben, relay)
      await bens.sync.settle()
      bens.sync.close()
      expect([...admission].every(bundle => lying().has(bundle))).toBe(true)
      expect([...wanted].every(bundle => lying().has(bundle))).toBe(false)
      const cleos = at(world, cleo, relay)
      await cleos.sync.settle()
      cleos.sync.close()
      expect([...wanted].every(bundle => lying().has(bundle))).toBe(true)
      const count = relay.count()
      const again = at(world, cleo, relay)
      await again.sync.settle()
      again.sync.close()
      expect(relay.count() - count).toBeLessThan(wanted.size)
    }
  })

  it("[P74] a rekey moves the room: a removed device's room hears nothing new", async () => {
    const { world, anna, ben, relay } = await pair(5)
    const cleo = await world.join(anna, "Cleo", "editor")
    const annas = at(world, anna, relay)
    await annas.sync.settle()
    const before = new Set(relay.rooms())
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    await writeItem(anna, "in the new room")
    expect(await annas.sync.settle()).toBe(true)
    expect(relay.rooms().some(room => !before.has(room))).toBe(true)
    // Cleo, who knows the old room only, finds the operation there and follows.
    const cleos = at(world, cleo, relay)
    await cleos.sync.settle()
    expect(await cleos.sync.settle()).toBe(true)
    expect(await itemsOf(cleo)).toEqual(["in the new room"])
  })

  it("[P75] receipts tell what is stored where, and an older one does not undo a newer", async () => {
    const { world, anna, ben, relay } = await pair(6)
    await writeItem(anna, "a")
    const annas = at(world, anna, relay)
    await annas.sync.settle()
    expect(
      (await annas.receipts.peers()).find(({ device }) => device === ben.identity.id)?.missingThere,
    ).toBeGreaterThan(0)
    const bens = at(world, ben, relay)
    world.clock.advance(1_000)
    await bens.sync.settle()
    await turns()
    await annas.sync.settle()
    const ofBen = async () => (await annas.receipts.peers()).find(({ device }) => device === ben.identity.id)
    expect((await ofBen())?.missingThere).toBe(0)
    // What he writes afterwards he has, although no receipt says so.
    await writeItem(ben, "b")
    await world.sync(ben, anna)
    expect(await itemsOf(anna)).toEqual(["a", "b"])
    expect((await ofBen())?.missingThere).toBe(0)
    await writeItem(anna, "c")
    expect((await ofBen())?.missingThere).toBe(1)
  })

  it("[P75b] who comes back with nothing new says nothing again for an hour, whoever has forgotten or lacks it", async () => {
    const { world, anna, ben, relay } = await pair(61)
    await writeItem(anna, "a")
    /** What a start that ends settled leaves at the relay. */
    const start = async (): Promise<number> => {
      const before = relay.count()
      const { sync } = at(world, ben, relay)
      await sync.settle()
      await turns()
      sync.close()
      return relay.count() - before
    }
    await at(world, anna, relay).sync.settle()
    expect(await start()).toBeGreaterThan(0)
    await start()
    expect(await start()).toBe(0)
    world.clock.advance(61 * 60_000)
    expect(await start()).toBeGreaterThan(0)
    expect(await start()).toBe(0)
    await writeItem(ben, "b")
    expect(await start()).toBeGreaterThan(1)
    await start()
    relay.forget()
    expect(await start()).toBeGreaterThan(0)
    await start()
    expect(await start()).toBe(0)

    // Anna has said that there is more, and died before she posted it.
    await writeItem(anna, "c")
    const { sealer, clock } = world
    const circle = anna.replica.everyone()
    const signalsOf = ({ replica, identity }: TestDevice) =>
      createSignals({ sealer, session: replica.session, identity, clock })
    const receiptsOf = ({ replica, store }: TestDevice) =>
      createReceipts({ store, replica, clock, isKeeper: false })
    for (const page of await receiptsOf(anna).make(circle)) {
      const sealed = await signalsOf(anna).seal(circle, "receipt", encodeHave(page))
      const signal = sealed && (await signalsOf(ben).open(sealed))
      if (signal === undefined) throw new Error("no receipt")
      expect(await receiptsOf(ben).take(signal)).toBe(true)
    }
    for (let i = 0; i < 2; i++) expect(await start()).toBeGreaterThan(0)
  })

  it("[P76] a signal is sealed for the circle and signed by its device: altered or replayed under another name it is nothing", async () => {
    const { world, anna, ben } = await pair(7)
    await world.sync(anna, ben)
    const signalsOf = (device: TestDevice) =>
      createSignals({
        sealer: world.sealer,
        session: device.replica.session,
        identity: device.identity,
        clock: world.clock,
      })
    const sealed = await signalsOf(anna).seal(anna.replica.everyone(), "presence", Uint8Array.of(1, 2))
    if (sealed === undefined) throw new Error("sealed")
    expect(await signalsOf(ben).open(sealed)).toMatchObject({ device: anna.identity.id, kind: "presence" })
    for (let at = 0; at < sealed.length; at += 5) {
      const altered = sealed.slice()
      altered[at] = (altered[at] ?? 0) ^ 1
      // The last half of a readable signature is padding.
      const opened = await signalsOf(ben).open(altered)
      expect(opened).toBeUndefined()
    }
    // Ben signs with his key what claims to be Anna's.
    const asAnna = createSignals({
      sealer: world.sealer,
      session: ben.replica.session,
      identity: { ...ben.identity, id: anna.identity.id },
      clock: world.clock,
    })
    const forged = await asAnna.seal(ben.replica.everyone(), "receipt", new Uint8Array(0))
    expect(forged && (await signalsOf(anna).open(forged))).toBeUndefined()
  })

  const pass = async (world: TestFamily, ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 1_000) {
      world.clock.advance(1_000)
      await turns(10)
    }
  }

  it("[P77] what expired before somebody read it is posted again, though the room is young, by its author", async () => {
    const { world, anna, ben, relay } = await pair(8)
    await writeItem(anna, "expired")
    const annas = at(world, anna, relay)
    expect(await annas.sync.settle()).toBe(true)
    relay.expire()
    const bens = at(world, ben, relay)
    expect(await bens.sync.settle()).toBe(true)
    expect(await itemsOf(ben)).toEqual([])
    await pass(world, 15_000)
    expect(await itemsOf(ben)).toEqual(["expired"])
  })

  it("[P77] the same of an author who is gone, by whoever has it", async () => {
    const { world, anna, ben, relay } = await pair(9)
    const cleo = await world.join(anna, "Cleo", "editor")
    await writeItem(anna, "expired")
    await world.sync(anna, ben)
    at(world, ben, relay)
    const cleos = at(world, cleo, relay)
    expect(await cleos.sync.settle()).toBe(true)
    await pass(world, 15_000)
    expect(await itemsOf(cleo)).toEqual(["expired"])
  })

  it("[P78] what came over a link is told at the relay, asked for and given", async () => {
    const { world, anna, ben, relay } = await pair(10)
    const cleo = await world.join(anna, "Cleo", "editor")
    for (const device of [ben, cleo]) expect(await at(world, device, relay).sync.settle()).toBe(true)
    await pass(world, 15_000)
    await writeItem(anna, "by a link")
    await world.sync(anna, ben)
    await pass(world, 20_000)
    expect(await itemsOf(cleo)).toEqual(["by a link"])
  })

  it("[P78] receipts come to an end", async () => {
    const { world, anna, ben, relay } = await pair(11)
    for (const device of [anna, ben]) at(world, device, relay)
    await writeItem(anna, "a")
    await pass(world, 30_000)
    const count = relay.count()
    await pass(world, 60_000)
    expect(relay.count()).toBe(count)
  })

  it("[P78a] the log is everybody's: what came into one circle's room is told in the others", async () => {
    const { world, anna, ben, relay } = await pair(13)
    const cleo = await world.join(anna, "Cleo", "editor")
    for (const other of [ben, cleo]) await world.sync(anna, other)
    const circle = await makeCircle(world, anna, ben)
    await leaveEveryone(anna, ben)
    for (const other of [ben, cleo]) await world.sync(anna, other)
    for (const device of [anna, ben, cleo]) expect(await at(world, device, relay).sync.settle()).toBe(true)
    await pass(world, 15_000)
    const { session } = anna.replica
    const key = session.keyring.sealingKey(session.state(), circle)?.key ?? new Uint8Array(0)
    const keys = world.sealer.roomOf(key, origin)
    const signals = createSignals({ ...world, session: ben.replica.session, identity: ben.identity })
    /** What Anna has told in the room that she shares with Ben. */
    const told = async (): Promise<number> => {
      const plains = relay.bytes().flatMap(blob => world.sealer.openOuter(keys, blob) ?? [])
      const messages = plains.map(plain => parsePeerMessage(plain))
      const opened = await Promise.all(
        messages.flatMap(message => (message?.type === "Signal" ? [signals.open(message.signal)] : [])),
      )
      return opened.filter(signal => signal?.device === anna.identity.id).length
    }
    const before = await told()
    // Cleo, who shares no room with Ben, takes in another device of hers.
    const tablet = await world.join(cleo, "Cleo's tablet", "own device")
    await pass(world, 30_000)
    expect(ben.replica.session.state().devices.get(tablet.identity.id)?.live).toBe(true)
    expect(await told()).toBeGreaterThan(before)
  })

  it("[P78b] who reads no circle of ours hears of the log at his door, whoever wrote it", async () => {
    const { world, anna, ben, relay } = await pair(14)
    const cleo = await world.join(anna, "Cleo", "editor")
    await leaveEveryone(anna, ben)
    for (const other of [ben, cleo]) await world.sync(anna, other)
    const [annas] = [anna, cleo].map(device => at(world, device, relay))
    await pass(world, 15_000)
    const tablet = await world.join(cleo, "Cleo's tablet", "own device")
    await pass(world, 30_000)
    // What Anna has once told there has expired by the time that Ben comes.
    relay.expire()
    at(world, ben, relay)
    await pass(world, 30_000)
    expect(annas?.sync.isOnline).toBe(true)
    expect(ben.replica.session.state().devices.get(tablet.identity.id)?.live).toBe(true)
    const count = relay.count()
    await pass(world, 60_000)
    expect(relay.count()).toBe(count)
  })

  it("[P79] settle ends although the room that a post was for has moved", async () => {
    const { world, anna, ben, relay } = await pair(12)
    const bens = at(world, ben, relay)
    expect(await bens.sync.settle()).toBe(true)
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    relay.isSilent = true
    await writeItem(ben, "written too late")
    await turns()
    // Ben hears of his removal elsewhere, and leaves every room.
    await ben.replica.receive(
      (await anna.archive.readSince(0, 1 << 24)).bundles.map(({ bundle }) => bundle.bytes),
    )
    await turns()
    relay.isSilent = false
    expect(await Promise.race([bens.sync.settle(), turns(200).then(() => "never")])).toBe(true)
  })

  it("[P110] presence reaches who listens now, under its author's name, and is kept by nobody", async () => {
    const { world, anna, ben, relay } = await pair(13)
    const heard: Signal[] = []
    const annas = at(world, anna, relay)
    const bens = at(world, ben, relay, signal => heard.push(signal))
    for (const { sync } of [annas, bens]) expect(await sync.settle()).toBe(true)
    const before = relay.count()
    const payload = new TextEncoder().encode("is typing")
    expect(await annas.sync.castPresence(anna.replica.everyone(), payload)).toBe(true)
    await turns()
    expect(heard.map(({ device, kind }) => ({ device, kind }))).toEqual([
      { device: anna.identity.id, kind: "presence" },
    ])
    expect(heard[0]?.payload).toEqual(payload)
    expect(relay.count()).toBe(before)
    relay.down()
    await turns()
    expect(await annas.sync.castPresence(anna.replica.everyone(), payload)).toBe(false)
  })
})
