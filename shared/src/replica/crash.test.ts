import "@automerge/automerge"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { type Store, type StoreChange, bytesToHex, type IncarnationId } from "../base/index.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { type TestDevice, type TestFamily, createTestFamily, silentLog } from "../testing/test-family.js"
import { openReplica } from "./replica.js"

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest())
const family = (seed = 1): TestFamily =>
  createTestFamily({
    seed,
    sealer: random => createPlainSealer({ sha256, randomBytes: n => random.bytes(n) }),
  })

const newsFor = async (from: TestDevice, to: TestDevice): Promise<readonly Uint8Array[]> => {
  const known = new Set(
    (await to.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ hash }) => hash),
  )
  const all = (await from.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
  return all.filter(({ hash }) => !known.has(hash)).map(({ bundle }) => bundle.bytes)
}
const trio = async (seed?: number) => {
  const world = family(seed)
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  const cleo = await world.join(anna, "Cleo", "editor")
  for (const other of [ben, cleo]) await world.sync(anna, other)
  return { world, anna, ben, cleo }
}
/** A store whose disk fails, or whose process dies, from a chosen write on. */
const fragile = (
  store: Store,
): Store & { dieAt(isFatal: (changes: readonly StoreChange[]) => boolean): void } => {
  let isFatal: (changes: readonly StoreChange[]) => boolean = () => false
  return {
    ...store,
    write: changes =>
      isFatal(changes) ? Promise.reject(new Error("the process died")) : store.write(changes),
    dieAt: at => (isFatal = at),
  }
}
/** The device over another store or archive, as if it had been moved there. */
const over = async (
  world: TestFamily,
  device: TestDevice,
  parts: Partial<TestDevice>,
): Promise<TestDevice> => {
  const bare = { ...device, ...parts }
  const replica = await openReplica(
    {
      sealer: world.sealer,
      random: world.random,
      clock: world.clock,
      log: silentLog,
      store: bare.store,
      archive: bare.archive,
    },
    { ...bare, recoveryRoom: new Uint8Array(32), slot: 0 },
  )
  return { ...bare, replica }
}

describe("the crash rule", () => {
  it("[P12] an operation that was not sealed when the process died was never made", async () => {
    const { world, anna, ben } = await trio()
    let isDead = false
    const archive = {
      ...anna.archive,
      append: (bundles: Parameters<typeof anna.archive.append>[0]) =>
        isDead ? Promise.reject(new Error("died")) : anna.archive.append(bundles),
    }
    const mortal = await over(world, anna, { archive })
    isDead = true
    await expect(mortal.replica.act(author => author.removeDevice(ben.identity.id))).rejects.toThrow("died")
    isDead = false
    await world.reopen(mortal)
    expect(mortal.replica.session.state().devices.get(ben.identity.id)?.live).toBe(true)
    // What is made afterwards rests on nothing that the others never get.
    await writeItem(mortal, "after")
    await world.sync(mortal, ben)
    expect(await itemsOf(ben)).toEqual(["after"])
  })

  it("[P12] after one that could not be sealed nothing is made until the profile is opened again", async () => {
    const { world, anna, ben } = await trio()
    let isFull = false
    const archive = {
      ...anna.archive,
      append: (bundles: Parameters<typeof anna.archive.append>[0]) =>
        isFull ? Promise.reject(new Error("disk full")) : anna.archive.append(bundles),
    }
    const device = await over(world, anna, { archive })
    isFull = true
    await expect(device.replica.act(author => author.removeDevice(ben.identity.id))).rejects.toThrow(
      "disk full",
    )
    isFull = false
    await expect(writeItem(device, "upon what nobody has")).rejects.toThrow("opened again")
    await world.reopen(device)
    await writeItem(device, "after")
    await world.sync(device, ben)
    expect(await itemsOf(ben)).toEqual(["after"])
  })

  it("[P11] what one call could not write is processed at the next start, although later calls went well", async () => {
    const { world, anna, ben, cleo } = await trio()
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const removal = await newsFor(anna, cleo)
    const store = fragile(cleo.store)
    const device = await over(world, cleo, { store })
    store.dieAt(() => true)
    await expect(device.replica.receive(removal)).rejects.toThrow("died")
    store.dieAt(() => false)
    await writeItem(device, "later")
    await world.reopen(device)
    expect(device.replica.session.state().devices.get(ben.identity.id)?.live).toBe(false)
    expect(await itemsOf(device)).toEqual(["later"])
  })

  it("[P13] an operation and what it set free are kept together: no crash leaves the one without the other", async () => {
    const { world, anna, ben, cleo } = await trio()
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const operations = await newsFor(anna, cleo)
    await writeItem(anna, "under the new key")
    const content = (await newsFor(anna, cleo)).filter(bytes => !operations.some(other => other === bytes))
    const store = fragile(cleo.store)
    const mortal = await over(world, cleo, { store })
    await mortal.replica.receive(content.slice(-1))
    // The process dies at the write behind the one that holds the operation.
    let writes = 0
    store.dieAt(() => (writes += 1) > 1)
    await mortal.replica.receive(operations).catch(() => undefined)
    store.dieAt(() => false)
    await world.reopen(mortal)
    expect(await itemsOf(mortal)).toEqual(["under the new key"])
  })

  it("[P14] the same sealed bytes are sent again after a restart, and no number is used twice", async () => {
    const { world, anna, ben } = await trio()
    await writeItem(anna, "one")
    const [feed] = await anna.replica.feedsOf(anna.identity.id, anna.replica.everyone())
    if (feed === undefined) throw new Error("no feed")
    const before = await anna.archive.read(feed, 1, 1 << 20)
    await world.reopen(anna)
    await writeItem(anna, "two")
    const after = await anna.archive.read(feed, 1, 1 << 20)
    expect(after.slice(0, before.length).map(({ bundle }) => bundle.bytes)).toEqual(
      before.map(({ bundle }) => bundle.bytes),
    )
    expect(after.map(({ bundle }) => bundle.seq)).toEqual([1, 2])
    expect(bytesToHex(after[1]?.bundle.prev ?? new Uint8Array(0))).toBe(after[0]?.hash)
    await world.sync(anna, ben)
    expect(await itemsOf(ben)).toEqual(["one", "two"])
  })
})

describe("a profile", () => {
  it("[P42] that is moved goes on under a new incarnation with a feed of its own", async () => {
    const { world, anna } = await trio(16)
    await writeItem(anna, "before")
    const moved = await over(world, anna, {
      incarnation: "0c".repeat(16) as IncarnationId,
      store: anna.store,
      archive: anna.archive,
    })
    await writeItem(moved, "after")
    expect(await moved.replica.feedsOf(anna.identity.id, anna.replica.everyone())).toHaveLength(2)
    expect(await itemsOf(moved)).toEqual(["after", "before"])
  })
})
