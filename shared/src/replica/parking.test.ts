import { describe, expect, it } from "vitest"
import type { OperationId } from "../base/index.js"
import { createForger } from "../testing/forger.js"
import { createMemoryArchive } from "../testing/memory-archive.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { bundlesOf, newsFor, plainTrio } from "../testing/on-node/plain-family.js"

describe("what cannot be judged yet", () => {
  it("[P9a] bundles name a certificate by its hash: they wait for it, and wake when it comes", async () => {
    const { anna, ben } = await plainTrio()
    await writeItem(ben, "first")
    await writeItem(ben, "second")
    const [first, second] = await newsFor(ben, anna)
    if (first === undefined || second === undefined) throw new Error("two bundles")
    expect((await anna.replica.receive([second])).parked).toBe(1)
    expect(await itemsOf(anna)).toEqual([])
    expect((await anna.replica.receive([first])).parked).toBe(0)
    expect(await itemsOf(anna)).toEqual(["first", "second"])
  })

  it("[P9a] bundles wait for the membership heads that their author had, over a restart too", async () => {
    const { world, anna, ben, cleo } = await plainTrio()
    const dora = await world.join(ben, "Dora", "user").catch(() => undefined)
    expect(dora).toBeUndefined() // an editor admits nobody
    await world.join(anna, "Eve", "user")
    await world.sync(anna, ben)
    await writeItem(ben, "after Eve came")
    const news = await newsFor(ben, cleo)
    const content = news.slice(-1)
    expect((await cleo.replica.receive(content)).parked).toBe(1)
    expect(await itemsOf(cleo)).toEqual([])
    await world.reopen(cleo)
    expect(await itemsOf(cleo)).toEqual([])
    await cleo.replica.receive(news)
    expect(await itemsOf(cleo)).toEqual(["after Eve came"])
  })

  it("[P9a] bundles of a device that is not admitted yet wait for its admission", async () => {
    const { world, anna, cleo } = await plainTrio()
    const eve = await world.join(anna, "Eve", "user")
    const forger = await createForger(world, eve)
    const key = noteKey(eve)
    const genesis = eve.replica.session.log.operations()[0]?.id as OperationId
    // Eve dates herself back to before her admission: not lacking an operation, but not known.
    const early = await forger.seal(key, { changes: [forger.edit(key, "early")], groupHeads: [genesis] })
    expect((await cleo.replica.receive([early.bytes])).parked).toBe(1)
    await world.sync(anna, cleo)
    // She had no right at the heads that she names.
    expect(await itemsOf(cleo)).toEqual([])
    expect(await cleo.replica.late()).toHaveLength(1)
  })

  it("[P9b] bundles under an unknown key are kept, and read when the key comes", async () => {
    const { world, anna, ben, cleo } = await plainTrio()
    const removed = await anna.replica.act(author => author.removeDevice(ben.identity.id))
    expect(removed.ok).toBe(true)
    const operation = await newsFor(anna, cleo)
    await writeItem(anna, "under the new key")
    const content = (await newsFor(anna, cleo)).filter(bytes => !operation.includes(bytes))
    const fresh = content.slice(-1)
    expect((await cleo.replica.receive(fresh)).parked).toBe(1)
    await world.reopen(cleo)
    await cleo.replica.receive(operation)
    expect(await itemsOf(cleo)).toEqual(["under the new key"])
  })

  it("[P9c] the order inside a feed does not matter: a bundle that comes before its predecessors counts as much", async () => {
    const { anna, ben, cleo } = await plainTrio()
    for (const text of ["1", "2", "3", "4", "5"]) await writeItem(ben, text)
    const news = await newsFor(ben, anna)
    await anna.replica.receive([...news].reverse())
    for (const bytes of [news[4], news[0], news[2], news[1], news[3]])
      if (bytes) await cleo.replica.receive([bytes])
    expect(await itemsOf(anna)).toEqual(["1", "2", "3", "4", "5"])
    expect(await itemsOf(cleo)).toEqual(["1", "2", "3", "4", "5"])
  })

  it("[P9d] replay and doubles change nothing", async () => {
    const { anna, ben } = await plainTrio()
    await writeItem(ben, "once")
    const news = await newsFor(ben, anna)
    await anna.replica.receive([...news, ...news])
    const again = await anna.replica.receive(news)
    expect([again.added.length, again.duplicates]).toEqual([0, news.length])
    expect(await itemsOf(anna)).toEqual(["once"])
  })

  it("[P11] a crash anywhere between storing and judging is made good by the next start", async () => {
    const { world, anna, ben } = await plainTrio()
    await writeItem(ben, "stored")
    const news = await newsFor(ben, anna)
    // On the disk, and nothing else happened.
    const reached = createMemoryArchive()
    await ben.replica.flush()
    const bundles = (await ben.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
    await reached.append(bundles)
    await anna.archive.append(bundles.filter(({ bundle }) => news.includes(bundle.bytes)))
    expect(await itemsOf(anna)).toEqual([])
    await world.reopen(anna)
    expect(await itemsOf(anna)).toEqual(["stored"])
    expect(await bundlesOf(anna)).toHaveLength(bundles.length)
  })
})

describe("going back behind what one has acknowledged", () => {
  it("[P51] a demoted member whose bundles go back behind the demotion is judged by it all the same, in any order", async () => {
    const { world, anna, ben, cleo } = await plainTrio(7)
    const before = ben.replica.session.log.heads()
    const member = anna.replica.session.state().devices.get(ben.identity.id)?.member
    if (member === undefined) throw new Error("Ben")
    const forger = await createForger(world, ben)
    const key = noteKey(ben)
    const good = await forger.seal(key, { changes: [forger.edit(key, "good")], groupHeads: before })
    await anna.replica.receive([good.bytes])
    expect((await anna.replica.act(author => author.setRole(member, "guest"))).ok).toBe(true)
    for (const other of [ben, cleo]) await world.sync(anna, other)
    // He says himself that he has heard of it, and then that he has not. (The feed is inside the cut only up to "good".)
    const heard = await forger.seal(key, { changes: [], groupHeads: ben.replica.session.log.heads() })
    const other = noteKey(ben, "0f".repeat(16))
    const back = await forger.seal(other, { changes: [forger.edit(other, "back")], groupHeads: before })
    const orders = [
      [good, heard, back],
      [back, heard, good],
      [back, good, heard],
      [heard, back, good],
    ]
    for (const order of orders) {
      const fresh = await world.join(anna, "Reader", "user")
      await world.sync(anna, fresh)
      for (const { bytes } of order) await fresh.replica.receive([bytes])
      expect(await itemsOf(fresh, "0f".repeat(16))).toEqual([])
      expect(await itemsOf(fresh)).toEqual(["good"])
    }
  })

  it("[P51] so is a branch of a fork, whether its trunk came in the same message, before or after it", async () => {
    const { world, anna, ben, cleo } = await plainTrio(45)
    const before = ben.replica.session.log.heads()
    const eve = await world.join(anna, "Eve", "user")
    for (const other of [ben, cleo, eve]) await world.sync(anna, other)
    const after = ben.replica.session.log.heads()
    const forger = await createForger(world, ben)
    const key = noteKey(ben)
    const seal = (text: string, groupHeads: readonly OperationId[], seq: number, prev: string) =>
      forger.seal(key, {
        changes: [forger.edit(key, text)],
        groupHeads,
        seq,
        prev: Uint8Array.from(Buffer.from(prev, "hex")),
      })
    const first = await seal("1", after, 1, "00".repeat(32))
    const back = await seal("2", before, 2, first.hash)
    const other = await seal("2, the other", after, 2, first.hash)
    const branches = [await seal("3", before, 3, back.hash), await seal("3, once more", before, 3, back.hash)]
    const ways = [
      [[first, back, other, ...branches]],
      [[first, back, other], branches],
      [[first], branches, [other, back]],
    ]
    for (const [i, device] of [anna, cleo, eve].entries()) {
      for (const message of ways[i] ?? []) await device.replica.receive(message.map(({ bytes }) => bytes))
      const index = await device.replica.index(key)
      for (const { hash } of branches)
        expect([i, index.record(hash)?.heads]).toEqual([i, [...before, ...after].sort()])
    }
  })

  it("[P51] heads never regress along a feed: a bundle is judged by its ancestors' heads too, after a restart as well", async () => {
    const { world, anna, ben } = await plainTrio(8)
    // No cut is in the way here: a policy that Ben has acknowledged, and goes back behind.
    const forger = await createForger(world, ben)
    const member = anna.replica.session.state().devices.get(ben.identity.id)?.member
    if (member === undefined) throw new Error("Ben")
    const before = ben.replica.session.log.heads()
    await anna.replica.act(author => author.setRole(member, "guest"))
    await world.sync(anna, ben)
    const demoted = ben.replica.session.log.heads()
    await anna.replica.act(author => author.setRole(member, "editor"))
    await world.sync(anna, ben)
    const key = noteKey(ben)
    const heard = await forger.seal(key, { changes: [], groupHeads: demoted })
    const back = await forger.seal(key, { changes: [forger.edit(key, "back")], groupHeads: before })
    const again = await forger.seal(key, {
      changes: [forger.edit(key, "again", { base: [] })],
      groupHeads: ben.replica.session.log.heads(),
      slot: 0,
    })
    const seen: unknown[] = []
    for (const order of [
      [heard, back],
      [back, heard],
    ]) {
      const fresh = await world.join(anna, "Reader", "user")
      await world.sync(anna, fresh)
      for (const { bytes } of order) {
        await fresh.replica.receive([bytes])
        await world.reopen(fresh)
      }
      const index = await fresh.replica.index(noteKey(fresh))
      seen.push([...index.records()].find(record => record.hash === back.hash)?.heads)
      expect(await itemsOf(fresh)).toEqual([])
    }
    expect(seen[0]).toEqual(seen[1])
    expect(seen[0]).toContain(demoted[0])
    expect(again.hash).not.toBe(back.hash)
  })
})
