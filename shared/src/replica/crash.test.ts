import { describe, expect, it } from "vitest"
import { bytesToHex, type IncarnationId } from "../base/index.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { fragile, movedTo, newsFor, plainTrio } from "../testing/on-node/plain-family.js"

describe("the crash rule", () => {
  it("[P12] an operation that was not sealed when the process died was never made", async () => {
    const { world, anna, ben } = await plainTrio()
    let isDead = false
    const archive = {
      ...anna.archive,
      append: (bundles: Parameters<typeof anna.archive.append>[0]) =>
        isDead ? Promise.reject(new Error("died")) : anna.archive.append(bundles),
    }
    const mortal = await movedTo(world, anna, { archive })
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
    const { world, anna, ben } = await plainTrio()
    let isFull = false
    const archive = {
      ...anna.archive,
      append: (bundles: Parameters<typeof anna.archive.append>[0]) =>
        isFull ? Promise.reject(new Error("disk full")) : anna.archive.append(bundles),
    }
    const device = await movedTo(world, anna, { archive })
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
    const { world, anna, ben, cleo } = await plainTrio()
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const removal = await newsFor(anna, cleo)
    const store = fragile(cleo.store)
    const device = await movedTo(world, cleo, { store })
    store.dieAt(() => true)
    await expect(device.replica.receive(removal)).rejects.toThrow("died")
    store.dieAt(() => false)
    await writeItem(device, "later")
    await world.reopen(device)
    expect(device.replica.session.state().devices.get(ben.identity.id)?.live).toBe(false)
    expect(await itemsOf(device)).toEqual(["later"])
  })

  it("[P11] what a full disk does not let be processed waits, and who opens sees what was there", async () => {
    const { world, anna, ben, cleo } = await plainTrio()
    await writeItem(cleo, "before")
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const removal = await newsFor(anna, cleo)
    const store = fragile(cleo.store)
    const device = await movedTo(world, cleo, { store })
    store.dieAt(() => true)
    await expect(device.replica.receive(removal)).rejects.toThrow("died")
    await world.reopen(device)
    expect(await itemsOf(device)).toEqual(["before"])
    store.dieAt(() => false)
    await writeItem(device, "later")
    expect(device.replica.session.state().devices.get(ben.identity.id)?.live).toBe(false)
    await world.reopen(device)
    expect(device.replica.session.state().devices.get(ben.identity.id)?.live).toBe(false)
    expect(await itemsOf(device)).toEqual(["before", "later"])
  })

  it("[P13] an operation and what it set free are kept together: no crash leaves the one without the other", async () => {
    const { world, anna, ben, cleo } = await plainTrio()
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const operations = await newsFor(anna, cleo)
    await writeItem(anna, "under the new key")
    const content = (await newsFor(anna, cleo)).filter(bytes => !operations.some(other => other === bytes))
    const store = fragile(cleo.store)
    const mortal = await movedTo(world, cleo, { store })
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
    const { world, anna, ben } = await plainTrio()
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
    const { world, anna } = await plainTrio(16)
    await writeItem(anna, "before")
    const moved = await movedTo(world, anna, {
      incarnation: "0c".repeat(16) as IncarnationId,
      store: anna.store,
      archive: anna.archive,
    })
    await writeItem(moved, "after")
    expect(await moved.replica.feedsOf(anna.identity.id, anna.replica.everyone())).toHaveLength(2)
    expect(await itemsOf(moved)).toEqual(["after", "before"])
  })
})
