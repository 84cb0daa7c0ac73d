import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type GroupId, type OperationId, ByteWriter, areas, bytesToHex, concatBytes } from "../base/index.js"
import { type BundleBody, encodeBody, parseBody } from "./body.js"
import { certificateBytes } from "./certificate.js"
import { limits } from "./limits.js"

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hex = <T extends string>(length: number) => bytes(length).map(raw => bytesToHex(raw) as T)
const name = fc.string({ unit: "grapheme", maxLength: 12 })
const named = fc.record({
  kind: fc.constantFrom("changes" as const, "snapshot" as const),
  document: fc.record({ area: fc.constantFrom(...areas), name }),
})
const unnamed = fc.record({
  kind: fc.constantFrom("operation" as const, "recovery" as const),
  document: fc.constant(undefined),
})
const certificate: fc.Arbitrary<BundleBody["certificate"]> = fc.oneof(
  bytes(certificateBytes).map(raw => ({ type: "Full" as const, bytes: raw })),
  hex(32).map(hash => ({ type: "Hash" as const, hash })),
)
const body: fc.Arbitrary<BundleBody> = fc
  .tuple(
    fc.oneof(named, unnamed),
    fc.record({
      certificate,
      group: hex<GroupId>(32),
      slot: fc.integer({ min: 0, max: 255 }),
      groupHeads: fc.array(hex<OperationId>(32), { maxLength: 4 }),
      payload: fc.uint8Array({ maxLength: 60 }),
    }),
  )
  .map(([what, rest]) => ({ ...what, ...rest }))

describe("the inside of a bundle", () => {
  it("[W10] is read back as it was written", () => {
    fc.assert(
      fc.property(body, given => {
        expect(parseBody(encodeBody(given))).toEqual(given)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it("[W10] has its fields where the layout says", () => {
    const raw = encodeBody({
      certificate: { type: "Hash", hash: "11".repeat(32) },
      group: "22".repeat(32) as GroupId,
      kind: "changes",
      document: { area: "notes", name: "n" },
      slot: 7,
      groupHeads: ["33".repeat(32) as OperationId],
      payload: Uint8Array.of(9),
    })
    const area = bytesToHex(raw).slice(2 * 66, 2 * 67)
    expect(bytesToHex(raw)).toBe(
      [
        "00",
        "11".repeat(32),
        "22".repeat(32),
        "02",
        area,
        "0001",
        "6e",
        "07",
        "0001",
        "33".repeat(32),
        "00000001",
        "09",
      ].join(""),
    )
  })

  it("[W11] with a byte less or more is none, and no bytes make the parser throw", () => {
    fc.assert(
      fc.property(body, fc.nat(), (given, cut) => {
        const raw = encodeBody(given)
        expect(parseBody(raw.subarray(0, cut % raw.length))).toBeUndefined()
        expect(parseBody(concatBytes(raw, Uint8Array.of(0)))).toBeUndefined()
      }),
      { seed: 2, numRuns: 100 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), raw => {
        parseBody(raw)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it("[W11] names a document if and only if it is of one", () => {
    const parts = (kind: number, area: number, text: string): Uint8Array =>
      new ByteWriter()
        .u8(0)
        .bytes(new Uint8Array(64))
        .u8(kind)
        .u8(area)
        .text(text)
        .u8(0)
        .u16(0)
        .block(new Uint8Array(0))
        .done()
    expect(parseBody(parts(1, 0, ""))?.kind).toBe("operation")
    expect(parseBody(parts(1, 1, ""))).toBeUndefined()
    expect(parseBody(parts(1, 0, "named"))).toBeUndefined()
    expect(parseBody(parts(2, 0, ""))).toBeUndefined()
    expect(parseBody(parts(2, 1, "a"))?.kind).toBe("changes")
    expect(parseBody(parts(2, 99, "a"))).toBeUndefined()
    expect(parseBody(parts(4, 1, "a"))).toBeUndefined()
    expect(parseBody(parts(5, 0, ""))?.kind).toBe("manifest")
    expect(parseBody(parts(5, 1, "a"))).toBeUndefined()
    expect(parseBody(parts(6, 0, ""))).toBeUndefined()
    expect(parseBody(parts(0, 0, ""))).toBeUndefined()
  })

  it("[W11] claims no more heads, name or payload than there is room for", () => {
    const start = new ByteWriter().u8(0).bytes(new Uint8Array(64)).u8(2).u8(1)
    const before = process.memoryUsage().heapUsed
    const longName = concatBytes(
      start.done(),
      new ByteWriter()
        .text("n".repeat(limits.nameBytes + 1))
        .u8(0)
        .u16(0)
        .u32(0)
        .done(),
    )
    expect(parseBody(longName)).toBeUndefined()
    const manyHeads = new ByteWriter()
      .text("n")
      .u8(0)
      .list(Array<Uint8Array>(limits.groupHeads + 1).fill(new Uint8Array(32)), (list, head) =>
        list.bytes(head),
      )
      .u32(0)
    expect(parseBody(concatBytes(start.done(), manyHeads.done()))).toBeUndefined()
    const lying = new ByteWriter().text("n").u8(0).u16(0).u32(0xffffffff)
    expect(parseBody(concatBytes(start.done(), lying.done()))).toBeUndefined()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024)
  })
})
