import { describe, expect, it } from "vitest"
import { type GroupId, bytesToHex } from "../base/index.js"
import { sha256 } from "../testing/on-node/plain-family.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import type { ContactIdentity } from "./contact-card.js"
import { parseSafetyNumber, safetyNumber, spacedSafetyNumber } from "./safety-number.js"

const sealer = createPlainSealer({ sha256, randomBytes: length => new Uint8Array(length) })
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const identity = (first: number): ContactIdentity => ({
  group: bytesToHex(key(first)) as GroupId,
  recovery: key(first + 1),
  keys: { signing: key(first + 2), agreement: key(first + 3) },
})

describe("a safety number", () => {
  it("[W85] is the same on both sides, sixty digits, one half for each family", () => {
    const number = safetyNumber(sealer, identity(1), identity(9))
    expect(number).toMatch(/^\d{60}$/)
    expect(safetyNumber(sealer, identity(9), identity(1))).toBe(number)
    const halves = (of: string) => [of.slice(0, 30), of.slice(30)]
    const shared = halves(number).filter(half =>
      halves(safetyNumber(sealer, identity(1), identity(30))).includes(half),
    )
    expect(shared).toHaveLength(1)
  })

  it("[W85] changes with the family, its recovery signer and either of its keys", () => {
    const { group, recovery, keys } = identity(9)
    const other = identity(20)
    const numbers = [
      identity(9),
      { group: other.group, recovery, keys },
      { group, recovery: other.recovery, keys },
      { group, recovery, keys: { ...keys, signing: other.keys.signing } },
      { group, recovery, keys: { ...keys, agreement: other.keys.agreement } },
    ].map(one => safetyNumber(sealer, identity(1), one))
    expect(new Set(numbers).size).toBe(5)
  })

  it("[W86] is read as people write it, or not at all", () => {
    const number = "0123456789".repeat(6)
    expect(spacedSafetyNumber(number)).toBe("01234 56789 ".repeat(6).trim())
    expect(parseSafetyNumber(` ${spacedSafetyNumber(number)}\n`)).toBe(number)
    expect(parseSafetyNumber(number.replace("9", "9-"))).toBe(number)
    for (const wrong of ["", number.slice(1), `${number}0`, number.replace("0", "o"), "1".repeat(10_000_000)])
      expect(parseSafetyNumber(wrong)).toBeUndefined()
  })
})
