/**
 * AES-256-GCM (NIST SP 800-38D): key 32 bytes, nonce 12, the tag of 16 behind the ciphertext. Promises because
 * WebCrypto gives some. `open` gives `undefined` when anything fails; a wrong length of a key or nonce throws.
 */
export interface BlobCipher {
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array | undefined>
}
