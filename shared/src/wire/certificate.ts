import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type DeviceId,
  type FeedId,
  type GroupId,
  type IncarnationId,
} from "../base/index.js"

/**
 * A device says: this feed is mine, for this circle, in this incarnation.
 * `version u8 | group 32 | device 16 | circle 16 (zeros = the log) | incarnation 16 | feed 32 | signature 64`,
 * signed by the device's Ed25519 key over everything before the signature, domain "certificate".
 */
export interface Certificate {
  readonly group: GroupId
  readonly device: DeviceId
  /** `undefined`: the feed carries membership operations, sealed with the log key. */
  readonly circle: CircleId | undefined
  readonly incarnation: IncarnationId
  readonly feed: FeedId
  readonly bytes: Uint8Array
  readonly signedPart: Uint8Array
  readonly signature: Uint8Array
}

export const certificateDomain = "certificate"
export const certificateBytes = 177
const version = 1
const logCircle = "0".repeat(32)

export const encodeCertificate = (
  certificate: Pick<Certificate, "group" | "device" | "circle" | "incarnation" | "feed">,
): Uint8Array =>
  new ByteWriter()
    .u8(version)
    .hex(certificate.group)
    .hex(certificate.device)
    .hex(certificate.circle ?? logCircle)
    .hex(certificate.incarnation)
    .hex(certificate.feed)
    .done()

/** `undefined` when the layout is not exactly a certificate's. The signature is not checked here. */
export const parseCertificate = (bytes: Uint8Array): Certificate | undefined => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== version) reader.fail()
  const group = reader.hex(32) as GroupId
  const device = reader.hex(16) as DeviceId
  const circle = reader.hex(16)
  const incarnation = reader.hex(16) as IncarnationId
  const feed = reader.hex(32) as FeedId
  const signature = reader.bytes(64)
  if (!reader.end()) return undefined
  return {
    group,
    device,
    circle: circle === logCircle ? undefined : (circle as CircleId),
    incarnation,
    feed,
    bytes,
    signedPart: bytes.subarray(0, certificateBytes - 64),
    signature,
  }
}
