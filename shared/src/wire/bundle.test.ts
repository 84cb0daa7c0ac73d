import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bytesToHex, concatBytes } from "../base/index.js"
import { encodeHeader, headerBytes, joinBundle, parseBundle, signatureBytes, suite } from "./bundle.js"
import { limits } from "./limits.js"

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const header = fc.record({
  epochTag: bytes(8),
  feed: bytes(32),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  prev: bytes(32),
  nonce: bytes(24),
})
const bundle = fc.record({
  header,
  ciphertext: fc.uint8Array({ maxLength: 200 }),
  signature: bytes(signatureBytes),
})
const encoded = bundle.map(parts => joinBundle(encodeHeader(parts.header), parts.ciphertext, parts.signature))

describe("a bundle", () => {
  it("[W1] is read back as it was written, in views of the bytes that came", () => {
    fc.assert(
      fc.property(bundle, ({ header, ciphertext, signature }) => {
        const whole = joinBundle(encodeHeader(header), ciphertext, signature)
        const parsed = parseBundle(whole)
        if (!parsed.ok) throw new Error(parsed.error.type)
        expect(parsed.value.epochTag).toBe(bytesToHex(header.epochTag))
        expect(parsed.value.feed).toBe(bytesToHex(header.feed))
        expect(parsed.value.seq).toBe(header.seq)
        expect(parsed.value.prev).toEqual(header.prev)
        expect(parsed.value.nonce).toEqual(header.nonce)
        expect(parsed.value.ciphertext).toEqual(ciphertext)
        expect(parsed.value.signature).toEqual(signature)
        expect(parsed.value.bytes).toBe(whole)
        expect(parsed.value.header.buffer).toBe(whole.buffer)
        expect(parsed.value.header).toEqual(encodeHeader(header))
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it("[W1] has its fields where the layout says", () => {
    const whole = joinBundle(
      encodeHeader({
        epochTag: new Uint8Array(8).fill(1),
        feed: new Uint8Array(32).fill(2),
        seq: 0x0102030405,
        prev: new Uint8Array(32).fill(3),
        nonce: new Uint8Array(24).fill(4),
      }),
      Uint8Array.of(5, 5),
      new Uint8Array(64).fill(6),
    )
    expect(headerBytes).toBe(105)
    expect(bytesToHex(whole)).toBe(
      [
        "01",
        "01".repeat(8),
        "02".repeat(32),
        "0000000102030405",
        "03".repeat(32),
        "04".repeat(24),
        "00000002",
        "0505",
        "06".repeat(64),
      ].join(""),
    )
  })

  it("[W2] with a byte less, a byte more, another suite or seq 0 is malformed", () => {
    fc.assert(
      fc.property(encoded, fc.nat(), (whole, cut) => {
        expect(parseBundle(whole.subarray(0, cut % whole.length))).toEqual({
          ok: false,
          error: { type: "BundleMalformed" },
        })
        expect(parseBundle(concatBytes(whole, Uint8Array.of(0))).ok).toBe(false)
        const other = whole.slice()
        other[0] = suite + 1
        expect(parseBundle(other).ok).toBe(false)
        const zeroth = whole.slice()
        zeroth.fill(0, 41, 49)
        expect(parseBundle(zeroth).ok).toBe(false)
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it("[W2] above the limit is refused before anything else is looked at", () => {
    expect(parseBundle(new Uint8Array(limits.bundleBytes + 1))).toEqual({
      ok: false,
      error: { type: "BundleTooLarge" },
    })
    const lying = joinBundle(
      encodeHeader({
        epochTag: new Uint8Array(8),
        feed: new Uint8Array(32),
        seq: 1,
        prev: new Uint8Array(32),
        nonce: new Uint8Array(24),
      }),
      new Uint8Array(3),
      new Uint8Array(64),
    )
    lying.fill(0xff, headerBytes, headerBytes + 4)
    expect(parseBundle(lying)).toEqual({ ok: false, error: { type: "BundleMalformed" } })
  })

  it("[W2] no bytes make the parser throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), raw => {
        expect(typeof parseBundle(raw).ok).toBe("boolean")
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})
