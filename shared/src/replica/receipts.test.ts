import { describe, expect, it } from "vitest"
import type { CircleId, DeviceId, FeedId } from "../base/index.js"
import { createTestClock } from "../testing/clock.js"
import { createMemoryStore } from "../testing/memory-store.js"
import { plainFamily } from "../testing/on-node/plain-family.js"
import { testBundle, testFeed } from "../testing/test-bundle.js"
import { type HavePosition, encodeHave, limits } from "../wire/index.js"
import { type HaveHead, pagesOf } from "./have-pages.js"
import { createReceiptStore } from "./receipt-store.js"
import { createReceipts } from "./receipts.js"
import type { Signal } from "./signals.js"

const device = "0a".repeat(16) as DeviceId
const circle = "0b".repeat(16) as CircleId
const head: HaveHead = { archive: "00".repeat(16), isKeeper: false, wants: { type: "Everything" } }
const upTo = (numbers: readonly number[], seq: number): readonly HavePosition[] =>
  numbers.map(number => ({
    feed: testFeed(number),
    contiguousSeq: seq,
    hash: testBundle({ feed: testFeed(number), seq }).hash,
    islands: [],
  }))
const saidAt = (atMs: number, positions: readonly HavePosition[], pageBytes = 1 << 20): readonly Signal[] =>
  pagesOf(head, positions, pageBytes).map(have => ({
    device,
    circle,
    kind: "receipt",
    atMs,
    payload: encodeHave(have),
  }))
const opened = () => {
  const clock = createTestClock()
  const kept = createReceiptStore(createMemoryStore(), clock)
  return {
    now: clock.now(),
    kept,
    take: async (signals: readonly Signal[]): Promise<readonly boolean[]> => {
      const taken: boolean[] = []
      for (const signal of signals) taken.push(await kept.take(signal))
      return taken
    },
    seqs: async (): Promise<Record<FeedId, number>> =>
      Object.fromEntries(
        ((await kept.of(device, circle))?.have.positions ?? []).map(({ feed, contiguousSeq }) => [
          feed,
          contiguousSeq,
        ]),
      ),
  }
}
const all = (numbers: readonly number[], seq: number) =>
  Object.fromEntries(numbers.map(number => [testFeed(number), seq]))

describe("receipts", () => {
  it("[P75] pages of one receipt stand side by side, in whatever order they come, and where their borders move the later counts", async () => {
    const { now, take, seqs } = opened()
    const feeds = [1, 2, 3, 4, 5, 6, 7]
    const first = saidAt(now - 10, upTo(feeds, 1), 160)
    expect(first.length).toBeGreaterThan(2)
    expect(await take([...first].reverse())).toEqual(first.map(() => true))
    expect(await seqs()).toEqual(all(feeds, 1))
    const second = saidAt(now - 5, upTo(feeds, 2), 240)
    expect(second.length).not.toBe(first.length)
    expect(await take(second)).toEqual(second.map(() => true))
    expect(await seqs()).toEqual(all(feeds, 2))
    expect(await take(first)).toEqual(first.map(() => false))
    expect(await take(second)).toEqual(second.map(() => false))
    // A feed that is not named in its page's range is not there.
    await take(saidAt(now - 4, upTo([1, 7], 2)))
    expect(await seqs()).toEqual(all([1, 7], 2))
  })

  it("[P75] a device that says more pages than are kept fills nothing", async () => {
    const { now, take, seqs } = opened()
    const feeds = Array.from({ length: 200 }, (_, i) => i + 1)
    await take(saidAt(now, upTo(feeds, 1), 1))
    expect(Object.keys(await seqs()).length).toBeLessThanOrEqual(64)
  })

  it("[P75] a receipt of more feeds than a signal holds is said in pages that do fit, and is understood", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const { tag } = anna.replica.session.keyring.log
    const numbers = Array.from({ length: 8_000 }, (_, i) => i * 100_003)
    await anna.archive.append(numbers.map(number => testBundle({ feed: testFeed(number), seq: 1, tag })))
    const { store, isKeeper, replica } = anna
    const receipts = createReceipts({ store, replica, clock: world.clock, isKeeper })
    const pages = await receipts.make(replica.everyone())
    expect(pages.length).toBeGreaterThan(1)
    const kept = createReceiptStore(createMemoryStore(), world.clock)
    for (const page of pages) {
      const payload = encodeHave(page)
      expect(payload.length).toBeLessThan(limits.signalBytes - 1_024)
      expect(await kept.take({ device, circle, kind: "receipt", atMs: 1, payload })).toBe(true)
    }
    const told = new Set((await kept.of(device, circle))?.have.positions.map(({ feed }) => feed))
    expect(numbers.every(number => told.has(testFeed(number)))).toBe(true)
  })

  it("[P75a] what a clock said that ran ahead counts until it is right again, and does not come back", async () => {
    const { now, take, seqs } = opened()
    const hourMs = 60 * 60 * 1000
    const ahead = saidAt(now + 24 * hourMs, upTo([1], 1))
    expect(await take(ahead)).toEqual([true])
    // Its clock is still wrong: it goes on counting.
    expect(await take(saidAt(now + 25 * hourMs, upTo([1], 2)))).toEqual([true])
    expect(await take(ahead)).toEqual([false])
    // The clock was set right.
    expect(await take(saidAt(now, upTo([1], 3)))).toEqual([true])
    expect(await seqs()).toEqual(all([1], 3))
    expect(await take(saidAt(now - 1, upTo([1], 2)))).toEqual([false])
    // A little ahead is how clocks are: the order of what they say still counts.
    expect(await take(saidAt(now + 60_000, upTo([1], 4)))).toEqual([true])
    expect(await take(saidAt(now + 1_000, upTo([1], 3)))).toEqual([false])
    expect(await seqs()).toEqual(all([1], 4))
  })

  it("[P75c] what a box keeps and cannot read is there once a link with it has settled, in the archive that it had", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const box = await world.join(anna, "Box", "box")
    await world.sync(anna, box)
    const receiptsOf = ({ store, replica, isKeeper }: typeof anna) =>
      createReceipts({ store, replica, clock: world.clock, isKeeper })
    const receipts = receiptsOf(anna)
    const missing = async () => (await receipts.peers()).find(({ isKeeper }) => isKeeper)?.missingThere
    /** The box's word on Everyone: of its archive, or of another one. */
    const say = async (archive?: string): Promise<void> => {
      world.clock.advance(1)
      for (const page of await receiptsOf(box).make(box.replica.everyone())) {
        const payload = encodeHave({ ...page, archive: archive ?? page.archive })
        const said = { device: box.identity.id, circle: box.replica.everyone(), kind: "receipt" } as const
        expect(await receipts.take({ ...said, atMs: world.clock.now(), payload })).toBe(true)
      }
    }
    await anna.replica.act(author => author.newCircle([]))
    const circle = [...anna.replica.session.state().circles.keys()].find(id => id !== anna.replica.everyone())
    const write = (text: string) =>
      anna.replica.change(
        anna.replica.keyFor("notes", "0a".repeat(16), circle),
        (draft: { checklist: Record<string, unknown> }) => {
          draft.checklist[text] = true
        },
      )
    await write("one")
    await say()
    expect(await missing()).toBeGreaterThan(0)
    const noteKept = await receipts.settling(box.identity.id)
    await write("while it settles")
    await world.sync(anna, box)
    await say()
    await noteKept()
    // Of what was written after the link began to settle nobody has promised anything.
    expect(await missing()).toBe(1)
    world.clock.advance(1)
    await (
      await receipts.settling(box.identity.id)
    )()
    expect(await missing()).toBe(0)
    await write("later")
    expect(await missing()).toBe(1)
    await say("99".repeat(16))
    expect(await missing()).toBeGreaterThan(1)
  })
})
