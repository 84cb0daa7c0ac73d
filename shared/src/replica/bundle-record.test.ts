import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ActorId,
  type BundleHash,
  type ChangeHash,
  type CircleId,
  type DeviceId,
  type FeedId,
  type OperationId,
  areas,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import { type BundleRecord, encodeRecord, parseRecord } from "./bundle-record.js"

const hex = <T extends string>(length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(raw => bytesToHex(raw) as T)
const seq = fc.integer({ min: 1, max: 2 ** 40 })
const record: fc.Arbitrary<BundleRecord> = fc.record({
  hash: hex<BundleHash>(32),
  feed: hex<FeedId>(32),
  seq,
  device: hex<DeviceId>(16),
  circle: hex<CircleId>(16),
  document: fc.record({
    area: fc.constantFrom(...areas),
    name: fc.string({ unit: "grapheme", maxLength: 10 }),
  }),
  kind: fc.constantFrom("changes" as const, "snapshot" as const),
  heads: fc.array(hex<OperationId>(32), { maxLength: 3 }),
  changes: fc.array(
    fc.record({
      hash: hex<ChangeHash>(32),
      actor: hex<ActorId>(16),
      seq,
      deps: fc.array(hex<ChangeHash>(32), { maxLength: 3 }),
      startOp: seq,
      operationCount: fc.nat(1_000_000),
      references: fc.array(fc.record({ actor: hex<ActorId>(16), counter: seq }), { maxLength: 3 }),
      makes: fc.array(fc.record({ counter: seq, isSequence: fc.boolean() }), { maxLength: 3 }),
      uses: fc.array(fc.record({ actor: hex<ActorId>(16), counter: seq, isSequence: fc.boolean() }), {
        maxLength: 3,
      }),
    }),
    { maxLength: 4 },
  ),
})

describe("a bundle's record", () => {
  it("[P15] is read back as it was written; a byte less or more is another version's", () => {
    fc.assert(
      fc.property(record, fc.nat(), (given, cut) => {
        const raw = encodeRecord(given)
        expect(parseRecord(raw)).toEqual(given)
        expect(parseRecord(raw.subarray(0, cut % raw.length))).toBeUndefined()
        expect(parseRecord(concatBytes(raw, Uint8Array.of(0)))).toBeUndefined()
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it("[P15] a count that claims more than there is allocates nothing, and no bytes make the parser throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), raw => {
        parseRecord(raw)
      }),
      { seed: 2, numRuns: 300 },
    )
    const start = encodeRecord({
      hash: "11".repeat(32) as BundleHash,
      feed: "22".repeat(32) as FeedId,
      seq: 1,
      device: "33".repeat(16) as DeviceId,
      circle: "44".repeat(16) as CircleId,
      document: { area: "notes", name: "" },
      kind: "changes",
      heads: [],
      changes: [],
    })
    start.fill(0xff, start.length - 4)
    expect(parseRecord(start)).toBeUndefined()
  })
})
