import { framedParts } from "./domain.js"
import type { Primitives } from "./primitives.js"

/** Every symmetric key, seed and secret here. */
export const keyBytes = 32
/** XChaCha20-Poly1305's nonce: random, never counted. */
export const nonceBytes = 24
export const tagBytes = 16

const empty = new Uint8Array(0)

/** Own keys have the right length or the program is wrong. */
export const checkKey = (key: Uint8Array): Uint8Array => {
  if (key.length !== keyBytes) throw new TypeError("a key has 32 bytes")
  return key
}

/** HKDF-SHA-256 (RFC 5869), empty salt, info = domain and parts framed with their lengths: 32 bytes. */
export const deriveKey = (
  primitives: Primitives,
  inputKey: Uint8Array,
  domain: string,
  ...parts: readonly Uint8Array[]
): Uint8Array =>
  primitives.hkdfExpand(primitives.hkdfExtract(empty, inputKey), framedParts(domain, parts), keyBytes)
