import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type GroupId, bytesToHex, hexToBytes } from "../base/index.js"
import { sha256 } from "../testing/on-node/plain-family.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import {
  type ContactHints,
  type ContactIdentity,
  certifyContact,
  contactCardBytes,
  contactIdOf,
  contactStatement,
  encodeContactLink,
  parseContactCard,
  parseContactLink,
  signContactCard,
  verifyContactCard,
} from "./contact-card.js"

const sealer = createPlainSealer({ sha256, randomBytes: length => new Uint8Array(length) })
const seeds = (first: number) => ({
  recovery: new Uint8Array(32).fill(first),
  signing: new Uint8Array(32).fill(first + 1),
  agreement: new Uint8Array(32).fill(first + 2),
})
const identityOf = (first: number): ContactIdentity => {
  const { recovery, signing, agreement } = seeds(first)
  const keys = { signing: sealer.signingKeyOf(signing), agreement: sealer.agreementKeyOf(agreement) }
  return {
    group: bytesToHex(seeds(first + 3).recovery) as GroupId,
    recovery: sealer.signingKeyOf(recovery),
    keys,
  }
}
const hints: ContactHints = { issuedMs: 5, name: "Muster", relays: ["ws://r"] }
const made = async (first: number, given: ContactHints = hints): Promise<Uint8Array> => {
  const identity = identityOf(first)
  const certificate = await certifyContact(sealer, seeds(first).recovery, identity)
  return signContactCard(sealer, seeds(first).signing, { ...identity, ...given, certificate })
}

describe("a contact card", () => {
  it("[W80] has its fields where the layout says", async () => {
    const { group, recovery, keys } = identityOf(1)
    const bytes = await made(1)
    const statement = `01${group}${[recovery, keys.signing, keys.agreement].map(bytesToHex).join("")}`
    expect(bytesToHex(contactStatement(identityOf(1)))).toBe(statement)
    const hex = bytesToHex(bytes)
    expect(hex.slice(0, 258)).toBe(statement)
    expect(hex.slice(258 + 128, -128)).toBe(
      "0000000000000005" + "00064d7573746572" + "0001" + "000677733a2f2f72",
    )
  })

  it("[W80] is read back as it was written, whatever a messenger did to its white space and case", async () => {
    const arbitrary = fc.record({
      issuedMs: fc.integer({ min: 0, max: 2 ** 45 }),
      name: fc.string({ unit: "grapheme", maxLength: 20 }),
      relays: fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.nat(), async (given, at) => {
        const bytes = await made(1, given)
        expect(parseContactCard(bytes)).toMatchObject({ ...identityOf(1), ...given })
        const link = encodeContactLink(bytes)
        const place = at % link.length
        const carried = ` ${link.slice(0, place)}\n ${link.slice(place).toUpperCase()} `
        expect(parseContactLink(carried)?.bytes).toEqual(bytes)
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  it("[W80] is never made with more than it may carry", async () => {
    const long = {
      issuedMs: 1,
      name: "\u{1F3E1}".repeat(60),
      relays: ["r".repeat(300), "a", "b", "c", "d", "e"],
    }
    const card = parseContactCard(await made(1, long))
    expect([card?.name, card?.relays]).toEqual(["\u{1F3E1}".repeat(32), ["a", "b", "c", "d"]])
  })

  it("[W81] cut, longer, of another version or any other text is none, and nothing throws", async () => {
    const bytes = await made(1)
    const link = encodeContactLink(bytes)
    for (let length = 0; length < bytes.length; length++)
      expect(parseContactCard(bytes.subarray(0, length))).toBeUndefined()
    expect(parseContactLink(`${link}00`)).toBeUndefined()
    expect(parseContactLink(link.replace("homecard1-01", "homecard1-02"))).toBeUndefined()
    expect(parseContactLink(link.replace("homecard1-", "home1-"))).toBeUndefined()
    expect(parseContactLink(`homecard1-${"0".repeat(10_000_000)}`)).toBeUndefined()
    expect(parseContactCard(new Uint8Array(contactCardBytes + 1).fill(1))).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), raw => {
        expect(parseContactCard(raw)).toBeUndefined()
        expect(parseContactLink(`homecard1-${bytesToHex(raw)}`)).toBeUndefined()
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  it("[W82] counts when the recovery signer vouches for the keys and the contact key for the rest", async () => {
    const check = async (bytes: Uint8Array): Promise<boolean> => {
      const card = parseContactCard(bytes)
      return card !== undefined && verifyContactCard(sealer, card)
    }
    const bytes = await made(1)
    expect(await check(bytes)).toBe(true)
    for (let at = 1; at < bytes.length; at++) {
      const altered = bytes.slice()
      altered[at] = (altered[at] ?? 0) ^ 1
      expect([at, await check(altered)]).toEqual([at, false])
    }
    // Keys of one's own under another family's certificate, and a certificate by one's own contact key.
    const [anna, eve] = [identityOf(1), identityOf(50)]
    const theirs = { ...hints, certificate: await certifyContact(sealer, seeds(1).recovery, anna) }
    const keys = eve.keys
    expect(await check(await signContactCard(sealer, seeds(50).signing, { ...anna, ...theirs, keys }))).toBe(
      false,
    )
    const self = await certifyContact(sealer, seeds(50).signing, { ...anna, keys })
    expect(
      await check(
        await signContactCard(sealer, seeds(50).signing, { ...anna, ...hints, keys, certificate: self }),
      ),
    ).toBe(false)
    // What is signed by whoever holds only the recovery key is no card.
    expect(await check(await signContactCard(sealer, seeds(1).recovery, { ...anna, ...theirs }))).toBe(false)
  })

  it("[W83] names its identity by a hash that hints do not change", async () => {
    const other = parseContactCard(await made(1, { ...hints, name: "Other", issuedMs: 9 }))
    const again = parseContactCard(await made(1))
    const id = contactIdOf(sealer, identityOf(1))
    expect([other, again].map(card => card && contactIdOf(sealer, card))).toEqual([id, id])
    expect(hexToBytes(id)).toHaveLength(32)
    expect(contactIdOf(sealer, { ...identityOf(1), recovery: identityOf(2).recovery })).not.toBe(id)
  })
})
