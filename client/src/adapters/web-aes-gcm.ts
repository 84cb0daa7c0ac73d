import { type BlobCipher, nobleAesGcm } from "@home/crypto"

const tagBytes = 16

/** WebCrypto takes other lengths as well, which mean something else. */
const checkLengths = (key: Uint8Array, nonce: Uint8Array): void => {
  if (key.length !== 32) throw new TypeError("an AES-256 key has 32 bytes")
  if (nonce.length !== 12) throw new TypeError("a nonce has 12 bytes")
}

/** WebCrypto takes no view of shared memory, and types say so. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/**
 * AES-256-GCM by WebCrypto, byte for byte that of noble (crypto/SPEC.md K80) and some ten times as fast on a chunk.
 * Without WebCrypto (a page without a secure context) it is noble's.
 */
export const createWebAesGcm = (subtle: SubtleCrypto | undefined): BlobCipher => {
  if (subtle === undefined) return nobleAesGcm
  const importKey = (key: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> =>
    subtle.importKey("raw", owned(key), "AES-GCM", false, [use])
  const algorithm = (nonce: Uint8Array, associated: Uint8Array): AesGcmParams => ({
    name: "AES-GCM",
    iv: owned(nonce),
    additionalData: owned(associated),
    tagLength: tagBytes * 8,
  })
  return {
    seal: async (key, nonce, associated, plaintext) => {
      checkLengths(key, nonce)
      const imported = await importKey(key, "encrypt")
      return new Uint8Array(await subtle.encrypt(algorithm(nonce, associated), imported, owned(plaintext)))
    },
    open: async (key, nonce, associated, ciphertext) => {
      checkLengths(key, nonce)
      const imported = await importKey(key, "decrypt")
      try {
        return new Uint8Array(await subtle.decrypt(algorithm(nonce, associated), imported, owned(ciphertext)))
      } catch {
        return undefined // the tag: WebCrypto has no other way to say it
      }
    },
  }
}
