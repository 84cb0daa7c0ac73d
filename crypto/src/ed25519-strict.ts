/** p = 2^255 - 19 and L, the order of the base point (RFC 8032 section 5.1), as 32 bytes, lowest first. */
const fieldPrime = "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
const groupOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"

/**
 * The y of the eight points whose order divides 8, lowest byte first, sign of x left out: the identity, the
 * point of order 2, the two of order 4 (y = 0), the four of order 8.
 */
const smallOrder = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]

const littleEndian = (hex: string): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))

const prime = littleEndian(fieldPrime)
const order = littleEndian(groupOrder)
const smallOrderYs = smallOrder.map(littleEndian)

/** `signBit`: the highest bit of `value`, which is no part of the number, is passed over. */
const byteAt = (value: Uint8Array, i: number, signBit: boolean): number =>
  signBit && i === 31 ? (value[i] ?? 0) & 0x7f : (value[i] ?? 0)

const isBelow = (value: Uint8Array, bound: Uint8Array, signBit: boolean): boolean => {
  for (let i = 31; i >= 0; i--) {
    const difference = byteAt(value, i, signBit) - (bound[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

const isEqual = (value: Uint8Array, other: Uint8Array): boolean => {
  for (let i = 0; i < 32; i++) if (byteAt(value, i, true) !== other[i]) return false
  return true
}

/**
 * What SPEC.md K2 asks of a signature before any equation, and what platform libraries leave out or do each in
 * its own way: the lengths, `S < L`, and an `A` that is canonical (y < p; an x of zero with its sign set is only
 * possible for points of small order) and not of small order. Whether `A` is on the curve is the library's to see.
 */
export const isStrictSignature = (publicKey: Uint8Array, signature: Uint8Array): boolean =>
  publicKey.length === 32 &&
  signature.length === 64 &&
  isBelow(signature.subarray(32), order, false) &&
  isBelow(publicKey, prime, true) &&
  !smallOrderYs.some(y => isEqual(publicKey, y))
