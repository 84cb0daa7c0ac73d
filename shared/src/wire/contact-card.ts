import {
  ByteReader,
  ByteWriter,
  type GroupId,
  bytesToHex,
  concatBytes,
  hexToBytes,
  textToBytes,
} from "../base/index.js"
import type { Sealer } from "./sealer.js"

/** The public keys by which other families know this one, 32 bytes each. */
export interface ContactKeys {
  /** Ed25519: signs the card, and stands for the family in a share. */
  readonly signing: Uint8Array
  /** X25519: what another family seals for this one. */
  readonly agreement: Uint8Array
}

/** What a family is to another one: when any of it differs, it is somebody else, or the phrase was changed. */
export interface ContactIdentity {
  readonly group: GroupId
  /** Ed25519 key of the recovery phrase, which certifies the contact keys. */
  readonly recovery: Uint8Array
  readonly keys: ContactKeys
}

/** What a card says beside the identity: hints that may change, signed by the contact key. */
export interface ContactHints {
  readonly issuedMs: number
  /** What the family calls itself; "" while its name is not known where the card was made. */
  readonly name: string
  /** ws:// or wss:// URLs at which it can be found. */
  readonly relays: readonly string[]
}

/** A family's card for other families. It names no member and no device. */
export interface ContactCard extends ContactIdentity, ContactHints {
  readonly certificate: Uint8Array
  readonly signature: Uint8Array
  readonly signedPart: Uint8Array
  readonly bytes: Uint8Array
}

const version = 1
const signatureBytes = 64
const cardNameBytes = 128
const cardRelays = 4
const relayBytes = 256
/** All fields at their limits. */
export const contactCardBytes = 1536
const prefix = "homecard1-"
/** Signature domains: the recovery signer's of the certificate, the contact key's of the card. */
const certificateDomain = "contact"
const cardDomain = "contact card"

/** `version u8 | group 32 | recovery 32 | signing 32 | agreement 32`: what is certified, compared and hashed. */
export const contactStatement = ({ group, recovery, keys }: ContactIdentity): Uint8Array =>
  new ByteWriter().u8(version).hex(group).bytes(recovery).bytes(keys.signing).bytes(keys.agreement).done()

/** Names a contact identity: hex of H("contact", statement), 32 bytes. */
export const contactIdOf = (sealer: Pick<Sealer, "hash">, identity: ContactIdentity): string =>
  bytesToHex(sealer.hash("contact", contactStatement(identity)))

/** `seed`: the recovery phrase's signing seed. */
export const certifyContact = (
  sealer: Pick<Sealer, "sign">,
  seed: Uint8Array,
  identity: ContactIdentity,
): Promise<Uint8Array> => sealer.sign(certificateDomain, seed, contactStatement(identity))

const isWithin = (text: string, bytes: number): boolean => textToBytes(text).length <= bytes

/** What of them a card carries: a name that is too long is cut, a relay that is too long left out. */
export const fittingHints = (hints: ContactHints): ContactHints => {
  const name = [...hints.name]
  while (!isWithin(name.join(""), cardNameBytes)) name.pop()
  const relays = hints.relays.filter(relay => isWithin(relay, relayBytes)).slice(0, cardRelays)
  return { issuedMs: hints.issuedMs, name: name.join(""), relays }
}

/**
 * `statement 129 | certificate 64 | issued u64 (ms since 1970) | name text | relays list of text | signature 64`.
 * `seed`: the contact signing seed. Hints as `fittingHints` leaves them.
 */
export const signContactCard = async (
  sealer: Pick<Sealer, "sign">,
  seed: Uint8Array,
  card: ContactIdentity & ContactHints & { readonly certificate: Uint8Array },
): Promise<Uint8Array> => {
  const { issuedMs, name, relays } = fittingHints(card)
  const unsigned = new ByteWriter()
    .bytes(contactStatement(card))
    .bytes(card.certificate)
    .u64(issuedMs)
    .text(name)
    .list(relays, (list, relay) => list.text(relay))
    .done()
  return concatBytes(unsigned, await sealer.sign(cardDomain, seed, unsigned))
}

/** `undefined`: not exactly a card. Signatures are not checked here. */
export const parseContactCard = (bytes: Uint8Array): ContactCard | undefined => {
  if (bytes.length > contactCardBytes || bytes.length < signatureBytes) return undefined
  const reader = new ByteReader(bytes)
  if (reader.u8() !== version) reader.fail()
  const group = reader.hex(32) as GroupId
  const recovery = reader.bytes(32)
  const keys = { signing: reader.bytes(32), agreement: reader.bytes(32) }
  const certificate = reader.bytes(signatureBytes)
  const issuedMs = reader.u64()
  const name = reader.text(cardNameBytes)
  const relays = reader.list(cardRelays, list => list.text(relayBytes))
  const signature = reader.bytes(signatureBytes)
  if (!reader.end()) return undefined
  const signedPart = bytes.subarray(0, bytes.length - signatureBytes)
  return { group, recovery, keys, certificate, issuedMs, name, relays, signature, signedPart, bytes }
}

/** The recovery signer vouches for the keys, and the contact key for the rest. Whose card it is only people can tell. */
export const verifyContactCard = async (
  sealer: Pick<Sealer, "verify">,
  card: ContactCard,
): Promise<boolean> =>
  (await sealer.verify(certificateDomain, card.recovery, contactStatement(card), card.certificate)) &&
  (await sealer.verify(cardDomain, card.keys.signing, card.signedPart, card.signature))

/** As a QR code or pasted text: hex behind `homecard1-`. */
export const encodeContactLink = (card: Uint8Array): string => prefix + bytesToHex(card)

/** `undefined`: no card. White space and case are forgiven. */
export const parseContactLink = (text: string): ContactCard | undefined => {
  const longest = prefix.length + 2 * contactCardBytes
  const compact = text
    .slice(0, longest * 2)
    .replace(/\s+/g, "")
    .toLowerCase()
  if (!compact.startsWith(prefix) || compact.length > longest) return undefined
  const bytes = hexToBytes(compact.slice(prefix.length))
  return bytes === undefined ? undefined : parseContactCard(bytes)
}
