import { bytesToHex, textToBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createStorageSeal } from "./storage-seal.js"
import { flipBit, seededRandom } from "./testing/bytes.js"

const random = seededRandom("storage")
const seal = createStorageSeal({ masterKey: random.bytes(32), random })
const stranger = createStorageSeal({ masterKey: random.bytes(32), random })
const altered = { ok: false, error: { type: "StorageAltered" } }
const keys = fc.array(fc.string({ maxLength: 12 }), { maxLength: 4 })

describe("storage seal", () => {
  it("[K50] another profile's master key opens nothing and hides otherwise", () => {
    const key = ["document", "ledger", "2027"]
    const sealed = seal.seal(key, textToBytes("coffee 3.20"))
    expect(seal.open(seal.hide(key), sealed)).toEqual({
      ok: true,
      value: { key, value: textToBytes("coffee 3.20") },
    })
    expect(stranger.open(stranger.hide(key), sealed)).toEqual(altered)
    expect(stranger.open(seal.hide(key), sealed)).toEqual(altered)
    expect(stranger.hide(key)).not.toEqual(seal.hide(key))
  })

  it("[K51] hidden components are 32 hex digits, depend on all before them, and keep prefixes", () => {
    fc.assert(
      fc.property(keys, keys, (key, other) => {
        const hidden = seal.hide(key)
        for (const component of hidden) expect(component).toMatch(/^[0-9a-f]{32}$/)
        for (let length = 0; length <= key.length; length++)
          expect(seal.hide(key.slice(0, length))).toEqual(hidden.slice(0, length))
        let common = 0
        while (common < Math.min(key.length, other.length) && key[common] === other[common]) common++
        const otherHidden = seal.hide(other)
        hidden.forEach((component, i) => {
          expect(component === otherHidden[i]).toBe(i < common)
        })
      }),
    )
    expect(seal.hide(["a", "same"])[1]).not.toBe(seal.hide(["b", "same"])[1])
    expect(new Set(seal.hide(["a", "a", "a"])).size).toBe(3)
  })

  it("[K52] a value comes back with its key, in 41 bytes more than the two", () => {
    fc.assert(
      fc.property(keys, fc.uint8Array({ maxLength: 200 }), (key, value) => {
        const sealed = seal.seal(key, value)
        const names = key.reduce((sum, component) => sum + 2 + textToBytes(component).length, 0)
        expect(sealed).toHaveLength(1 + 24 + 2 + names + value.length + 16)
        expect(seal.open(seal.hide(key), sealed)).toEqual({ ok: true, value: { key, value } })
      }),
    )
    expect(bytesToHex(seal.seal(["k"], textToBytes("canary-canary")))).not.toContain(
      bytesToHex(textToBytes("canary")),
    )
    expect(() =>
      seal.seal(
        Array.from({ length: 65 }, () => "x"),
        random.bytes(1),
      ),
    ).toThrow(RangeError)
    expect(() => seal.seal(["x".repeat(4097)], random.bytes(1))).toThrow(RangeError)
  })

  it("[K53] a flipped bit, another place, a cut or foreign bytes are refused", () => {
    const key = ["outbox", "7"]
    const hidden = seal.hide(key)
    const sealed = seal.seal(key, textToBytes("value"))
    for (let bit = 0; bit < 8 * sealed.length; bit++)
      expect(seal.open(hidden, flipBit(sealed, bit))).toEqual(altered)
    for (let length = 0; length < sealed.length; length++)
      expect(seal.open(hidden, sealed.subarray(0, length))).toEqual(altered)
    for (const other of [["outbox", "8"], ["outbox"], ["outbox", "7", "7"], []])
      expect(seal.open(seal.hide(other), sealed)).toEqual(altered)
    expect(seal.open(["not hex", "x"], sealed)).toEqual(altered)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(seal.open(hidden, bytes)).toEqual(altered)
      }),
    )
  })
})
