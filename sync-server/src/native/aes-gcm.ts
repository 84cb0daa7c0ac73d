import { createCipheriv, createDecipheriv } from "node:crypto"
import type { BlobCipher } from "@home/crypto"
import { concatBytes } from "@home/shared/base"
import { plain } from "./public.js"

const tagBytes = 16
const algorithm = "aes-256-gcm"

/** OpenSSL takes nonces of other lengths, which mean something else. */
const checkLengths = (key: Uint8Array, nonce: Uint8Array): void => {
  if (key.length !== 32) throw new TypeError("an AES-256 key has 32 bytes")
  if (nonce.length !== 12) throw new TypeError("a nonce has 12 bytes")
}

/** AES-256-GCM by node:crypto, byte for byte that of noble: crypto/SPEC.md K80. */
export const nativeAesGcm: BlobCipher = {
  seal: async (key, nonce, associated, plaintext) => {
    checkLengths(key, nonce)
    const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    cipher.setAAD(associated)
    const sealed = cipher.update(plaintext)
    cipher.final()
    return concatBytes(sealed, cipher.getAuthTag())
  },
  open: async (key, nonce, associated, ciphertext) => {
    checkLengths(key, nonce)
    if (ciphertext.length < tagBytes) return undefined
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(associated)
    decipher.setAuthTag(ciphertext.subarray(ciphertext.length - tagBytes))
    const plaintext = decipher.update(ciphertext.subarray(0, ciphertext.length - tagBytes))
    try {
      decipher.final()
    } catch {
      return undefined // the tag: node:crypto has no other way to say it
    }
    return plain(plaintext)
  },
}
