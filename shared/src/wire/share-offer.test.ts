import { describe, expect, it } from "vitest"
import { type GroupId, bytesToHex } from "../base/index.js"
import { sha256 } from "../testing/on-node/plain-family.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import type { ContactIdentity } from "./contact-card.js"
import { type ShareOffer, openShareOffer, shareOfferLimits, signShareOffer } from "./share-offer.js"

const sealer = createPlainSealer({ sha256, randomBytes: length => new Uint8Array(length) })
const bytes = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const identity = (byte: number): ContactIdentity => ({
  group: bytesToHex(bytes(byte)) as GroupId,
  recovery: bytes(byte + 1),
  keys: { signing: sealer.signingKeyOf(bytes(byte + 2)), agreement: bytes(byte + 3) },
})
const [anna, otto, eve] = [identity(10), identity(20), identity(30)]
const offer: ShareOffer = {
  group: bytesToHex(bytes(1)) as GroupId,
  logKey: bytes(2),
  title: "Holiday",
  relays: ["ws://a", "ws://b"],
}

describe("an offer of a share", () => {
  it("[W90] is read back by the family that it is for", async () => {
    const signed = await signShareOffer(sealer, bytes(12), anna, otto, offer)
    expect(await openShareOffer(sealer, anna, otto, signed)).toEqual(offer)
    expect(bytesToHex(signed.subarray(0, 65))).toBe(`01${"01".repeat(32)}${"02".repeat(32)}`)
  })

  it("[W91] is none for another family, from another one, altered, cut or longer", async () => {
    const signed = await signShareOffer(sealer, bytes(12), anna, otto, offer)
    expect(await openShareOffer(sealer, anna, eve, signed)).toBeUndefined()
    expect(await openShareOffer(sealer, eve, otto, signed)).toBeUndefined()
    const forged = await signShareOffer(sealer, bytes(32), anna, otto, offer)
    expect(await openShareOffer(sealer, anna, otto, forged)).toBeUndefined()
    for (let at = 0; at < signed.length; at++) {
      expect(await openShareOffer(sealer, anna, otto, signed.with(at, (signed[at] ?? 0) ^ 1))).toBeUndefined()
      expect(await openShareOffer(sealer, anna, otto, signed.subarray(0, at))).toBeUndefined()
    }
    const long = new Uint8Array(shareOfferLimits.bytes + 1).fill(1)
    expect(await openShareOffer(sealer, anna, otto, long)).toBeUndefined()
  })
})
