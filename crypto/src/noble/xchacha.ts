import { hchacha } from "@noble/ciphers/chacha.js"
import type { Aead } from "../primitives.js"

/** "expand 32-byte k", the constant of RFC 8439 section 2.3, as four little-endian words. */
const sigma = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574)

/** A copy: words need an offset that is a multiple of four. */
const words = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.slice().buffer)

/**
 * XChaCha20-Poly1305 over any ChaCha20-Poly1305 of RFC 8439, as draft-irtf-cfrg-xchacha-03 section 2.3 builds it:
 * the key of HChaCha20 (section 2.2) over the first 16 bytes of the nonce, and the nonce `zeros 4 | the last 8`.
 */
export const xchachaOver = (chacha: Aead): Aead => {
  const split = (key: Uint8Array, nonce: Uint8Array): readonly [Uint8Array, Uint8Array] => {
    if (key.length !== 32) throw new TypeError("a key has 32 bytes")
    if (nonce.length !== 24) throw new TypeError("an XChaCha20 nonce has 24 bytes")
    const subkey = new Uint32Array(8)
    hchacha(sigma, words(key), words(nonce.subarray(0, 16)), subkey)
    const inner = new Uint8Array(12)
    inner.set(nonce.subarray(16), 4)
    return [new Uint8Array(subkey.buffer), inner]
  }
  return {
    seal: (key, nonce, associated, plaintext) => chacha.seal(...split(key, nonce), associated, plaintext),
    open: (key, nonce, associated, ciphertext) => chacha.open(...split(key, nonce), associated, ciphertext),
  }
}
