import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { FeedId } from "../base/index.js"
import { type Archive, type FeedPosition, type StoredBundle, positionIslands } from "../replica/archive.js"
import { testBundle, testFeed } from "./test-bundle.js"

/** One empty disk: `open` may be called again after the archive was closed. */
export interface ArchiveDisk {
  open(): Promise<Archive>
  teardown?(): Promise<void>
}

const feedA = testFeed(1)
const feedB = testFeed(2)
const inA = (...seqs: readonly number[]): StoredBundle[] => seqs.map(seq => testBundle({ feed: feedA, seq }))
const hashesOf = (bundles: readonly StoredBundle[]): readonly string[] => bundles.map(entry => entry.hash)
const bySeqAndHash = (a: StoredBundle, b: StoredBundle): number =>
  a.bundle.seq - b.bundle.seq || (a.hash < b.hash ? -1 : 1)

/** A feed's position told in the plainest way: look at all bundles each time. */
const positionPlainly = (
  feed: FeedId,
  here: readonly StoredBundle[],
  tags: ReadonlySet<string>,
): FeedPosition | undefined => {
  if (here.length === 0) return undefined
  const seqs = [...new Set(here.map(entry => entry.bundle.seq))].sort((a, b) => a - b)
  let contiguousSeq = 0
  while (seqs.includes(contiguousSeq + 1)) contiguousSeq++
  const islands: [number, number][] = []
  for (const seq of seqs.filter(other => other > contiguousSeq)) {
    const last = islands.at(-1)
    if (last !== undefined && last[1] === seq - 1) last[1] = seq
    else islands.push([seq, seq])
  }
  const hash = [...here].sort(bySeqAndHash).find(entry => entry.bundle.seq === contiguousSeq)?.hash
  return { feed, contiguousSeq, hash, islands, tags: [...tags].sort() }
}

/** Every adapter of the port `Archive` runs this. */
export const runArchiveContract = (name: string, createDisk: () => Promise<ArchiveDisk>): void => {
  describe(`archive contract: ${name}`, () => {
    let disk: ArchiveDisk
    let archive: Archive
    beforeEach(async () => {
      disk = await createDisk()
      archive = await disk.open()
    })
    afterEach(async () => {
      await archive.close()
      await disk.teardown?.()
    })

    it("is empty at first, and knows nothing", async () => {
      const [unknown] = inA(1)
      expect(await archive.count()).toEqual({ bundles: 0, bytes: 0 })
      expect(await archive.positions()).toEqual([])
      expect(await archive.position(feedA)).toBeUndefined()
      expect(await archive.read(feedA, 1, 1000)).toEqual([])
      expect(await archive.readSince(0, 1000)).toEqual({ bundles: [], next: 0 })
      expect(unknown && (await archive.has(unknown.hash))).toBe(false)
      expect(unknown && (await archive.get(unknown.hash))).toBeUndefined()
    })

    it("[S30] names the places at which several variants were seen, and only those", async () => {
      const [one, two] = [testBundle({ feed: feedA, seq: 1 }), testBundle({ feed: feedA, seq: 2 })]
      await archive.append([one, two, testBundle({ feed: feedB, seq: 1 })])
      expect(await archive.forks()).toEqual([])
      await archive.append([testBundle({ feed: feedA, seq: 2, variant: 1 }), two])
      expect(await archive.forks()).toEqual([{ feed: feedA, seq: 2 }])
    })

    it("[S12] append gives back what was new, and a double changes nothing", async () => {
      const [one, two] = inA(1, 2)
      if (one === undefined || two === undefined) throw new Error("two bundles")
      expect(hashesOf(await archive.append([one, one]))).toEqual([one.hash])
      expect(hashesOf(await archive.append([two, one]))).toEqual([two.hash])
      expect(await archive.append([one, two])).toEqual([])
      expect((await archive.count()).bundles).toBe(2)
      expect(await archive.has(one.hash)).toBe(true)
      expect(await archive.get(one.hash)).toStrictEqual(one.bundle)
      expect((await archive.readSince(0, 10_000)).bundles).toStrictEqual([one, two])
    })

    it("[S12] the same bundle appended twice at once is new once", async () => {
      const bundles = inA(1, 2, 3)
      const news = await Promise.all([
        archive.append(bundles),
        archive.appendSoon(bundles),
        archive.append(bundles),
      ])
      expect(news.map(some => some.length)).toEqual([3, 0, 0])
      expect((await archive.count()).bundles).toBe(3)
    })

    it("[S12] what is appended soon is read at once, and is there after a later append and a reopening", async () => {
      const [one, two, three] = inA(1, 2, 3)
      if (one === undefined || two === undefined || three === undefined) throw new Error("three bundles")
      expect(hashesOf(await archive.appendSoon([one, two]))).toEqual([one.hash, two.hash])
      expect((await archive.readSince(0, 10_000)).bundles).toStrictEqual([one, two])
      expect(hashesOf(await archive.append([two, three]))).toEqual([three.hash])
      await archive.close()
      archive = await disk.open()
      expect((await archive.readSince(0, 10_000)).bundles).toStrictEqual([one, two, three])
    })

    it("[S13] keeps every variant of one number; the position names the smallest hash", async () => {
      const variants = [0, 1, 2].map(variant => testBundle({ feed: feedA, seq: 1, variant }))
      for (const variant of variants) await archive.append([variant])
      const sorted = [...variants].sort(bySeqAndHash)
      expect(await archive.read(feedA, 1, 10_000)).toStrictEqual(sorted)
      expect((await archive.position(feedA))?.hash).toBe(sorted[0]?.hash)
      expect((await archive.position(feedA))?.contiguousSeq).toBe(1)
    })

    it("[S14] a hole is an island's edge until it is filled", async () => {
      await archive.append(inA(1, 2, 4, 6, 7, 9))
      expect(await archive.position(feedA)).toMatchObject({
        contiguousSeq: 2,
        islands: [
          [4, 4],
          [6, 7],
          [9, 9],
        ],
      })
      await archive.append(inA(8))
      expect(await archive.position(feedA)).toMatchObject({
        contiguousSeq: 2,
        islands: [
          [4, 4],
          [6, 9],
        ],
      })
      await archive.append(inA(3))
      expect(await archive.position(feedA)).toMatchObject({ contiguousSeq: 4, islands: [[6, 9]] })
      await archive.append(inA(5))
      expect(await archive.position(feedA)).toMatchObject({
        contiguousSeq: 9,
        islands: [],
        hash: inA(9)[0]?.hash,
      })
    })

    it("[S14] positions are a function of the bundles here, in any order, with doubles, variants and removals", async () => {
      const seen = { islands: 0, joined: 0, variants: 0, doubles: 0, removed: 0 }
      let run = 0
      const shape = fc.record({
        feed: fc.integer({ min: 0, max: 1 }),
        seq: fc.integer({ min: 1, max: 9 }),
        variant: fc.integer({ min: 0, max: 2 }),
      })
      const step = fc.record({
        remove: fc.integer({ min: 0, max: 4 }).map(n => n === 0),
        shapes: fc.array(shape, { minLength: 3, maxLength: 8 }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async steps => {
          run++
          const here = new Map<string, StoredBundle>()
          const tags = new Map<FeedId, Set<string>>()
          for (const { remove, shapes } of steps) {
            const bundles = shapes.map(one =>
              testBundle({
                feed: testFeed(100 + 2 * run + one.feed),
                seq: one.seq,
                variant: one.variant,
                tag: `0${one.variant}02030405060708`,
              }),
            )
            if (remove) {
              seen.removed += bundles.filter(entry => here.delete(entry.hash)).length
              await archive.remove(bundles.map(entry => entry.hash))
            } else {
              const fresh = bundles.filter(
                (entry, i) =>
                  !here.has(entry.hash) && bundles.findIndex(other => other.hash === entry.hash) === i,
              )
              seen.doubles += bundles.length - fresh.length
              expect(hashesOf(await archive.append(bundles))).toEqual(hashesOf(fresh))
              for (const entry of fresh) {
                here.set(entry.hash, entry)
                tags.set(
                  entry.bundle.feed,
                  (tags.get(entry.bundle.feed) ?? new Set()).add(entry.bundle.epochTag),
                )
              }
            }
            for (const feed of [testFeed(100 + 2 * run), testFeed(101 + 2 * run)]) {
              const ofFeed = [...here.values()].filter(entry => entry.bundle.feed === feed)
              if (ofFeed.length === 0) tags.delete(feed)
              const expected = positionPlainly(feed, ofFeed, tags.get(feed) ?? new Set())
              const position = await archive.position(feed)
              expect(position).toEqual(expected)
              expect((await archive.positions()).find(other => other.feed === feed)).toEqual(expected)
              expect(hashesOf(await archive.read(feed, 1, 1_000_000))).toEqual(
                hashesOf(ofFeed.sort(bySeqAndHash)),
              )
              seen.islands += position?.islands.length ?? 0
              if (position !== undefined && position.contiguousSeq > 2) seen.joined++
              if (new Set(ofFeed.map(entry => entry.bundle.seq)).size < ofFeed.length) seen.variants++
            }
          }
          expect(await archive.count()).toMatchObject({ bundles: here.size })
          await archive.remove([...here.values()].map(entry => entry.hash))
          expect(await archive.count()).toEqual({ bundles: 0, bytes: 0 })
        }),
        { numRuns: 60, seed: 11 },
      )
      expect(Math.min(...Object.values(seen))).toBeGreaterThan(20)
    })

    it("[S14] names the lowest islands only, and still knows the others", async () => {
      const odd = Array.from({ length: positionIslands + 3 }, (_, i) => 2 * i + 3)
      await archive.append(inA(...odd))
      const position = await archive.position(feedA)
      expect(position?.islands).toEqual(odd.slice(0, positionIslands).map(seq => [seq, seq]))
      expect((await archive.positions())[0]).toEqual(position)
      await archive.append(inA(...odd.map(seq => seq - 1), 1))
      expect(await archive.position(feedA)).toMatchObject({ contiguousSeq: odd.at(-1), islands: [] })
    })

    it("[S14] counts beyond 2^32", async () => {
      const high = 2 ** 40
      await archive.append(inA(high, high + 1, Number.MAX_SAFE_INTEGER))
      expect((await archive.position(feedA))?.islands).toEqual([
        [high, high + 1],
        [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      ])
      expect(hashesOf(await archive.read(feedA, high + 1, 100_000))).toEqual(
        hashesOf(inA(high + 1, Number.MAX_SAFE_INTEGER)),
      )
    })

    it("[S15] reads pages by bytes, at least one bundle each, in order of number", async () => {
      const bundles = [3, 1, 2, 4].map(seq => testBundle({ feed: feedA, seq, sizeBytes: 1000 }))
      await archive.append(bundles)
      await archive.append([testBundle({ feed: feedB, seq: 1 })])
      const seqsFrom = async (fromSeq: number, limitBytes: number): Promise<readonly number[]> =>
        (await archive.read(feedA, fromSeq, limitBytes)).map(entry => entry.bundle.seq)
      expect(await seqsFrom(1, 2000)).toEqual([1, 2])
      expect(await seqsFrom(3, 1999)).toEqual([3])
      expect(await seqsFrom(2, 1)).toEqual([2])
      expect(await seqsFrom(5, 1000)).toEqual([])
    })

    it("[S15] a page ends between numbers, and behind a flood of variants the hash leads on", async () => {
      const flood = Array.from({ length: 5 }, (_, variant) =>
        testBundle({ feed: feedA, seq: 2, variant, sizeBytes: 1000 }),
      )
      const all = [testBundle({ feed: feedA, seq: 1, sizeBytes: 1000 }), ...flood].sort(bySeqAndHash)
      await archive.append(all)
      expect((await archive.read(feedA, 1, 3000)).map(entry => entry.bundle.seq)).toEqual([1])
      const read: StoredBundle[] = []
      for (;;) {
        const last = read.at(-1)
        const page = await archive.read(feedA, last?.bundle.seq ?? 1, 2000, last?.hash)
        if (page.length === 0) break
        expect(page.length).toBeLessThanOrEqual(2)
        read.push(...page)
      }
      expect(hashesOf(read)).toEqual(hashesOf(all))
    })

    it("[S16] pages through everything, and through one epoch tag, in the order of arrival", async () => {
      const tag = "aaaaaaaaaaaaaaaa"
      const bundles = [5, 2, 9, 1].map((seq, i) =>
        testBundle({ feed: i % 2 === 0 ? feedA : feedB, seq, sizeBytes: 500, ...(i > 0 && { tag }) }),
      )
      await archive.append(bundles)
      const page = await archive.readSince(0, 1000)
      expect(hashesOf(page.bundles)).toEqual(hashesOf(bundles.slice(0, 2)))
      const rest = await archive.readSince(page.next, 5000)
      expect(hashesOf(rest.bundles)).toEqual(hashesOf(bundles.slice(2)))
      expect(await archive.readSince(rest.next, 5000)).toEqual({ bundles: [], next: rest.next })
      const parked = await archive.byTag(tag, 0, 1000)
      expect(hashesOf(parked.bundles)).toEqual(hashesOf(bundles.slice(1, 3)))
      expect(hashesOf((await archive.byTag(tag, parked.next, 1)).bundles)).toEqual(hashesOf(bundles.slice(3)))
      expect((await archive.byTag("bbbbbbbbbbbbbbbb", 0, 1000)).bundles).toEqual([])
    })

    it("[S16] a place in the order of arrival is never used again", async () => {
      await archive.append(inA(1, 2))
      const { next } = await archive.readSince(0, 10_000)
      await archive.remove(hashesOf(inA(1, 2)) as StoredBundle["hash"][])
      await archive.append(inA(3))
      const page = await archive.readSince(next, 10_000)
      expect(hashesOf(page.bundles)).toEqual(hashesOf(inA(3)))
      expect(page.next).toBeGreaterThan(next)
    })

    it("[S17] a removed bundle is gone, may come again, and unknown hashes are passed over", async () => {
      await archive.append(inA(1, 2, 3))
      const [gone] = inA(2)
      if (gone === undefined) throw new Error("one bundle")
      await archive.remove([gone.hash, gone.hash, ...inA(77).map(entry => entry.hash)])
      expect(await archive.has(gone.hash)).toBe(false)
      expect(await archive.position(feedA)).toMatchObject({ contiguousSeq: 1, islands: [[3, 3]] })
      expect(hashesOf(await archive.append([gone]))).toEqual([gone.hash])
      expect(await archive.position(feedA)).toMatchObject({ contiguousSeq: 3, islands: [] })
    })

    it("[S4] what a resolved append took in is there after reopening, under the same identity", async () => {
      await archive.append(inA(1, 2, 4))
      const before = [
        await archive.positions(),
        await archive.count(),
        await archive.readSince(0, 10_000),
        archive.identity,
      ]
      expect(archive.identity).toHaveLength(16)
      await archive.close()
      archive = await disk.open()
      expect([
        await archive.positions(),
        await archive.count(),
        await archive.readSince(0, 10_000),
        archive.identity,
      ]).toStrictEqual(before)
    })
  })
}
