import { describe, expect, it } from "vitest"
import { bytesToHex } from "../base/index.js"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { memberOf, plainTrio } from "../testing/on-node/plain-family.js"
import type { TestFamily } from "../testing/test-family.js"
import { limits } from "../wire/index.js"

/** Bundles that nobody here can open, of one feed. */
const strange = async (world: TestFamily, count: number, bodyBytes: number, seed = 8) => {
  const flood: Uint8Array[] = []
  for (let seq = 1; seq <= count; seq++) {
    const { bytes } = await world.sealer.sealBundle({
      key: new Uint8Array(32).fill(9),
      feedSeed: new Uint8Array(32).fill(seed),
      seq,
      prev: new Uint8Array(32),
      body: new Uint8Array(bodyBytes),
    })
    flood.push(bytes)
  }
  return flood
}

describe("what may be filled by whom", () => {
  it("[P9b] bundles of unknown feeds are taken up to a number: a stranger cannot fill the disk, nor by waiting for a restart", async () => {
    const { world, anna } = await plainTrio()
    const flood = await strange(world, 10_050, 0)
    const received = await anna.replica.receive(flood)
    expect(received.refused).toEqual({ TooManyParked: 50 })
    expect(received.added).toHaveLength(10_000)
    await world.reopen(anna)
    const [more = new Uint8Array(0)] = await strange(world, 1, 0, 7)
    expect((await anna.replica.receive([more])).refused).toEqual({ TooManyParked: 1 })
  })

  it("[P9b] and up to so many bytes", async () => {
    const { world, anna } = await plainTrio()
    const received = await anna.replica.receive(await strange(world, 20, 4_000_000))
    expect(received.added).toHaveLength(16)
    expect(received.refused).toEqual({ TooManyParked: 4 })
  })

  it("[P9b] where a stranger has filled his allowance, a known device still writes, also under a key that is not here yet", async () => {
    const { world, anna, ben, cleo } = await plainTrio()
    await writeItem(cleo, "before")
    await world.sync(cleo, ben)
    await ben.replica.receive(await strange(world, 20, 4_000_000))
    await ben.replica.receive(await strange(world, 1, 3_000_000, 21))
    // To the last kilobyte.
    const { refused } = await ben.replica.receive(await strange(world, 400, 500, 22))
    expect(refused["TooManyParked"]).toBeGreaterThan(0)
    const had = new Set((await ben.archive.readSince(0, 1 << 30)).bundles.map(({ hash }) => hash))
    // A new key that Ben does not have yet, and content of a feed that he knows under it.
    await anna.replica.act(author =>
      author.rekeyBody(anna.replica.everyone()).then(body => body ?? Promise.reject()),
    )
    await world.sync(anna, cleo)
    await writeItem(cleo, "under the new key")
    const news = (await cleo.archive.readSince(0, 1 << 30)).bundles.filter(({ hash }) => !had.has(hash))
    const [content] = news.filter(
      ({ bundle }) => ben.replica.session.keyring.keyOf(bundle.epochTag) === undefined,
    )
    expect(content).toBeDefined()
    const received = await ben.replica.receive(content === undefined ? [] : [content.bundle.bytes])
    expect([received.parked, received.refused]).toEqual([1, {}])
    await world.sync(anna, ben)
    expect(await itemsOf(ben)).toEqual(["before", "under the new key"])
  })

  it("[P9b] what waits for its feed's certificate counts until that comes", async () => {
    const { world, anna, ben } = await plainTrio()
    const key = noteKey(ben)
    const forger = await createForger(world, ben)
    const first = await forger.seal(key, { payload: new Uint8Array(1) })
    const large = new Uint8Array(3_900_000)
    const hash = world.sealer.hash("certificate", forger.certificate)
    const later: Uint8Array[] = []
    for (let i = 0; i < 18; i++) {
      later.push(
        (await forger.seal(key, { certificate: { type: "Hash", hash: bytesToHex(hash) }, payload: large }))
          .bytes,
      )
    }
    const received = await anna.replica.receive(later)
    expect(received.refused).toEqual({ TooManyParked: 1 })
    await anna.replica.receive([first.bytes])
    const [more = new Uint8Array(0)] = await strange(world, 1, 4_000_000)
    expect((await anna.replica.receive([more])).refused).toEqual({})
    expect((await anna.replica.receive(later.slice(-1))).refused).not.toHaveProperty("TooManyParked")
  })

  it("[P9e] of one device so many feeds are taken and no more; when it is removed, the rest from those who have it", async () => {
    const { world, anna, ben, cleo } = await plainTrio()
    const phone = await world.join(ben, "Ben", "own device")
    await world.sync(ben, anna)
    await writeItem(phone, "from the phone")
    await world.sync(phone, anna)
    const key = noteKey(ben)
    const flood: Uint8Array[] = []
    for (let i = 0; i < limits.feedsPerDevice + 3; i++) {
      const forger = await createForger(world, ben)
      flood.push((await forger.seal(key, { payload: new Uint8Array(1) })).bytes)
    }
    const received = await anna.replica.receive(flood)
    expect(received.refused["TooManyFeeds"]).toBe(3)
    expect(received.added).toHaveLength(limits.feedsPerDevice)
    // Another's feeds are his own matter.
    await writeItem(cleo, "hello")
    await world.sync(cleo, anna)
    expect(await itemsOf(anna)).toEqual(["from the phone", "hello"])
    await world.reopen(anna)
    expect((await anna.replica.receive(flood.slice(-3))).refused).toEqual({ TooManyFeeds: 3 })
    // More feeds than one operation can name: he is removed all the same.
    expect(await anna.replica.act(async author => author.removeMember(memberOf(ben)))).toMatchObject({
      ok: true,
    })
    expect((await anna.replica.receive(flood.slice(-3))).added).toHaveLength(3)
  })
})
