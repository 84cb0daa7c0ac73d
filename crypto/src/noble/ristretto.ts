import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js"
import { sha512 } from "@noble/hashes/sha2.js"
import type { PakeGroup } from "../cpace.js"

const { Point } = ristretto255
/** The order of the group: RFC 9496 section 4. */
const groupOrder = Point.Fn.ORDER

const { deriveToCurve } = ristretto255_hasher
if (deriveToCurve === undefined) throw new Error("noble derives no ristretto255 elements")

const numberOf = (littleEndian: Uint8Array): bigint => {
  let value = 0n
  for (let i = littleEndian.length - 1; i >= 0; i--) value = value * 256n + BigInt(littleEndian[i] ?? 0)
  return value
}

/** ristretto255 (RFC 9496) with SHA-512, for CPace. */
export const nobleRistretto: PakeGroup = {
  hash: bytes => sha512(bytes),
  elementOf: uniform => {
    if (uniform.length !== 64) throw new TypeError("an element is derived from 64 bytes")
    // RFC 9496 section 4.3.4.
    return deriveToCurve(uniform).toBytes()
  },
  scalarOf: uniform => {
    if (uniform.length !== 64) throw new TypeError("a scalar is derived from 64 bytes")
    // Of 512 bits modulo 252: the bias is below 2^-256. Zero would give everything away, and never comes.
    return Point.Fn.toBytes((numberOf(uniform) % (groupOrder - 1n)) + 1n)
  },
  multiply: (scalar, element) => {
    if (element.length !== 32) return undefined
    try {
      const product = Point.fromBytes(element).multiply(Point.Fn.fromBytes(scalar))
      return product.is0() ? undefined : product.toBytes()
    } catch {
      return undefined // not a canonical encoding, or the identity
    }
  },
}
