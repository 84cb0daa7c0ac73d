import { ed25519 } from "@noble/curves/ed25519.js"
import { sha512 } from "@noble/hashes/sha2.js"
import { concatBytes, textToBytes } from "@home/shared/base"

export interface EdgeSignature {
  readonly what: string
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

const { Point } = ed25519
const order = Point.Fn.ORDER
const prime = Point.Fp.ORDER

/** `value` below 2^256 as 32 bytes, lowest first. */
const little = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))

const fromLittle = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n)

const signBit = 1n << 255n

/** A point of order 8, and with its multiples all whose order divides 8. */
const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
const smallPoints = Array.from({ length: 8 }, (_, i) => torsion.multiplyUnsafe(BigInt(i)))

/** What is 32 bytes long and no honest public key: small order, y at or above p, x of zero with its sign set. */
const oddEncodings = (): readonly Uint8Array[] => {
  const small = smallPoints.map(point => point.toBytes())
  const high = Array.from({ length: 19 }, (_, i) => prime + BigInt(i)).flatMap(y => [y, y + signBit])
  const zeroX = [1n + signBit, prime - 1n + signBit]
  return [...small, ...[...high, ...zeroX, 2n, 7n, signBit - 1n, 2n * signBit - 1n].map(little)]
}

const challengeOf = (commitment: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint =>
  fromLittle(sha512(concatBytes(commitment, publicKey, message))) % order

/**
 * Signatures made to divide implementations, from small numbers and so the same in every run: for each odd `A` one
 * whose equation holds wherever it can (`R = [S]B - [k]A`, searched for a k that takes the small part away), keys
 * and commitments with a part of small order, every other spelling of S, and every odd R.
 */
export const edgeSignatures = (): readonly EdgeSignature[] => {
  const found: EdgeSignature[] = []
  const message = textToBytes("divide")
  const add = (what: string, publicKey: Uint8Array, commitment: Uint8Array, response: bigint): void => {
    found.push({ what, publicKey, message, signature: concatBytes(commitment, little(response)) })
  }
  const secret = 123_456_789n

  // A with a small part: valid without the cofactor exactly when the challenge takes that part away.
  for (const [index, small] of smallPoints.entries()) {
    const publicKey = Point.BASE.multiply(secret).add(small).toBytes()
    for (let nonce = 1n; nonce <= 24n; nonce++) {
      const commitment = Point.BASE.multiply(nonce).toBytes()
      const response = (nonce + challengeOf(commitment, publicKey, message) * secret) % order
      add(`A + torsion ${index}, nonce ${nonce}`, publicKey, commitment, response)
      const shifted = Point.BASE.multiply(nonce).add(small).toBytes()
      const other = (nonce + challengeOf(shifted, publicKey, message) * secret) % order
      add(`A and R + torsion ${index}, nonce ${nonce}`, publicKey, shifted, other)
    }
  }

  // A of no use at all: [S]B = R + [k]A for some R whenever A is a point of small order.
  for (const [index, publicKey] of oddEncodings().entries())
    for (let response = 0n; response < 4n; response++)
      for (const small of smallPoints) {
        const commitment = Point.BASE.multiplyUnsafe(response).add(small).toBytes()
        add(`odd A ${index}, S = ${response}`, publicKey, commitment, response)
      }

  // An honest key, with every odd R and every other spelling of S.
  const honest = Point.BASE.multiply(secret).toBytes()
  for (const [index, commitment] of oddEncodings().entries()) {
    const response = (challengeOf(commitment, honest, message) * secret) % order
    add(`odd R ${index}`, honest, commitment, response)
  }
  const commitment = Point.BASE.multiply(7n).toBytes()
  const response = (7n + challengeOf(commitment, honest, message) * secret) % order
  for (let times = 0n; response + times * order < 2n ** 256n; times++)
    add(`S + ${times} L`, honest, commitment, response + times * order)
  for (const odd of [0n, order - 1n, order, order + 1n, signBit, 2n ** 256n - 1n])
    add(`S = ${odd}`, honest, commitment, odd)
  return found
}
