import { createCipheriv, createDecipheriv, createHmac, diffieHellman, sign } from "node:crypto"
import { type Aead, type Primitives, xchachaOver } from "@home/crypto"
import { concatBytes } from "@home/shared/base"
import { nativePublic, plain, publicKeyOf } from "./public.js"
import { createSecretKeys } from "./secret-key.js"

const tagBytes = 16
const hashBytes = 32
const chacha = "chacha20-poly1305"
const tagOfSixteen = { authTagLength: tagBytes }

/** OpenSSL would take a shorter nonce and fill it up. */
const checkLengths = (key: Uint8Array, nonce: Uint8Array): void => {
  if (key.length !== 32) throw new TypeError("a key has 32 bytes")
  if (nonce.length !== 12) throw new TypeError("a ChaCha20-Poly1305 nonce has 12 bytes")
}

const chacha20poly1305: Aead = {
  seal: (key, nonce, associated, plaintext) => {
    checkLengths(key, nonce)
    const cipher = createCipheriv(chacha, key, nonce, tagOfSixteen)
    cipher.setAAD(associated, { plaintextLength: plaintext.length })
    const sealed = new Uint8Array(plaintext.length + tagBytes)
    sealed.set(cipher.update(plaintext))
    cipher.final()
    sealed.set(cipher.getAuthTag(), plaintext.length)
    return sealed
  },
  open: (key, nonce, associated, ciphertext) => {
    checkLengths(key, nonce)
    if (ciphertext.length < tagBytes) return undefined
    const plaintextLength = ciphertext.length - tagBytes
    const decipher = createDecipheriv(chacha, key, nonce, tagOfSixteen)
    decipher.setAAD(associated, { plaintextLength })
    decipher.setAuthTag(ciphertext.subarray(plaintextLength))
    const plaintext = decipher.update(ciphertext.subarray(0, plaintextLength))
    try {
      decipher.final()
    } catch {
      return undefined // the tag: node:crypto has no other way to say it
    }
    return plain(plaintext)
  },
}

const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => {
  const mac = createHmac("sha256", key)
  for (const part of parts) mac.update(part)
  return plain(mac.digest())
}

/** RFC 5869 section 2.3: T(i) = HMAC(PRK, T(i-1) | info | i). */
const hkdfExpand = (pseudorandomKey: Uint8Array, info: Uint8Array, length: number): Uint8Array => {
  if (length > 255 * hashBytes) throw new RangeError("HKDF gives at most 8,160 bytes")
  const blocks: Uint8Array[] = []
  for (let i = 1; (i - 1) * hashBytes < length; i++)
    blocks.push(hmac(pseudorandomKey, blocks.at(-1) ?? new Uint8Array(0), info, Uint8Array.of(i)))
  return concatBytes(...blocks).slice(0, length)
}

const signingKeyOf = createSecretKeys("Ed25519")
const agreementKeyOf = createSecretKeys("X25519")

/** RFC 7748 section 6.1; OpenSSL refuses a result of zero, and what it does not refuse is looked at again. */
const x25519 = (secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined => {
  const { key } = agreementKeyOf(secret)
  if (publicKey.length !== 32) return undefined
  try {
    const shared = plain(diffieHellman({ privateKey: key, publicKey: publicKeyOf("X25519", publicKey) }))
    return shared.every(byte => byte === 0) ? undefined : shared
  } catch {
    return undefined
  }
}

/** All primitives by node:crypto, byte for byte those of noble: crypto/SPEC.md K12. */
export const native: Primitives = {
  ...nativePublic,
  hmacSha256: (key, message) => hmac(key, message),
  hkdfExtract: (salt, inputKey) => hmac(salt, inputKey),
  hkdfExpand,
  ed25519PublicKey: seed => signingKeyOf(seed).publicKey.slice(),
  ed25519Sign: (seed, message) => Promise.resolve(plain(sign(null, message, signingKeyOf(seed).key))),
  x25519PublicKey: secret => agreementKeyOf(secret).publicKey.slice(),
  x25519,
  chacha20poly1305,
  xchacha20poly1305: xchachaOver(chacha20poly1305),
}
