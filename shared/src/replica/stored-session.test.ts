import { describe, expect, it } from "vitest"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { memberOf, newsFor, plainFamily } from "../testing/on-node/plain-family.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { openGroupSession } from "./group-session.js"

const key = ["membership checkpoint"]

const rekeyed = async (device: TestDevice, times = 1): Promise<void> => {
  for (let count = 0; count < times; count++) {
    const body = await device.replica.author.rekeyBody(device.replica.everyone())
    expect(body && (await device.replica.act(body)).ok).toBe(true)
  }
}

/** A family of four, whose log is long enough to be kept, with what Dora kept of it. */
const fourWithPast = async (seed: number) => {
  const world = plainFamily(seed)
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "admin")
  const cleo = await world.join(anna, "Cleo", "user")
  const dora = await world.join(anna, "Dora", "user")
  await writeItem(anna, "the very first")
  await rekeyed(anna, 16)
  for (const other of [ben, cleo, dora]) await world.sync(anna, other)
  return { world, anna, ben, cleo, dora }
}

/** All that a keyring can say. */
const keysOf = ({ replica: { session } }: TestDevice): unknown => {
  const { keyring } = session
  const epochs = [...session.state().circles.values()].flatMap(circle => [...circle.epochs.keys()])
  return {
    tags: new Map(keyring.tags().map(tag => [tag, keyring.keyOf(tag)])),
    epochs: epochs.map(epoch => [epoch, keyring.epochKey(epoch), keyring.openedBy([epoch])]),
  }
}

const replayed = async (world: TestFamily, device: TestDevice): Promise<void> => {
  await device.store.write([{ type: "Remove", key }])
  await world.reopen(device)
}

describe("the log of a profile that is opened again", () => {
  it("[P165] is not folded from the genesis, and says what a log says that was", async () => {
    const { world, anna, dora } = await fourWithPast(51)
    await world.reopen(dora)
    expect(dora.replica.session.foldedAtOpening).toBeGreaterThan(16)
    await world.reopen(dora)
    expect(dora.replica.session.foldedAtOpening).toBe(0)
    const resumed = keysOf(dora)
    expect(await itemsOf(dora)).toEqual(["the very first"])
    await rekeyed(anna, 3)
    await writeItem(anna, "and later")
    await world.sync(anna, dora)
    expect(await itemsOf(dora)).toEqual(["and later", "the very first"])
    await world.reopen(dora)
    expect(dora.replica.session.foldedAtOpening).toBe(3)
    const later = keysOf(dora)
    await replayed(world, dora)
    expect(dora.replica.session.foldedAtOpening).toBeGreaterThan(19)
    expect(keysOf(dora)).toEqual(later)
    expect(resumed).not.toEqual(later)
    expect(await itemsOf(dora)).toEqual(["and later", "the very first"])
  })

  it("[P165] opens what was sealed under keys of which one came before and one after", async () => {
    const { world, anna, ben, cleo, dora } = await fourWithPast(52)
    await rekeyed(anna)
    await rekeyed(ben)
    for (const admin of [anna, ben]) await cleo.replica.receive(await newsFor(admin, cleo))
    expect(cleo.replica.session.state().circles.get(cleo.replica.everyone())?.heads.length).toBe(2)
    await writeItem(cleo, "under the two")
    await rekeyed(anna)
    await dora.replica.receive(await newsFor(anna, dora))
    await world.reopen(dora)
    await world.reopen(dora)
    expect(dora.replica.session.foldedAtOpening).toBe(0)
    for (const other of [ben, cleo]) await dora.replica.receive(await newsFor(other, dora))
    expect(await itemsOf(dora)).toEqual(["the very first", "under the two"])
  })

  it("[P166] where what was kept of it is damaged, another's or cannot be read, it is folded anew", async () => {
    const { world, anna, dora } = await fourWithPast(53)
    await world.reopen(dora)
    const kept = await dora.store.get(key)
    if (kept === undefined) throw new Error("kept")
    const other = plainFamily(54)
    const eve = await other.found("Eve")
    for (const value of [
      new Uint8Array(0),
      kept.subarray(0, kept.length - 1),
      kept.map((byte, i) => (i === 0 ? byte + 1 : byte)),
      eve.replica.session.checkpoint(),
    ]) {
      await dora.store.write([{ type: "Put", key, value }])
      await world.reopen(dora)
      expect(dora.replica.session.foldedAtOpening).toBeGreaterThan(16)
    }
    await anna.replica.act(author => author.removeMember(memberOf(dora)))
    await dora.replica.receive(await newsFor(anna, dora))
    expect(dora.replica.session.state().members.get(memberOf(dora))?.live).toBe(false)
  })

  it("[P167] one that was put back from before a removal brings nobody in again", async () => {
    const { world, anna, cleo, dora } = await fourWithPast(55)
    await world.reopen(dora)
    const before = await dora.store.get(key)
    await anna.replica.act(author => author.removeMember(memberOf(cleo)))
    await dora.replica.receive(await newsFor(anna, dora))
    if (before === undefined) throw new Error("kept")
    await dora.store.write([{ type: "Put", key, value: before }])
    await world.reopen(dora)
    const { session } = dora.replica
    expect(session.state().members.get(memberOf(cleo))?.live).toBe(false)
    const own = { identity: dora.identity, logKey: dora.logKey }
    const anew = await openGroupSession(world, own, session.log.operations())
    expect(anew.state().members).toEqual(session.state().members)
    expect(await itemsOf(dora)).toEqual(["the very first"])
  })

  it("[P168] operations that somebody took out of the store are taken in again from the archive", async () => {
    const { world, anna, cleo, dora } = await fourWithPast(56)
    await world.reopen(dora)
    const before = await dora.store.get(key)
    await anna.replica.act(author => author.removeMember(memberOf(cleo)))
    await dora.replica.receive(await newsFor(anna, dora))
    const { log } = dora.replica.session
    const [removal] = log.heads()
    const middle = log.operations().at(-6)?.id
    if (removal === undefined || middle === undefined || before === undefined) throw new Error("a log")
    for (const gone of [removal, middle]) {
      await dora.store.write([
        { type: "Remove", key: ["operation", gone] },
        { type: "Put", key, value: before },
      ])
      await world.reopen(dora)
      const { session } = dora.replica
      expect(session.log.heads()).toEqual([removal])
      expect(session.state().members.get(memberOf(cleo))?.live).toBe(false)
    }
    expect(await itemsOf(dora)).toEqual(["the very first"])
    await world.reopen(dora)
    expect(dora.replica.session.log.heads()).toEqual([removal])
  })
})
