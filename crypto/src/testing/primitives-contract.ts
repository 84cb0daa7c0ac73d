import { bytesToHex, concatBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { noble } from "../noble/all.js"
import { edgeSignatures } from "../noble/testing/edge-signatures.js"
import type { Aead, Primitives } from "../primitives.js"
import { flipBit, fromHex } from "./bytes.js"
import { ownVectors } from "./own-vectors.js"

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const key = bytesOf(32)
/** Around the block sizes of SHA-256, ChaCha20 and Poly1305, and beyond. */
const text = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(55, 56, 63, 64, 65, 127, 128, 1_000, 4_096).chain(bytesOf),
)

/** What `act` gives, or that it throws: both must be the same everywhere. */
const outcome = <T>(act: () => T): T | "throws" => {
  try {
    return act()
  } catch {
    return "throws"
  }
}

/**
 * That `primitives` answers as noble does, byte for byte and refusal for refusal: SPEC.md K12. What the two disagree
 * about would divide a family.
 */
export const runPrimitivesContract = (name: string, primitives: Primitives): void => {
  describe(`primitives: ${name} as noble`, () => {
    it("[K12] gives the project's own vectors", async () => {
      expect(await ownVectors(primitives)).toEqual(await ownVectors(noble))
    })

    it("[K12] hashes and derives the same, and refuses too much output", () => {
      const lengths = fc.constantFrom(0, 1, 31, 32, 33, 64, 8_160, 8_161)
      fc.assert(
        fc.property(text, text, lengths, (one, two, length) => {
          expect(primitives.sha256(one)).toEqual(noble.sha256(one))
          expect(primitives.hmacSha256(one, two)).toEqual(noble.hmacSha256(one, two))
          const pseudorandom = noble.hkdfExtract(one, two)
          expect(primitives.hkdfExtract(one, two)).toEqual(pseudorandom)
          expect(outcome(() => primitives.hkdfExpand(pseudorandom, two, length))).toEqual(
            outcome(() => noble.hkdfExpand(pseudorandom, two, length)),
          )
        }),
      )
    })

    it("[K12] seals and opens the same, and refuses the same", () => {
      const ciphers: readonly (readonly [Aead, Aead, number])[] = [
        [primitives.chacha20poly1305, noble.chacha20poly1305, 12],
        [primitives.xchacha20poly1305, noble.xchacha20poly1305, 24],
      ]
      for (const [ours, theirs, nonceBytes] of ciphers)
        fc.assert(
          fc.property(key, bytesOf(nonceBytes), text, text, fc.nat(), (k, nonce, associated, plain, bit) => {
            const sealed = ours.seal(k, nonce, associated, plain)
            expect(sealed).toEqual(theirs.seal(k, nonce, associated, plain))
            expect(ours.open(k, nonce, associated, sealed)).toEqual(plain)
            const altered = flipBit(sealed, bit % (8 * sealed.length))
            expect(ours.open(k, nonce, associated, altered)).toBeUndefined()
            expect(ours.open(k, nonce, associated, sealed.subarray(1))).toBeUndefined()
            expect(ours.open(k, nonce, concatBytes(associated, nonce), sealed)).toBeUndefined()
            for (const wrong of [nonce.subarray(1), concatBytes(nonce, nonce)])
              expect(() => ours.seal(k, wrong, associated, plain)).toThrow()
            expect(() => ours.open(k.subarray(1), nonce, associated, sealed)).toThrow()
          }),
        )
    })

    it("[K12] agrees on keys and secrets, and that a result of zero is none", () => {
      const prime = fromHex("ed" + "ff".repeat(30) + "7f")
      const zeros = ["00".repeat(32), "01" + "00".repeat(31), "00".repeat(31) + "80"]
      const order8 = [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      ]
      const peers = fc.oneof(key, fc.constantFrom(prime, ...[...zeros, ...order8].map(fromHex)))
      fc.assert(
        fc.property(key, peers, fc.nat(255), (secret, peer, bit) => {
          expect(primitives.x25519PublicKey(secret)).toEqual(noble.x25519PublicKey(secret))
          expect(primitives.x25519(secret, peer)).toEqual(noble.x25519(secret, peer))
          expect(primitives.ed25519PublicKey(secret)).toEqual(noble.ed25519PublicKey(secret))
          // The same array filled anew is another secret.
          secret.set(flipBit(secret, bit))
          expect(primitives.x25519(secret, peer)).toEqual(noble.x25519(secret, peer))
          expect(primitives.ed25519PublicKey(secret)).toEqual(noble.ed25519PublicKey(secret))
        }),
        { numRuns: 30 },
      )
      for (const small of [...zeros, ...order8, bytesToHex(prime)])
        expect(primitives.x25519(new Uint8Array(32).fill(7), fromHex(small)), small).toBeUndefined()
      expect(primitives.x25519(new Uint8Array(32), new Uint8Array(31))).toBeUndefined()
      expect(() => primitives.x25519(new Uint8Array(31), new Uint8Array(32))).toThrow()
      expect(() => primitives.ed25519PublicKey(new Uint8Array(33))).toThrow()
    })

    it("[K12] signs the same, and judges whole and altered signatures the same", async () => {
      await fc.assert(
        fc.asyncProperty(key, text, fc.nat(511), fc.nat(255), async (seed, message, bit, keyBit) => {
          const publicKey = noble.ed25519PublicKey(seed)
          const signature = await primitives.ed25519Sign(seed, message)
          expect(signature).toEqual(await noble.ed25519Sign(seed, message))
          expect(await primitives.ed25519Verify(publicKey, message, signature)).toBe(true)
          const cases = [
            [publicKey, flipBit(signature, bit)],
            [flipBit(publicKey, keyBit), signature],
            [publicKey.subarray(1), signature],
            [publicKey, signature.subarray(1)],
          ] as const
          for (const [a, s] of cases)
            expect(await primitives.ed25519Verify(a, message, s)).toBe(
              await noble.ed25519Verify(a, message, s),
            )
        }),
        { numRuns: 20 },
      )
    })

    it("[K2][K12] judges signatures that were made to divide implementations the same", async () => {
      const accepted: string[] = []
      const cases = edgeSignatures()
      for (const { what, publicKey, message, signature } of cases) {
        const verified = await noble.ed25519Verify(publicKey, message, signature)
        expect(await primitives.ed25519Verify(publicKey, message, signature), what).toBe(verified)
        if (verified) accepted.push(what)
      }
      // Both answers occur, among them keys with a part of small order that the equation lets through.
      expect(cases.length).toBeGreaterThan(1_500)
      expect(accepted).toContain("S + 0 L")
      expect(accepted.filter(what => /^A \+ torsion [1-7],/.test(what)).length).toBeGreaterThan(7)
      expect(accepted.filter(what => /odd A/.test(what))).toEqual([])
    })
  })
}
