import { type Random, compareBytes, concatBytes, textToBytes } from "@home/shared/base"
import type { RoomKeys } from "@home/shared/wire"
import { domains } from "./domain.js"
import { checkKey, deriveKey, nonceBytes, tagBytes } from "./key.js"
import { pad, unpad } from "./padded.js"
import type { Primitives } from "./primitives.js"

const outerVersion = 1

/**
 * A room secret from the epoch key (or a pairwise secret) and the relay's origin, and from it the room's
 * signing seed and the key of its outer blobs: two relays, or two epochs, see nothing in common.
 */
export const roomOf = (primitives: Primitives, secret: Uint8Array, origin: string): RoomKeys => {
  const roomSecret = deriveKey(primitives, checkKey(secret), domains.room, textToBytes(origin))
  const signingSeed = deriveKey(primitives, roomSecret, domains.roomSigning)
  const outerKey = deriveKey(primitives, roomSecret, domains.roomOuter)
  return { id: primitives.ed25519PublicKey(signingSeed), signingSeed, outerKey }
}

/** `version u8 | room id 32`: binds a blob to its room. Only the version is sent. */
const outerAssociated = (room: RoomKeys): Uint8Array => concatBytes(Uint8Array.of(outerVersion), room.id)

/** `version u8 = 1 | nonce 24 | ciphertext of the padded blob | tag 16`. */
export const sealOuter = (
  { primitives, random }: { readonly primitives: Primitives; readonly random: Random },
  room: RoomKeys,
  blob: Uint8Array,
): Uint8Array => {
  const nonce = random.bytes(nonceBytes)
  const sealed = primitives.xchacha20poly1305.seal(room.outerKey, nonce, outerAssociated(room), pad(blob))
  return concatBytes(Uint8Array.of(outerVersion), nonce, sealed)
}

/** `undefined`: not of this room, altered, or another version. */
export const openOuter = (
  primitives: Primitives,
  room: RoomKeys,
  sealed: Uint8Array,
): Uint8Array | undefined => {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== outerVersion) return undefined
  const nonce = sealed.subarray(1, 1 + nonceBytes)
  const ciphertext = sealed.subarray(1 + nonceBytes)
  const padded = primitives.xchacha20poly1305.open(room.outerKey, nonce, outerAssociated(room), ciphertext)
  return padded === undefined ? undefined : unpad(padded)
}

/**
 * What two devices share for a room of their own: HKDF over X25519 (RFC 7748 section 6.1), both public keys
 * (sorted) and the context. A peer key of small order, which only a cheat publishes, must neither stop the
 * caller nor give a secret that strangers know: then it is a secret of this side alone, a room where nobody comes.
 */
export const pairwiseSecret = (
  primitives: Primitives,
  secret: Uint8Array,
  peer: Uint8Array,
  context: Uint8Array,
): Uint8Array => {
  const shared = primitives.x25519(checkKey(secret), peer)
  if (shared === undefined) return deriveKey(primitives, secret, domains.pairwiseNobody, peer, context)
  const [low, high] = [primitives.x25519PublicKey(secret), peer].toSorted(compareBytes)
  return deriveKey(primitives, shared, domains.pairwise, low ?? peer, high ?? peer, context)
}
