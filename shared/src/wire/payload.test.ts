import { deflateRawSync } from "node:zlib"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ByteWriter, concatBytes } from "../base/index.js"
import { limits } from "./limits.js"
import { encodeChanges, inflateBounded, parseChanges } from "./payload.js"

const payloadOf = (plain: Uint8Array, length = plain.length): Uint8Array =>
  new ByteWriter().u32(length).bytes(deflateRawSync(plain)).done()

describe("a payload of changes", () => {
  it("[W30] is read back as it was written", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), changes => {
        expect(parseChanges(encodeChanges(changes))).toEqual(changes)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it("[W30] may be deflated by anybody's raw DEFLATE (RFC 1951)", () => {
    const changes = [new Uint8Array(5000).fill(1), Uint8Array.of(2, 3)]
    const plain = new ByteWriter().u32(2)
    for (const change of changes) plain.block(change)
    expect(parseChanges(payloadOf(plain.done()))).toEqual(changes)
  })

  it("[W31] whose length, count or blocks do not match exactly is refused", () => {
    const plain = new ByteWriter()
      .u32(1)
      .block(Uint8Array.of(1, 2, 3))
      .done()
    expect(parseChanges(payloadOf(plain))).toEqual([Uint8Array.of(1, 2, 3)])
    expect(parseChanges(payloadOf(plain, plain.length + 1))).toBeUndefined()
    expect(parseChanges(payloadOf(plain, plain.length - 1))).toBeUndefined()
    expect(parseChanges(payloadOf(concatBytes(plain, Uint8Array.of(0))))).toBeUndefined()
    expect(parseChanges(payloadOf(new ByteWriter().u32(2).block(Uint8Array.of(1)).done()))).toBeUndefined()
    expect(parseChanges(payloadOf(new ByteWriter().u32(limits.changesPerBundle + 1).done()))).toBeUndefined()
    expect(parseChanges(new Uint8Array(0))).toBeUndefined()
    expect(parseChanges(Uint8Array.of(0, 0, 0, 0))).toBeUndefined()
  })

  it("[W31] of any other bytes is refused or read, never thrown at", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), raw => {
        parseChanges(raw)
        parseChanges(concatBytes(Uint8Array.of(0, 0, 1, 0), raw))
      }),
      { seed: 2, numRuns: 300 },
    )
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }),
        fc.nat(),
        fc.nat(),
        (changes, at, bit) => {
          const raw = encodeChanges(changes)
          const flipped = raw.slice()
          flipped[at % raw.length] = (flipped[at % raw.length] ?? 0) ^ (1 << (bit % 8))
          parseChanges(flipped)
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })

  it("[W32] that would inflate to gigabytes is given up at the limit, in bounded memory", () => {
    // A megabyte of zeros deflates to a kilobyte: two megabytes on the wire are two gigabytes inside.
    const megabyte = deflateRawSync(new Uint8Array(1024 * 1024), { finishFlush: 2 })
    const bomb = concatBytes(
      ...Array.from({ length: 2048 }, () => new Uint8Array(megabyte)),
      Uint8Array.of(3, 0),
    )
    expect(bomb.length).toBeLessThan(limits.bundleBytes)
    for (const claimed of [limits.inflatedBytes, 1024]) {
      const before = process.memoryUsage()
      expect(inflateBounded(bomb, claimed)).toBeUndefined()
      expect(parseChanges(new ByteWriter().u32(claimed).bytes(bomb).done())).toBeUndefined()
      const after = process.memoryUsage()
      const grown = after.rss - before.rss
      expect(grown).toBeLessThan(8 * limits.inflatedBytes)
    }
    expect(
      parseChanges(
        new ByteWriter()
          .u32(limits.inflatedBytes + 1)
          .bytes(bomb)
          .done(),
      ),
    ).toBeUndefined()
  })

  it("[W32] that stops short, or holds no end, is damaged", () => {
    const whole = deflateRawSync(new Uint8Array(100).fill(9))
    expect(inflateBounded(new Uint8Array(whole), 100)).toEqual(new Uint8Array(100).fill(9))
    expect(inflateBounded(new Uint8Array(whole), 99)).toBeUndefined()
    for (let length = 0; length < whole.length; length++) {
      expect(inflateBounded(new Uint8Array(whole.subarray(0, length)), 100)).toBeUndefined()
    }
    // In several pieces, of which only the last one is too much.
    const plain = new Uint8Array(10_000).map((_, i) => (i * i * 31) >> 3)
    const noise = plain.map((_, i) => (plain[(i * 7919) % plain.length] ?? 0) ^ ((i * 2_654_435_761) >>> 24))
    const pieces = new Uint8Array(deflateRawSync(noise))
    expect(pieces.length).toBeGreaterThan(2 * 4096)
    expect(inflateBounded(pieces, 10_000)).toEqual(noise)
    expect(inflateBounded(pieces, 9_999)).toBeUndefined()
  })
})
