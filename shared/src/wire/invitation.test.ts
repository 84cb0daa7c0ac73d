import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bytesToHex, hexToBytes } from "../base/index.js"
import { type Invitation, encodeInvitation, parseInvitation } from "./invitation.js"

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const address = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 })
const invitation: fc.Arbitrary<Invitation> = fc.record({
  kind: fc.constantFrom("invite" as const, "claim" as const),
  addresses: fc.array(address, { maxLength: 4 }),
  relay: fc.option(address, { nil: undefined }),
  secret: bytes(32),
  keyHash: bytes(16),
  expiresMs: fc.option(fc.integer({ min: 1, max: 2 ** 45 }), { nil: undefined }),
})

describe("an invitation", () => {
  it("[W60] is read back as it was written, whatever a messenger did to its white space and case", () => {
    fc.assert(
      fc.property(invitation, fc.nat(), (given, at) => {
        const text = encodeInvitation(given)
        expect(parseInvitation(text)).toEqual(given)
        const place = at % text.length
        expect(parseInvitation(`  ${text.slice(0, place)}\n ${text.slice(place).toUpperCase()} `)).toEqual(
          given,
        )
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it("[W60] has its fields where the layout says", () => {
    const text = encodeInvitation({
      kind: "claim",
      addresses: ["ws://b"],
      relay: "ws://r",
      secret: new Uint8Array(32).fill(1),
      keyHash: new Uint8Array(16).fill(2),
      expiresMs: undefined,
    })
    expect(text).toBe(
      [
        "home1-",
        "01",
        "02",
        "01".repeat(32),
        "02".repeat(16),
        "00".repeat(8),
        "000677733a2f2f72",
        "0001",
        "000677733a2f2f62",
      ].join(""),
    )
  })

  it("[W61] of another version or kind, cut, longer or with other letters is none", () => {
    const text = encodeInvitation({
      kind: "invite",
      addresses: [],
      relay: undefined,
      secret: new Uint8Array(32),
      keyHash: new Uint8Array(16),
      expiresMs: 5,
    })
    const changed = (at: number, value: number): string => {
      const raw = hexToBytes(text.slice(6)) ?? new Uint8Array(0)
      raw[at] = value
      return `home1-${bytesToHex(raw)}`
    }
    expect(parseInvitation(text)).toBeDefined()
    expect(parseInvitation(changed(0, 2))).toBeUndefined()
    expect(parseInvitation(changed(1, 3))).toBeUndefined()
    for (let length = 0; length < text.length; length++)
      expect(parseInvitation(text.slice(0, length))).toBeUndefined()
    expect(parseInvitation(`${text}00`)).toBeUndefined()
    expect(parseInvitation(text.replace("home1-", "home2-"))).toBeUndefined()
    expect(parseInvitation(text.replace(/0/, "g"))).toBeUndefined()
  })

  it("[W61] of any other text is none: nothing throws, however long", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.uint8Array({ maxLength: 120 }),
        (text, raw) => {
          expect(parseInvitation(text)).toBeUndefined()
          parseInvitation(`home1-${text}`)
          parseInvitation(`home1-${bytesToHex(raw)}`)
        },
      ),
      { seed: 2, numRuns: 200 },
    )
    expect(parseInvitation(`home1-${"0".repeat(50_000_000)}`)).toBeUndefined()
  })
})
