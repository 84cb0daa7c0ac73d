import "@automerge/automerge"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { FeedId } from "../base/index.js"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, testNote, writeItem } from "../testing/notes-of.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { type TestDevice, createTestFamily } from "../testing/test-family.js"
import { encodeHave } from "../wire/index.js"
import { manifestsThatCount, readFloors } from "./manifests.js"
import { createReceiptStore } from "./receipt-store.js"
import { type Floor, encodeManifest } from "./snapshot.js"

const otherNote = "ffeeddccbbaa99887766554433221100"

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest())

/** Ben writes, an admin and the box may make snapshots, Cleo hears of it all. */
const family = async () => {
  const world = createTestFamily({
    seed: 31,
    sealer: random => createPlainSealer({ sha256, randomBytes: n => random.bytes(n) }),
  })
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  const carl = await world.join(anna, "Carl", "admin")
  const cleo = await world.join(anna, "Cleo", "editor")
  await writeItem(ben, "first")
  for (const other of [ben, anna, carl, cleo]) await world.sync(anna, other)
  const [feed] = await ben.replica.feedsOf(ben.identity.id, ben.replica.everyone())
  if (feed === undefined) throw new Error("Ben's feed")
  const certificates = (await cleo.store.list(["certificate"])).map(({ value }) => value)
  const forger = await createForger(world, carl)
  /** A manifest by Carl that claims so many of Ben's bundles. */
  const claim = (seq: number) => {
    const floors: readonly Floor[] = [{ feed, seq, hash: "11".repeat(32) as Floor["hash"] }]
    const payload = encodeManifest({ floors, snapshots: [], certificates })
    return forger.seal(noteKey(carl), { kind: "manifest", document: undefined, payload })
  }
  const seqOf = async ({ store, replica }: TestDevice, of: FeedId): Promise<number | undefined> => {
    const { session, device } = replica
    return (await readFloors({ store, session, clock: world.clock, device })).get(of)?.seq
  }
  return { world, anna, ben, carl, cleo, feed, claim, seqOf }
}

describe("what manifests stand for", () => {
  it("[P105] ends when their signer may make them no more, and another's goes on", async () => {
    const { world, anna, carl, cleo, feed, claim, seqOf } = await family()
    const box = await world.join(anna, "Box", "box")
    await world.sync(anna, box)
    await world.sync(anna, cleo)
    await cleo.replica.receive([(await claim(7)).bytes])
    expect(await seqOf(cleo, feed)).toBe(7)
    await box.replica.snapshot(box.replica.everyone())
    for (const device of [anna, cleo]) await world.sync(device, box)
    expect(await seqOf(cleo, feed)).toBe(7)
    const member = anna.replica.session.state().devices.get(carl.identity.id)?.member
    if (member === undefined) throw new Error("Carl")
    await anna.replica.act(author => author.setRole(member, "editor"))
    await world.sync(anna, cleo)
    const counting = await manifestsThatCount(cleo.store, cleo.replica.session)
    expect(counting.map(({ device }) => device)).toEqual([box.identity.id])
    expect(await seqOf(cleo, feed)).not.toBe(7)
  })

  it("[P109] is opened by who comes after several of them, when the feed's first bundle is in none any more", async () => {
    const { world, anna } = await family()
    const box = await world.join(anna, "Box", "box")
    for (const part of ["a", "b"]) {
      for (let i = 0; i < 40; i++) await writeItem(anna, `${part}${i}`, i % 2 === 0 ? testNote : otherNote)
      await world.sync(anna, box)
      await box.replica.snapshot(box.replica.everyone())
    }
    const dora = await world.join(anna, "Dora", "editor")
    await world.sync(anna, box)
    const { first } = await box.replica.offer(await dora.replica.have(dora.replica.session.keyring.tags()))
    const parked: number[] = []
    for (const hash of first) {
      const bundle = await box.archive.get(hash)
      if (bundle !== undefined) parked.push((await dora.replica.receive([bundle.bytes])).parked)
    }
    // The manifest waits for its snapshots, of which none waits for what comes behind it.
    expect(parked).toEqual([1, 0, 0])
    await world.sync(dora, box)
    for (const note of [testNote, otherNote]) {
      expect(await itemsOf(dora, note)).toEqual(await itemsOf(anna, note))
    }
  })

  it("[P106] is what the later one says, whichever comes first", async () => {
    const { cleo, feed, claim, seqOf } = await family()
    const [older, newer] = [await claim(3), await claim(5)]
    await cleo.replica.receive([newer.bytes])
    await cleo.replica.receive([older.bytes])
    expect(await seqOf(cleo, feed)).toBe(5)
    const { cleo: dan, feed: his, claim: claimAgain } = await family()
    const both = [await claimAgain(3), await claimAgain(5)]
    await dan.replica.receive(both.toReversed().map(({ bytes }) => bytes))
    expect(await seqOf(dan, his)).toBe(5)
  })

  it("[P107] is never more than a feed's author says he has: what he writes next is not kept away", async () => {
    const { world, anna, ben, cleo, feed, claim, seqOf } = await family()
    expect((await cleo.replica.receive([(await claim(1_000)).bytes])).refused).toEqual({})
    expect(await seqOf(cleo, feed)).toBe(1_000)
    const said = await ben.replica.have([])
    const [device, circle] = [ben.identity.id, ben.replica.everyone()]
    const receipts = createReceiptStore(cleo.store, world.clock)
    const atMs = world.clock.now()
    expect(await receipts.take({ device, circle, kind: "receipt", atMs, payload: encodeHave(said) })).toBe(
      true,
    )
    expect(await seqOf(cleo, feed)).toBe(1)
    await writeItem(ben, "second")
    await world.sync(ben, anna)
    await world.sync(cleo, anna)
    expect(await itemsOf(cleo)).toEqual(["first", "second"])
  })
})
