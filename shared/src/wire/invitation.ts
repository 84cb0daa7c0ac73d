import { ByteReader, ByteWriter, bytesToHex, hexToBytes } from "../base/index.js"
import type { Sealer } from "./sealer.js"

/**
 * What a person carries from one device to another, as a QR code or pasted text: where to meet and a secret that
 * proves it was seen. `invite`: a member's device takes a newcomer in; `claim`: a box waits to be taken in.
 */
export interface Invitation {
  readonly kind: "invite" | "claim"
  /** ws:// addresses in the local network at which the shower listens. */
  readonly addresses: readonly string[]
  /** A relay at which both meet in a one-time room, if the family has one. */
  readonly relay: string | undefined
  /** 32 random bytes: the psk of the handshake, and the seed of the one-time room. */
  readonly secret: Uint8Array
  /** First 16 bytes of a hash of the shower's link key: whom the other expects. */
  readonly keyHash: Uint8Array
  /** By the shower's clock; a claim does not expire. */
  readonly expiresMs: number | undefined
}

/** What `keyHash` holds: binds the code to whoever shows it, so that nobody else can stand at its addresses. */
export const linkKeyHash = (sealer: Pick<Sealer, "hash">, linkKey: Uint8Array): Uint8Array =>
  sealer.hash("link key", linkKey).slice(0, 16)

const version = 1
const kinds = { invite: 1, claim: 2 } as const
const maxAddresses = 8
const maxAddressBytes = 256
const prefix = "home1-"
const hexDigitsLimit = 8192

/** `version u8 | kind u8 | secret 32 | keyHash 16 | expires u64 (0: never) | relay text | addresses list of text`, as hex behind `home1-`. */
export const encodeInvitation = (invitation: Invitation): string => {
  const bytes = new ByteWriter()
    .u8(version)
    .u8(kinds[invitation.kind])
    .bytes(invitation.secret)
    .bytes(invitation.keyHash)
    .u64(invitation.expiresMs ?? 0)
    .text(invitation.relay ?? "")
    .list(invitation.addresses, (list, address) => list.text(address))
    .done()
  return prefix + bytesToHex(bytes)
}

/** `undefined`: not an invitation, or of a later version. White space around and inside is forgiven. */
export const parseInvitation = (text: string): Invitation | undefined => {
  const compact = text
    .slice(0, hexDigitsLimit * 2)
    .replace(/\s+/g, "")
    .toLowerCase()
  if (!compact.startsWith(prefix) || compact.length > hexDigitsLimit) return undefined
  const bytes = hexToBytes(compact.slice(prefix.length))
  if (bytes === undefined) return undefined
  const reader = new ByteReader(bytes)
  if (reader.u8() !== version) reader.fail()
  const kind = reader.u8()
  if (kind !== kinds.invite && kind !== kinds.claim) reader.fail()
  const secret = reader.bytes(32).slice()
  const keyHash = reader.bytes(16).slice()
  const expires = reader.u64()
  const relay = reader.text(maxAddressBytes)
  const addresses = reader.list(maxAddresses, list => list.text(maxAddressBytes))
  if (!reader.end()) return undefined
  return {
    kind: kind === kinds.invite ? "invite" : "claim",
    addresses,
    relay: relay === "" ? undefined : relay,
    secret,
    keyHash,
    expiresMs: expires === 0 ? undefined : expires,
  }
}
