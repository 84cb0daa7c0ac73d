import { ed25519, x25519 } from "@noble/curves/ed25519.js"
import { expand, extract } from "@noble/hashes/hkdf.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import type { Primitives } from "../primitives.js"
import { nobleChacha, nobleXchacha } from "./ciphers.js"
import { noblePublic } from "./public.js"

/** The portable reference: everything in JavaScript, audited lineage, the same on every platform. */
export const noble: Primitives = {
  ...noblePublic,
  hmacSha256: (key, message) => hmac(sha256, key, message),
  hkdfExtract: (salt, inputKey) => extract(sha256, inputKey, salt),
  hkdfExpand: (pseudorandomKey, info, length) => expand(sha256, pseudorandomKey, info, length),
  ed25519PublicKey: seed => ed25519.getPublicKey(seed),
  ed25519Sign: (seed, message) => Promise.resolve(ed25519.sign(message, seed)),
  x25519PublicKey: secret => x25519.getPublicKey(secret),
  x25519: (secret, publicKey) => {
    if (secret.length !== 32) throw new TypeError("an X25519 secret has 32 bytes")
    if (publicKey.length !== 32) return undefined
    try {
      return x25519.getSharedSecret(secret, publicKey)
    } catch {
      return undefined // small order: RFC 7748 section 6.1
    }
  },
  chacha20poly1305: nobleChacha,
  xchacha20poly1305: nobleXchacha,
}
