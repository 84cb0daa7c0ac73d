import * as native from "node:crypto"
import { ed25519 } from "@noble/curves/ed25519.js"
import { sha512 } from "@noble/hashes/sha2.js"
import { bytesToHex, concatBytes, textToBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fromHex } from "../testing/bytes.js"
import { noble } from "./all.js"

/** node:crypto takes Ed25519 keys as SPKI: RFC 8410 section 4. */
const nativeVerify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const der = concatBytes(fromHex("302a300506032b6570032100"), publicKey)
  const key = native.createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" })
  return native.verify(null, message, key, signature)
}

const seed = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")

/** Points of order 8 and the identity, canonical: RFC 7748's curve in Edwards form has eight such points. */
const smallOrderKeys = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]

describe("primitives", () => {
  it("[K1] SHA-256: FIPS 180-4 example; HMAC: RFC 4231 case 2; HKDF: RFC 5869 A.1", () => {
    expect(bytesToHex(noble.sha256(textToBytes("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    )
    const mac = noble.hmacSha256(textToBytes("Jefe"), textToBytes("what do ya want for nothing?"))
    expect(bytesToHex(mac)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    const extracted = noble.hkdfExtract(fromHex("000102030405060708090a0b0c"), new Uint8Array(22).fill(0x0b))
    expect(bytesToHex(extracted)).toBe("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    expect(bytesToHex(noble.hkdfExpand(extracted, fromHex("f0f1f2f3f4f5f6f7f8f9"), 42))).toBe(
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    )
  })

  it("[K2] Ed25519: RFC 8032 section 7.1 tests 1 and 2", async () => {
    expect(bytesToHex(noble.ed25519PublicKey(seed))).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    )
    const signature = await noble.ed25519Sign(seed, new Uint8Array(0))
    expect(bytesToHex(signature)).toBe(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    )
    expect(await noble.ed25519Verify(noble.ed25519PublicKey(seed), new Uint8Array(0), signature)).toBe(true)
    const publicKey = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    const second = fromHex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    )
    expect(await noble.ed25519Verify(publicKey, fromHex("72"), second)).toBe(true)
    expect(await noble.ed25519Verify(publicKey, fromHex("73"), second)).toBe(false)
  })

  it("[K2] a public key of small order verifies nothing", async () => {
    for (const key of smallOrderKeys) {
      // R = A = identity-like, S = 0 satisfies the cofactored equation for such keys whatever the message.
      for (const commitment of smallOrderKeys) {
        const signature = concatBytes(fromHex(commitment), new Uint8Array(32))
        expect(await noble.ed25519Verify(fromHex(key), textToBytes("anything"), signature)).toBe(false)
      }
    }
  })

  it("[K2] a commitment R that differs by a point of small order is refused, as OpenSSL refuses it", async () => {
    const { Point } = ed25519
    const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    const little = (bytes: Uint8Array): bigint => BigInt("0x" + bytesToHex(bytes.toReversed()))
    const order = Point.Fn.ORDER
    const secret = 123456789n
    const publicKey = Point.BASE.multiply(secret).toBytes()
    const nonce = 987654321n
    const commitment = Point.BASE.multiply(nonce).add(torsion).toBytes()
    const message = textToBytes("divide")
    const challenge = little(sha512(concatBytes(commitment, publicKey, message))) % order
    const response = (nonce + challenge * secret) % order
    const signature = concatBytes(commitment, Point.Fn.toBytes(response))
    // With the cofactor it would pass: the case is a real one.
    expect(ed25519.verify(signature, message, publicKey, { zip215: false })).toBe(true)
    expect(nativeVerify(publicKey, message, signature)).toBe(false)
    expect(await noble.ed25519Verify(publicKey, message, signature)).toBe(false)
  })

  it("[K2] agrees with node:crypto on signatures, whole and altered", async () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.uint8Array({ maxLength: 64 }), fc.nat(511), async (secret, message, bit) => {
        const publicKey = noble.ed25519PublicKey(secret)
        const signature = await noble.ed25519Sign(secret, message)
        expect(await noble.ed25519Verify(publicKey, message, signature)).toBe(true)
        expect(nativeVerify(publicKey, message, signature)).toBe(true)
        signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(await noble.ed25519Verify(publicKey, message, signature)).toBe(false)
        expect(nativeVerify(publicKey, message, signature)).toBe(false)
      }),
      { numRuns: 20 },
    )
  })

  it("[K2] wrong lengths and S + L are refused without throwing", async () => {
    const publicKey = noble.ed25519PublicKey(seed)
    const signature = await noble.ed25519Sign(seed, new Uint8Array(0))
    for (const length of [0, 63, 65]) {
      expect(await noble.ed25519Verify(publicKey, new Uint8Array(0), new Uint8Array(length))).toBe(false)
    }
    expect(await noble.ed25519Verify(publicKey.subarray(1), new Uint8Array(0), signature)).toBe(false)
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const response = BigInt("0x" + bytesToHex(signature.slice(32).toReversed())) + order
    const respelled = fromHex(response.toString(16).padStart(64, "0")).toReversed()
    const doubled = concatBytes(signature.subarray(0, 32), respelled)
    expect(await noble.ed25519Verify(publicKey, new Uint8Array(0), doubled)).toBe(false)
  })

  it("[K3] X25519: RFC 7748 section 5.2; a peer key of small order gives no secret", () => {
    const nine = fromHex("09" + "00".repeat(31))
    expect(bytesToHex(noble.x25519PublicKey(nine))).toBe(
      "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
    )
    const u = fromHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    const scalar = fromHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    expect(bytesToHex(noble.x25519(scalar, u) ?? u)).toBe(
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    )
    for (const small of [new Uint8Array(32), fromHex("01" + "00".repeat(31))]) {
      expect(noble.x25519(scalar, small)).toBeUndefined()
    }
    expect(noble.x25519(scalar, u.subarray(1))).toBeUndefined()
  })

  it("[K4] ChaCha20-Poly1305: RFC 8439 section 2.8.2", () => {
    const key = fromHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
    const nonce = fromHex("070000004041424344454647")
    const associated = fromHex("50515253c0c1c2c3c4c5c6c7")
    const plaintext = textToBytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    )
    const sealed = noble.chacha20poly1305.seal(key, nonce, associated, plaintext)
    expect(bytesToHex(sealed)).toBe(
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691",
    )
    expect(noble.chacha20poly1305.open(key, nonce, associated, sealed)).toEqual(plaintext)
    expect(noble.chacha20poly1305.open(key, nonce, associated, sealed.subarray(1))).toBeUndefined()
    expect(noble.chacha20poly1305.open(key, nonce, associated, new Uint8Array(15))).toBeUndefined()
  })

  it("[K5] XChaCha20-Poly1305: draft-irtf-cfrg-xchacha-03 appendix A.3.1", () => {
    const key = fromHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
    const nonce = fromHex("404142434445464748494a4b4c4d4e4f5051525354555657")
    const associated = fromHex("50515253c0c1c2c3c4c5c6c7")
    const plaintext = textToBytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    )
    const sealed = noble.xchacha20poly1305.seal(key, nonce, associated, plaintext)
    expect(bytesToHex(sealed.slice(-16))).toBe("c0875924c1c7987947deafd8780acf49")
    expect(bytesToHex(sealed.slice(0, 32))).toBe(
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb",
    )
    expect(noble.xchacha20poly1305.open(key, nonce, associated, sealed)).toEqual(plaintext)
  })
})
