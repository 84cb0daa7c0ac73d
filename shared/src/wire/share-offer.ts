import { ByteReader, ByteWriter, type GroupId, concatBytes } from "../base/index.js"
import { type ContactIdentity, contactStatement } from "./contact-card.js"
import type { Sealer } from "./sealer.js"

/** What one family hands another to come into a share: the key of its log, which also says where the log lies. */
export interface ShareOffer {
  readonly group: GroupId
  /** 32 bytes. */
  readonly logKey: Uint8Array
  readonly title: string
  /** ws:// or wss:// URLs. */
  readonly relays: readonly string[]
}

const version = 1
const signatureBytes = 64
const offerDomain = "share offer"
export const shareOfferLimits = { titleBytes: 128, relays: 8, relayBytes: 256, bytes: 4096 } as const

/** Between whom: the signature covers both, so that nobody hands an offer on as if it had been made to another. */
const between = (from: ContactIdentity, to: ContactIdentity): Uint8Array =>
  concatBytes(contactStatement(from), contactStatement(to))

/**
 * `version u8 | group 32 | logKey 32 | title text | relays list of text | signature 64`: Ed25519 by the
 * sender's contact signing key (`seed`) over both statements and what stands before, domain "share offer".
 */
export const signShareOffer = async (
  sealer: Pick<Sealer, "sign">,
  seed: Uint8Array,
  from: ContactIdentity,
  to: ContactIdentity,
  offer: ShareOffer,
): Promise<Uint8Array> => {
  const unsigned = new ByteWriter()
    .u8(version)
    .hex(offer.group)
    .bytes(offer.logKey)
    .text(offer.title)
    .list(offer.relays.slice(0, shareOfferLimits.relays), (list, relay) => list.text(relay))
    .done()
  return concatBytes(unsigned, await sealer.sign(offerDomain, seed, concatBytes(between(from, to), unsigned)))
}

/** `undefined`: no offer from that family to this one. */
export const openShareOffer = async (
  sealer: Pick<Sealer, "verify">,
  from: ContactIdentity,
  to: ContactIdentity,
  bytes: Uint8Array,
): Promise<ShareOffer | undefined> => {
  if (bytes.length > shareOfferLimits.bytes || bytes.length < signatureBytes) return undefined
  const reader = new ByteReader(bytes)
  if (reader.u8() !== version) reader.fail()
  const group = reader.hex(32) as GroupId
  const logKey = reader.bytes(32).slice()
  const title = reader.text(shareOfferLimits.titleBytes)
  const relays = reader.list(shareOfferLimits.relays, list => list.text(shareOfferLimits.relayBytes))
  const signature = reader.bytes(signatureBytes)
  if (!reader.end()) return undefined
  const signed = concatBytes(between(from, to), bytes.subarray(0, bytes.length - signatureBytes))
  if (!(await sealer.verify(offerDomain, from.keys.signing, signed, signature))) return undefined
  return { group, logKey, title, relays }
}
