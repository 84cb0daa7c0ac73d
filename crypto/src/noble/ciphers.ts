import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js"
import type { Aead } from "../primitives.js"

const tagBytes = 16

const aead = (cipher: typeof chacha20poly1305): Aead => ({
  seal: (key, nonce, associated, plaintext) => cipher(key, nonce, associated).encrypt(plaintext),
  open: (key, nonce, associated, ciphertext) => {
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
