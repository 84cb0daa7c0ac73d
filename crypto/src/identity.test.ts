import type { CircleId, FeedId, GroupId, IncarnationId, MemberId } from "@home/shared/base"
import { bytesToHex, concatBytes } from "@home/shared/base"
import { deviceIdOf } from "@home/shared/access"
import { parseCertificate } from "@home/shared/wire"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { signCertificate, verifyCertificate } from "./certificate.js"
import {
  createDeviceIdentity,
  encodeIdentity,
  parseIdentity,
  signAdmission,
  verifyAdmission,
} from "./identity.js"
import { createSealer } from "./sealer.js"
import { flipBit, seededRandom } from "./testing/bytes.js"

const random = seededRandom("identity")
const sealer = createSealer({ random })
const device = createDeviceIdentity(random)
const id = (length: number): string => bytesToHex(random.bytes(length))
const group = id(32) as GroupId
const member = id(16) as MemberId
const incarnation = id(16) as IncarnationId
const circle = id(16) as CircleId

describe("device identity", () => {
  it("[K30] has three key pairs, one for each purpose, and an id that proves them", () => {
    const { signing, wrap, link } = device.secrets
    expect(new Set([signing, wrap, link].map(bytesToHex)).size).toBe(3)
    expect(device.keys.signing).toEqual(sealer.signingKeyOf(signing))
    expect(device.keys.wrap).toEqual(sealer.agreementKeyOf(wrap))
    expect(device.keys.link).toEqual(sealer.agreementKeyOf(link))
    expect(device.id).toBe(deviceIdOf(device.keys, sealer.hash))
    const { keys } = device
    expect(device.id).toBe(
      bytesToHex(sealer.hash("device", keys.signing, keys.wrap, keys.link).subarray(0, 16)),
    )
    expect(createDeviceIdentity(random).id).not.toBe(device.id)
  })

  it("[K31] is stored and read back whole; anything else is refused", () => {
    const bytes = encodeIdentity(device)
    expect(bytes).toHaveLength(97)
    expect(parseIdentity(bytes)).toEqual({ ok: true, value: device })
    const malformed = { ok: false, error: { type: "IdentityMalformed" } }
    expect(parseIdentity(bytes.subarray(1))).toEqual(malformed)
    expect(parseIdentity(concatBytes(bytes, Uint8Array.of(0)))).toEqual(malformed)
    expect(parseIdentity(concatBytes(Uint8Array.of(2), bytes.subarray(1)))).toEqual(malformed)
  })

  it("[K32] its admission proof counts for this group, member and these keys only", async () => {
    const proof = await signAdmission(sealer, device, group, member)
    expect(await verifyAdmission(sealer, group, member, device.keys, proof)).toBe(true)
    expect(await verifyAdmission(sealer, id(32) as GroupId, member, device.keys, proof)).toBe(false)
    expect(await verifyAdmission(sealer, group, id(16) as MemberId, device.keys, proof)).toBe(false)
    const { keys } = createDeviceIdentity(random)
    for (const changed of [{ signing: keys.signing }, { wrap: keys.wrap }, { link: keys.link }])
      expect(await verifyAdmission(sealer, group, member, { ...device.keys, ...changed }, proof)).toBe(false)
    expect(await verifyAdmission(sealer, group, member, device.keys, flipBit(proof, 300))).toBe(false)
  })

  it("[K34] a certificate binds the feed to device, group, circle and incarnation; any flipped bit is refused", async () => {
    const feed = bytesToHex(sealer.signingKeyOf(random.bytes(32))) as FeedId
    const bytes = await signCertificate(sealer, device, { group, circle, incarnation, feed })
    expect(bytes).toHaveLength(177)
    const certificate = parseCertificate(bytes)
    if (certificate === undefined) throw new Error("not parsed")
    expect(certificate).toMatchObject({ group, device: device.id, circle, incarnation, feed })
    expect(await verifyCertificate(sealer, device.keys.signing, certificate)).toBe(true)
    expect(await verifyCertificate(sealer, createDeviceIdentity(random).keys.signing, certificate)).toBe(
      false,
    )
    for (let bit = 0; bit < 8 * bytes.length; bit += 13) {
      const altered = parseCertificate(flipBit(bytes, bit))
      expect(
        altered !== undefined && (await verifyCertificate(sealer, device.keys.signing, altered)),
        `bit ${bit}`,
      ).toBe(false)
    }
    const ofLog = parseCertificate(
      await signCertificate(sealer, device, { group, circle: undefined, incarnation, feed }),
    )
    expect(ofLog?.circle).toBeUndefined()
  })

  it("[K31] [K34] parsers take anything without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(parseIdentity(bytes).ok).toBe(false)
        expect(parseCertificate(bytes)).toBeUndefined()
      }),
    )
  })
})
