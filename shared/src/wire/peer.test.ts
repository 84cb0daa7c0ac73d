import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type BundleHash,
  ByteWriter,
  type ChunkId,
  type CircleId,
  type FeedId,
  areas,
  blobLimits,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import { limits } from "./limits.js"
import {
  type Have,
  type PeerMessage,
  encodeHave,
  encodePeerMessage,
  firstFeed,
  parseHave,
  parsePeerMessage,
} from "./peer.js"

const hex = <T extends string>(length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(raw => bytesToHex(raw) as T)
const seq = fc.integer({ min: 0, max: 2 ** 40 })
const islandsAbove = (contiguousSeq: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 })), { maxLength: 3 })
    .map(gaps => {
      let at = contiguousSeq + 1
      return gaps.map(([gap, length]) => {
        const from = at + gap
        at = from + length
        return [from, at] as const
      })
    })
const position = fc.tuple(hex<FeedId>(32), seq, hex<BundleHash>(32)).chain(([feed, contiguousSeq, hash]) =>
  islandsAbove(contiguousSeq).map(islands => ({
    feed,
    contiguousSeq,
    hash: contiguousSeq === 0 ? undefined : hash,
    islands,
  })),
)
const page = fc.record({
  from: fc.constant(firstFeed),
  before: fc.constantFrom(undefined, "ff".repeat(32) as FeedId),
})
const have: fc.Arbitrary<Have> = fc
  .record({
    archive: hex(16),
    isKeeper: fc.boolean(),
    wants: fc.oneof(
      fc.constant({ type: "Everything" as const }),
      fc.record({
        type: fc.constant("Tags" as const),
        tags: fc.array(hex(8), { maxLength: 4 }),
        originals: fc.boolean(),
      }),
    ),
    positions: fc
      .uniqueArray(position, { maxLength: 4, selector: ({ feed }) => feed })
      .map(all => all.sort((one, other) => (one.feed < other.feed ? -1 : 1))),
    page,
  })
  .map(({ page: told, ...rest }) => ({ ...rest, ...told }))
const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  have.map(value => ({ type: "Have" as const, have: value })),
  fc
    .array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 })
    .map(bundles => ({ type: "Bundles" as const, bundles })),
  fc.boolean().map(isAll => ({ type: "Sent" as const, isAll })),
  fc.uint8Array({ maxLength: 40 }).map(signal => ({ type: "Signal" as const, signal })),
  fc.constant({ type: "Introduce" as const }),
  fc.record({
    type: fc.constant("Offer" as const),
    place: fc.record({
      circle: hex<CircleId>(16),
      area: fc.constantFrom(...areas),
      name: fc.string({ maxLength: 9 }),
    }),
    chunks: fc.array(hex<ChunkId>(32), { maxLength: 4 }),
  }),
  fc.record({
    type: fc.constantFrom("Want" as const, "Kept" as const, "Lack" as const),
    chunks: fc.array(hex<ChunkId>(32), { maxLength: 4 }),
  }),
  fc.uint8Array({ maxLength: 40 }).map(bytes => ({ type: "Chunk" as const, bytes })),
  fc.record({
    type: fc.constant("Ask" as const),
    secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    chunks: fc.array(hex<ChunkId>(32), { maxLength: 4 }),
  }),
)

describe("what peers say", () => {
  it("[W50] is read back as it was written", () => {
    fc.assert(
      fc.property(message, given => {
        expect(parsePeerMessage(encodePeerMessage(given))).toEqual(given)
      }),
      { seed: 1, numRuns: 200 },
    )
    fc.assert(
      fc.property(have, given => {
        expect(parseHave(encodeHave(given))).toEqual(given)
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it("[W50] has its fields where the layout says", () => {
    const given: Have = {
      archive: "aa".repeat(16),
      isKeeper: true,
      wants: { type: "Tags", tags: ["bb".repeat(8)], originals: false },
      from: "c0".repeat(32) as FeedId,
      before: "ce".repeat(32) as FeedId,
      positions: [
        {
          feed: "cc".repeat(32) as FeedId,
          contiguousSeq: 2,
          hash: "dd".repeat(32) as BundleHash,
          islands: [[4, 5]],
        },
      ],
    }
    expect(bytesToHex(encodePeerMessage({ type: "Have", have: given }))).toBe(
      [
        "01",
        "aa".repeat(16),
        "01",
        "00",
        "0001",
        "bb".repeat(8),
        "c0".repeat(32),
        "01",
        "ce".repeat(32),
        "0001",
        "cc".repeat(32),
        "0000000000000002",
        "dd".repeat(32),
        "0001",
        "0000000000000004",
        "0000000000000005",
      ].join(""),
    )
    expect(bytesToHex(encodePeerMessage({ type: "Bundles", bundles: [Uint8Array.of(7)] }))).toBe(
      "0200010000000107",
    )
    expect(bytesToHex(encodePeerMessage({ type: "Sent", isAll: true }))).toBe("0301")
    expect(bytesToHex(encodePeerMessage({ type: "Signal", signal: Uint8Array.of(7) }))).toBe("040000000107")
    expect(bytesToHex(encodePeerMessage({ type: "Introduce" }))).toBe("05")
  })

  it("[W51] with a byte less or more, or of an unknown type, is none; no bytes make the parser throw", () => {
    fc.assert(
      fc.property(message, fc.nat(), (given, cut) => {
        const raw = encodePeerMessage(given)
        expect(parsePeerMessage(raw.subarray(0, cut % raw.length))).toBeUndefined()
        expect(parsePeerMessage(concatBytes(raw, Uint8Array.of(0)))).toBeUndefined()
      }),
      { seed: 3, numRuns: 100 },
    )
    expect(parsePeerMessage(Uint8Array.of(0))).toBeUndefined()
    expect(parsePeerMessage(Uint8Array.of(6))).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), raw => {
        parsePeerMessage(raw)
        parseHave(raw)
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  it("[W51] claims no more tags, feeds, islands or bundles than the limits, and allocates nothing for a claim", () => {
    const start = new ByteWriter().u8(1).bytes(new Uint8Array(16)).u8(0)
    const many = (count: number, bytes: number): Uint8Array =>
      new ByteWriter()
        .u16(count)
        .bytes(new Uint8Array(count * bytes))
        .done()
    const tags = (count: number): Uint8Array =>
      concatBytes(start.done(), Uint8Array.of(0), many(count, 8), new Uint8Array(32 + 1 + 2))
    expect(parsePeerMessage(tags(limits.epochTags))?.type).toBe("Have")
    expect(parsePeerMessage(tags(limits.epochTags + 1))).toBeUndefined()
    // A feed of which nothing is here: 32 bytes, seq 0, no islands.
    const feeds = (count: number): Uint8Array => {
      const writer = new ByteWriter().bytes(start.done()).u8(1).hex(firstFeed).u8(0).u16(count)
      for (let i = 0; i < count; i++) writer.u32(i).bytes(new Uint8Array(38))
      return writer.done()
    }
    expect(parsePeerMessage(feeds(limits.haveFeeds))?.type).toBe("Have")
    expect(parsePeerMessage(feeds(limits.haveFeeds + 1))).toBeUndefined()
    expect(parsePeerMessage(Uint8Array.of(2, 0, 1, 0xff, 0xff, 0xff, 0xff))).toBeUndefined()
    expect(
      parsePeerMessage(concatBytes(Uint8Array.of(2), many(limits.bundlesPerMessage + 1, 4))),
    ).toBeUndefined()
    expect(parsePeerMessage(concatBytes(Uint8Array.of(2), many(limits.bundlesPerMessage, 4)))?.type).toBe(
      "Bundles",
    )
  })

  it("[W51] names no more chunks than the limit, and carries none that is longer than a chunk", () => {
    const many = Array.from({ length: limits.chunksPerMessage }, () => "ab".repeat(32) as ChunkId)
    for (const type of ["Want", "Kept", "Lack"] as const) {
      expect(parsePeerMessage(encodePeerMessage({ type, chunks: many }))).toEqual({ type, chunks: many })
      const beyond = encodePeerMessage({ type, chunks: [...many, ...many.slice(0, 1)] })
      expect(parsePeerMessage(beyond)).toBeUndefined()
    }
    const longest = new Uint8Array(blobLimits.sealedChunkBytes)
    const parsed = parsePeerMessage(encodePeerMessage({ type: "Chunk", bytes: longest }))
    expect(parsed?.type === "Chunk" && parsed.bytes.length).toBe(longest.length)
    const longer = encodePeerMessage({ type: "Chunk", bytes: new Uint8Array(longest.length + 1) })
    expect(parsePeerMessage(longer)).toBeUndefined()
  })

  it("[W53] a page tells of the feeds in its range, in their order, each once; anything else is none", () => {
    const [a, b, c] = ["0a", "0b", "0c"].map(byte => byte.repeat(32) as FeedId) as [FeedId, FeedId, FeedId]
    const isPage = (from: FeedId, before: FeedId | undefined, feeds: readonly FeedId[]): boolean =>
      parseHave(
        encodeHave({
          archive: "00".repeat(16),
          isKeeper: true,
          wants: { type: "Everything" },
          from,
          before,
          positions: feeds.map(feed => ({ feed, contiguousSeq: 0, hash: undefined, islands: [] })),
        }),
      ) !== undefined
    expect(isPage(a, undefined, [a, b, c])).toBe(true)
    expect(isPage(a, c, [a, b])).toBe(true)
    expect(isPage(a, c, [])).toBe(true)
    expect(isPage(a, c, [a, c])).toBe(false)
    expect(isPage(b, c, [a, b])).toBe(false)
    expect(isPage(a, undefined, [b, a])).toBe(false)
    expect(isPage(a, undefined, [b, b])).toBe(false)
    expect(isPage(b, b, [])).toBe(false)
    expect(isPage(b, a, [])).toBe(false)
  })

  it("[W52] islands lie above the contiguous part and do not run backwards", () => {
    const withIsland = (from: number, to: number): Uint8Array =>
      encodeHave({
        archive: "00".repeat(16),
        isKeeper: false,
        wants: { type: "Everything" },
        from: firstFeed,
        before: undefined,
        positions: [
          {
            feed: "cc".repeat(32) as FeedId,
            contiguousSeq: 5,
            hash: "dd".repeat(32) as BundleHash,
            islands: [[from, to]],
          },
        ],
      })
    expect(parseHave(withIsland(7, 9))).toBeDefined()
    expect(parseHave(withIsland(9, 7))).toBeUndefined()
    expect(parseHave(withIsland(5, 9))).toBeUndefined()
  })
})
