import { describe, expect, it } from "vitest"
import { circleIdOf } from "../access/index.js"
import { ByteWriter } from "../base/index.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { memberOf, newsFor, plainFamily, plainTrio, sha256 } from "../testing/on-node/plain-family.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { parseBody } from "../wire/index.js"
import { firstRekey } from "./author.js"
import { carriedKeys, wrapContext } from "./keyring.js"

const readableSealer = createPlainSealer({ sha256, randomBytes: n => new Uint8Array(n) })
describe("keys", () => {
  const tagsOf = async (device: TestDevice): Promise<readonly string[]> =>
    (await device.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ bundle }) => bundle.epochTag)

  it("[P60] nothing is sealed under a key that a removed device holds, whatever the writer's role", async () => {
    const { world, anna, ben, cleo } = await plainTrio(12)
    const held = new Set(ben.replica.session.keyring.tags())
    // A device that Anna removed; the circle's key has not moved because the removal is not the writer's own.
    await anna.replica.act(author => author.removeMember(memberOf(ben)))
    await world.sync(anna, cleo)
    const before = (await tagsOf(cleo)).length
    await writeItem(cleo, "secret")
    const fresh = (await tagsOf(cleo))
      .slice(before)
      .filter(tag => tag !== cleo.replica.session.keyring.log.tag)
    expect(fresh.length).toBeGreaterThan(0)
    for (const tag of fresh) expect(held.has(tag)).toBe(false)
  })

  it("[P60] also in a circle that whoever removed the device does not read", async () => {
    const world = plainFamily(14)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "editor")
    for (const other of [ben, cleo]) await world.sync(anna, other)
    const { session } = ben.replica
    const { sealer } = world
    const seq = session.log.nextSeq(ben.identity.id)
    const circle = circleIdOf(session.group, ben.identity.id, seq, sealer.hash)
    const readers = [ben, cleo].map(({ identity }) => ({ id: identity.id, wrapKey: identity.keys.wrap }))
    const rekey = firstRekey(sealer, circle, world.random.bytes(32), readers, session.state().recovery)
    const made = await ben.replica.act({
      ...{ type: "circle", circle, add: [memberOf(ben), memberOf(cleo)], remove: [], wraps: [] },
      taking: { circles: [circle], cuts: [], rekeys: [rekey] },
    })
    expect(made.ok).toBe(true)
    await world.sync(ben, anna)
    await world.sync(ben, cleo)
    await anna.replica.act(author => author.removeMember(memberOf(cleo)))
    await world.sync(anna, ben)
    const held = new Set(cleo.replica.session.keyring.tags())
    expect(held.has(session.keyring.sealingKey(session.state(), circle)?.tag ?? "")).toBe(true)
    await ben.replica.change(ben.replica.keyFor("notes", "a".repeat(32), circle), draft => {
      Object.assign(draft as object, { title: "secret" })
    })
    const feeds = await ben.replica.feedsOf(ben.identity.id, circle)
    const sealed = (await ben.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
      .filter(({ bundle }) => feeds.includes(bundle.feed))
      .map(({ bundle }) => bundle.epochTag)
    expect(sealed.length).toBeGreaterThan(0)
    expect(sealed.filter(tag => held.has(tag))).toEqual([])
  })

  it("[P61] whoever joins reads all of the history with one key, also what was sealed while several heads stood", async () => {
    const world = plainFamily(13)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    await world.sync(anna, ben)
    await writeItem(anna, "first epoch")
    await world.sync(anna, ben)
    // Two rekeys that do not know of each other.
    for (const admin of [anna, ben]) {
      const body = await admin.replica.author.rekeyBody(admin.replica.everyone())
      expect(body && (await admin.replica.act(body)).ok).toBe(true)
    }
    // Ben hears of Anna's and writes under both, before anybody has healed.
    const heads = () => ben.replica.session.state().circles.get(ben.replica.everyone())?.heads.length
    await ben.replica.receive(await newsFor(anna, ben))
    expect(heads()).toBe(2)
    await writeItem(ben, "under two heads")
    expect(heads()).toBe(2)
    await world.sync(ben, anna)
    await world.sync(anna, ben)
    expect(heads()).toBe(1)
    const late = await world.join(anna, "Fay", "user")
    await world.sync(anna, late)
    expect(await itemsOf(late)).toEqual(["first epoch", "under two heads"])
  })

  it("[P61] what was sealed under heads that never stood together here is read all the same", async () => {
    const world = plainFamily(17)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "user")
    const dora = await world.join(anna, "Dora", "user")
    for (const other of [ben, cleo, dora]) await world.sync(anna, other)
    const rekey = async (admin: TestDevice): Promise<void> => {
      const body = await admin.replica.author.rekeyBody(admin.replica.everyone())
      expect(body && (await admin.replica.act(body)).ok).toBe(true)
    }
    await rekey(anna)
    await rekey(ben)
    // Cleo knows one rekey of each, and writes under both.
    for (const admin of [anna, ben]) await cleo.replica.receive(await newsFor(admin, cleo))
    expect(cleo.replica.session.state().circles.get(cleo.replica.everyone())?.heads.length).toBe(2)
    await writeItem(cleo, "under the two")
    // Anna has gone on to a third epoch before Dora hears of Ben's.
    await rekey(anna)
    for (const other of [anna, ben, cleo]) await dora.replica.receive(await newsFor(other, dora))
    expect(await itemsOf(dora)).toEqual(["under the two"])
  })

  it("[P61a] a rekey stays as small however many were before it, and whoever joins reads from the first", async () => {
    const world = plainFamily(23)
    const anna = await world.found("Anna")
    const { session } = anna.replica
    await writeItem(anna, "the very first")
    const sizes: number[] = []
    for (let count = 0; count < carriedKeys + 6; count++) {
      const body = await anna.replica.author.rekeyBody(anna.replica.everyone())
      if (body?.type !== "rekey") throw new Error("a rekey")
      sizes.push(body.rekey.earlier.length)
      expect((await anna.replica.act(body)).ok).toBe(true)
    }
    expect(new Set(sizes).size).toBe(1)
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    expect(await itemsOf(ben)).toEqual(["the very first"])
    const epochs = session.state().circles.get(anna.replica.everyone())?.epochs ?? new Map()
    expect(epochs.size).toBe(sizes.length + 1)
    for (const epoch of epochs.keys())
      expect(ben.replica.session.keyring.epochKey(epoch)).toEqual(session.keyring.epochKey(epoch))
    await world.reopen(ben)
    for (const epoch of epochs.keys()) expect(ben.replica.session.keyring.epochKey(epoch)).toBeDefined()
  })

  it("[P61a] what those before it do not open a rekey carries too, and no more than it holds", async () => {
    const world = plainFamily(29)
    const anna = await world.found("Anna")
    const { everyone, session, author } = anna.replica
    const [first = ""] = session.state().circles.get(everyone())?.heads ?? []
    // Whoever replaces a key carries none of those before: as one does who lies.
    for (let count = 0; count < carriedKeys + 6; count++) {
      const body = await author.rekeyBody(everyone())
      if (body?.type !== "rekey") throw new Error("a rekey")
      const readers = [{ id: anna.identity.id, wrapKey: anna.identity.keys.wrap }]
      const { recovery } = session.state()
      const made = firstRekey(world.sealer, everyone(), world.random.bytes(32), readers, recovery)
      const rekey = { ...made, replaces: body.rekey.replaces }
      expect((await anna.replica.act({ ...body, rekey })).ok).toBe(true)
    }
    const heads = session.state().circles.get(everyone())?.heads ?? []
    const opened = session.keyring.openedBy(heads)
    expect(opened.size).toBe(1)
    const body = await author.rekeyBody(everyone())
    if (body?.type !== "rekey") throw new Error("a rekey")
    expect((await anna.replica.act(body)).ok).toBe(true)
    const held = session.keyring.openedBy([body.rekey.epoch])
    expect(held.size).toBe(carriedKeys + 1)
    expect([...held].some(epoch => epoch === first)).toBe(false)
  })

  it("[P62] a device that was admitted beside a rekey gets its wrap from anyone who holds the key", async () => {
    const world = plainFamily(14)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const dora = await world.join(anna, "Dora", "user")
    await world.sync(anna, ben)
    await ben.replica.act(author => author.removeMember(memberOf(dora)))
    const eve = await world.join(anna, "Eve", "user")
    await writeItem(ben, "under a key that Eve has not")
    await world.sync(anna, ben)
    await world.sync(anna, ben)
    await world.sync(anna, eve)
    expect(await itemsOf(eve)).toEqual(["under a key that Eve has not"])
  })

  it("[P63] the first bundle of a feed in an epoch carries its certificate whole, the next ones its hash", async () => {
    const { anna, ben } = await plainTrio(15)
    await writeItem(anna, "1")
    await writeItem(anna, "2")
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    await writeItem(anna, "3")
    const [feed] = await anna.replica.feedsOf(anna.identity.id, anna.replica.everyone())
    const kinds: (string | undefined)[] = []
    for (const { bundle } of feed === undefined ? [] : await anna.archive.read(feed, 1, 1 << 20)) {
      const key = anna.replica.session.keyring.keyOf(bundle.epochTag)
      const plain = key && readableSealer.openBundle(bundle, key.key)
      kinds.push(plain && parseBody(plain)?.certificate.type)
    }
    expect(kinds).toEqual(["Full", "Hash", "Full"])
  })

  /** Ben rekeys while Anna removes him, and Cleo writes under his key: it is void, and no head carries it. */
  const voidKey = async (world: TestFamily) => {
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "user")
    for (const other of [ben, cleo]) await world.sync(anna, other)
    const body = await ben.replica.author.rekeyBody(ben.replica.everyone())
    expect(body && (await ben.replica.act(body)).ok).toBe(true)
    await anna.replica.act(author => author.removeMember(memberOf(ben)))
    await world.sync(ben, cleo)
    await writeItem(cleo, "under a void key")
    return { anna, cleo }
  }
  const operationsOf = ({ replica }: TestDevice) => replica.session.log.operations().length

  it("[P66] the key of a void epoch reaches who was admitted before anybody there had heard of it", async () => {
    const world = plainFamily(42)
    const { anna, cleo } = await voidKey(world)
    const eve = await world.join(anna, "Eve", "user")
    await world.sync(anna, cleo)
    await world.sync(anna, eve)
    expect(await itemsOf(eve)).toEqual(["under a void key"])
    // One wrap for Eve, and nothing more afterwards.
    const before = operationsOf(anna)
    for (const device of [anna, cleo, eve]) await device.replica.tend()
    expect(operationsOf(anna)).toBe(before)
  })

  it("[P66] whoever joins later gets it as well, though no head carries it", async () => {
    const world = plainFamily(43)
    const { anna, cleo } = await voidKey(world)
    await world.sync(anna, cleo)
    const before = operationsOf(anna)
    const fay = await world.join(anna, "Fay", "user")
    await world.sync(anna, fay)
    expect(await itemsOf(fay)).toEqual(["under a void key"])
    // By her admission itself.
    expect(operationsOf(anna)).toBe(before + 1)
  })

  it("[P67] nobody seals under more heads than all the others combine: he rekeys first", async () => {
    const world = plainFamily(44)
    const anna = await world.found("Anna")
    const cleo = await world.join(anna, "Cleo", "user")
    const admins: TestDevice[] = []
    for (let i = 0; i < 7; i++) admins.push(await world.join(anna, `admin ${i}`, "admin"))
    for (const other of [cleo, ...admins]) await world.sync(anna, other)
    for (const admin of admins) {
      const body = await admin.replica.author.rekeyBody(admin.replica.everyone())
      expect(body && (await admin.replica.act(body)).ok).toBe(true)
    }
    for (const admin of admins) await cleo.replica.receive(await newsFor(admin, cleo))
    const heads = () => cleo.replica.session.state().circles.get(cleo.replica.everyone())?.heads.length
    expect(heads()).toBe(7)
    await writeItem(cleo, "under one")
    expect(heads()).toBe(1)
    await anna.replica.receive(await newsFor(cleo, anna))
    expect(await itemsOf(anna)).toEqual(["under one"])
  })

  it("[P64] a rekey that carries the log key among the earlier ones takes the log from nobody", async () => {
    const world = plainFamily(41)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "user")
    for (const other of [ben, cleo]) await world.sync(anna, other)
    const body = await ben.replica.author.rekeyBody(ben.replica.everyone())
    if (body?.type !== "rekey") throw new Error("a rekey")
    const { epoch, wraps } = body.rekey
    const own = wraps.find(({ to }) => to === ben.identity.id)
    const key = own && world.sealer.unwrapKey(ben.identity.secrets.wrap, wrapContext(epoch), own.sealed)
    if (key === undefined) throw new Error("the new key")
    const plain = new ByteWriter().list([ben.logKey], (list, one) => list.bytes(one)).done()
    const earlier = world.sealer.sealUnder("earlier keys", key, wrapContext(epoch), plain)
    expect((await ben.replica.act({ ...body, rekey: { ...body.rekey, earlier } })).ok).toBe(true)
    await cleo.replica.receive(await newsFor(ben, cleo))
    // His removal is the next thing in the log.
    await anna.replica.act(author => author.removeMember(memberOf(ben)))
    expect((await cleo.replica.receive(await newsFor(anna, cleo))).refused).toEqual({})
    expect(cleo.replica.session.state().members.get(memberOf(ben))?.live).toBe(false)
  })
})
