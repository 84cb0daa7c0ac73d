import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createMemoryArchive } from "../testing/memory-archive.js"
import { createChannelPair } from "../testing/memory-channel.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { plainFamily } from "../testing/on-node/plain-family.js"
import { testBundle, testFeed } from "../testing/test-bundle.js"
import { encodePeerMessage, limits, parsePeerMessage } from "../wire/index.js"
import { countForkOffers, haveOf, headOf, missingFor, positionsOf, readStretches } from "./catch-up.js"
import { pagesOf } from "./have-pages.js"
import { createLinkSession } from "./link-session.js"

describe("a Have in pages", () => {
  it("[P20a] however the pages are cut, each missing bundle is given once, for the page that tells of its feed", async () => {
    let cuts = 0
    const place = fc.record({
      feed: fc.integer({ min: 1, max: 8 }),
      seq: fc.integer({ min: 1, max: 4 }),
      at: fc.integer({ min: 0, max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(place, { maxLength: 30 }),
        fc.integer({ min: 1, max: 600 }),
        async (places, limitBytes) => {
          const [mine, theirs] = [createMemoryArchive(), createMemoryArchive()]
          for (const { feed, seq, at } of places) {
            const stored = testBundle({ feed: testFeed(feed), seq })
            if (at !== 1) await mine.append([stored])
            if (at !== 0) await theirs.append([stored])
          }
          const pages = pagesOf(
            headOf(theirs, { isKeeper: true, tags: [] }),
            await positionsOf(theirs, {}),
            limitBytes,
          )
          cuts += pages.length - 1
          const given: string[] = []
          for (const page of pages) {
            for await (const message of readStretches(mine, await missingFor(mine, page, undefined))) {
              for (const bytes of message) given.push(Buffer.from(bytes).toString("hex"))
            }
          }
          const had = new Set((await theirs.readSince(0, 1 << 30)).bundles.map(({ hash }) => hash))
          const missing = (await mine.readSince(0, 1 << 30)).bundles
            .filter(({ hash }) => !had.has(hash))
            .map(({ bundle }) => Buffer.from(bundle.bytes).toString("hex"))
          expect(given.sort()).toEqual(missing.sort())
        },
      ),
      { seed: 1, numRuns: 80 },
    )
    expect(cuts).toBeGreaterThan(40)
  })

  it("[P20a] more feeds than a page tells of do not keep a family from catching up", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    const flood = Array.from({ length: limits.haveFeeds + 100 }, (_, i) =>
      testBundle({ feed: testFeed(i * 100_003), seq: 1 }),
    )
    for (const device of [anna, ben]) await device.archive.append(flood)
    await writeItem(anna, "from Anna")
    await writeItem(ben, "from Ben")
    const [annasEnd, bensEnd] = createChannelPair()
    let haves = 0
    const counted = {
      ...annasEnd,
      send: (bytes: Uint8Array) => {
        if (parsePeerMessage(bytes)?.type === "Have") haves += 1
        annasEnd.send(bytes)
      },
    }
    const options = { isKeeper: false, isAuthorised: () => true }
    const sessions = [
      createLinkSession(anna.replica, counted, { name: "link ben", ...options }),
      createLinkSession(ben.replica, bensEnd, { name: "link anna", ...options }),
    ]
    expect(await Promise.all(sessions.map(session => session.settle()))).toEqual([true, true])
    for (const session of sessions) session.close()
    expect(await itemsOf(anna)).toEqual(["from Anna", "from Ben"])
    expect(await itemsOf(ben)).toEqual(["from Anna", "from Ben"])
    expect(haves).toBeGreaterThan(1)
  })

  it("[P20b] a place at which variants were seen is offered to one peer a few times, not at each of its Haves", async () => {
    const [mine, theirs] = [createMemoryArchive(), createMemoryArchive()]
    for (const variant of [0, 1]) await mine.append([testBundle({ feed: testFeed(1), seq: 1, variant })])
    await mine.append([testBundle({ feed: testFeed(2), seq: 1, variant: 0 })])
    await theirs.append([testBundle({ feed: testFeed(1), seq: 1, variant: 1 })])
    await theirs.append([testBundle({ feed: testFeed(2), seq: 1, variant: 1 })])
    const have = await haveOf(theirs, { isKeeper: true, tags: [] })
    const offers = new Map<string, number>()
    const offered: number[] = []
    // Looking is not giving: what was never given is offered for ever.
    for (let i = 0; i < 5; i++) expect(await missingFor(mine, have, undefined, offers)).toHaveLength(2)
    for (let i = 0; i < 5; i++) {
      const given = await missingFor(mine, have, undefined, offers)
      countForkOffers(offers, given)
      offered.push(given.length)
    }
    expect(offered).toEqual([2, 2, 2, 0, 0])
    // Another peer knows nothing of it.
    expect(await missingFor(mine, have, undefined, new Map())).toHaveLength(2)
  })

  it("[P20c] more keys than a Have may name: the newest are named, and the log's", async () => {
    const tags = Array.from({ length: limits.epochTags + 7 }, (_, n) => n.toString(16).padStart(16, "0"))
    const have = await haveOf(createMemoryArchive(), { isKeeper: false, tags })
    const parsed = parsePeerMessage(encodePeerMessage({ type: "Have", have }))
    if (parsed?.type !== "Have" || parsed.have.wants.type !== "Tags") throw new Error("it is not understood")
    const asked = new Set(parsed.have.wants.tags)
    expect(asked.size).toBe(limits.epochTags)
    for (const tag of [...tags.slice(0, 2), ...tags.slice(-10)]) expect(asked.has(tag)).toBe(true)
  })
})
