import { ed25519 } from "@noble/curves/ed25519.js"
import { sha256, sha512 } from "@noble/hashes/sha2.js"
import { concatBytes, equalBytes } from "@home/shared/base"
import type { PublicPrimitives } from "../primitives.js"

const { Point } = ed25519
/** L, the order of the base point: RFC 8032 section 5.1. */
const groupOrder = Point.Fn.ORDER

const littleEndian = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i] ?? 0)
  return value
}

/**
 * RFC 8032 section 5.1.7 without the cofactor, which the RFC permits. noble's own `verify` multiplies by the
 * cofactor while OpenSSL and BoringSSL (hence node:crypto and WebCrypto) do not: a signer could make
 * signatures that one half of a family accepts and the other refuses. So noble's points, and the equation here.
 */
const ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const commitment = signature.subarray(0, 32)
  // Step 1: S must be below L, else one signature would have several spellings.
  const response = littleEndian(signature.subarray(32))
  if (response >= groupOrder) return false
  // Step 1: A decodes in its one canonical form (`false`: not ZIP 215), and is no point of small order, under
  // which one signature would fit many messages.
  let point: InstanceType<typeof Point>
  try {
    point = Point.fromBytes(publicKey, false)
  } catch {
    return false
  }
  if (point.isSmallOrder()) return false
  // Step 2: k = SHA-512(R || A || M).
  const challenge = littleEndian(sha512(concatBytes(commitment, publicKey, message))) % groupOrder
  // Step 3: [S]B = R + [k]A, compared as bytes: that refuses an R in any other form as well.
  const expected = Point.BASE.multiplyUnsafe(response).subtract(point.multiplyUnsafe(challenge))
  return equalBytes(expected.toBytes(), commitment)
}

/** noble's share of what needs no secret. */
export const noblePublic: PublicPrimitives = {
  sha256: bytes => sha256(bytes),
  ed25519Verify: (publicKey, message, signature) =>
    Promise.resolve(ed25519Verify(publicKey, message, signature)),
}
