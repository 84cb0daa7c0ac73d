import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type CircleId,
  type DeviceId,
  type FeedId,
  type GroupId,
  type IncarnationId,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import { certificateBytes, encodeCertificate, parseCertificate } from "./certificate.js"

const hex = <T extends string>(length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(raw => bytesToHex(raw) as T)
const certificate = fc.record({
  group: hex<GroupId>(32),
  device: hex<DeviceId>(16),
  circle: fc.option(
    hex<CircleId>(16).filter(id => !/^0+$/.test(id)),
    { nil: undefined },
  ),
  incarnation: hex<IncarnationId>(16),
  feed: hex<FeedId>(32),
})
const signature = new Uint8Array(64).fill(7)

describe("a certificate", () => {
  it("[W20] is read back as it was written; zeros stand for the log's circle", () => {
    fc.assert(
      fc.property(certificate, given => {
        const unsigned = encodeCertificate(given)
        const bytes = concatBytes(unsigned, signature)
        expect(bytes).toHaveLength(certificateBytes)
        expect(parseCertificate(bytes)).toEqual({ ...given, bytes, signedPart: unsigned, signature })
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it("[W20] has 177 bytes of version 1, exactly; the signed part is all before the signature", () => {
    const raw = concatBytes(
      encodeCertificate({
        group: "11".repeat(32) as GroupId,
        device: "22".repeat(16) as DeviceId,
        circle: undefined,
        incarnation: "33".repeat(16) as IncarnationId,
        feed: "44".repeat(32) as FeedId,
      }),
      signature,
    )
    expect(bytesToHex(raw)).toBe(
      [
        "01",
        "11".repeat(32),
        "22".repeat(16),
        "00".repeat(16),
        "33".repeat(16),
        "44".repeat(32),
        "07".repeat(64),
      ].join(""),
    )
    for (let length = 0; length < raw.length; length++)
      expect(parseCertificate(raw.subarray(0, length))).toBeUndefined()
    expect(parseCertificate(concatBytes(raw, Uint8Array.of(0)))).toBeUndefined()
    const later = raw.slice()
    later[0] = 2
    expect(parseCertificate(later)).toBeUndefined()
    expect(parseCertificate(raw)?.signedPart).toHaveLength(113)
  })
})
