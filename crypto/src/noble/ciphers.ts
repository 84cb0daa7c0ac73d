import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js"
import type { Aead } from "../primitives.js"

const tagBytes = 16
const keyBytes = 32

const aead = (cipher: typeof chacha20poly1305): Aead => ({
  seal: (key, nonce, associated, plaintext) => cipher(key, nonce, associated).encrypt(plaintext),
  open: (key, nonce, associated, ciphertext) => {
    // noble would look at it only while it decrypts, where it counts as a tag that is wrong.
    if (key.length !== keyBytes) throw new TypeError("a key has 32 bytes")
    if (ciphertext.length < tagBytes) return undefined
    const opener = cipher(key, nonce, associated)
    try {
      return opener.decrypt(ciphertext)
    } catch {
      return undefined
    }
  },
})

// Apart from the curves: a page that only seals its journal loads nothing else.
export const nobleChacha = aead(chacha20poly1305)
export const nobleXchacha = aead(xchacha20poly1305)
