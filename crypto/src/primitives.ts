/**
 * The primitives that everything here is made of, as an interface: noble is the portable reference
 * (`noble/`), node:crypto or WebCrypto may take its place, byte for byte (SPEC.md K1-K7). Lengths are checked
 * by the callers in this package; a wrong length of an own key is a bug and throws.
 */

/** What needs no secret: all that a relay or a blind archive may reach. */
export interface PublicPrimitives {
  /** FIPS 180-4, 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array
  /**
   * Ed25519, RFC 8032 section 5.1.7, in the strict form that every implementation must share, or replicas would
   * disagree about a signature made to divide them: canonical `A` that is not of small order, `S < L`, and
   * the bytes of `[S]B - [k]A` equal `R` (no cofactor). Never throws: wrong lengths are false.
   */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

/** `key` 32 bytes; the tag of 16 bytes stands behind the ciphertext. `open` gives `undefined` when anything fails. */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Uint8Array
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    ciphertext: Uint8Array,
  ): Uint8Array | undefined
}

export interface SecretPrimitives {
  /** RFC 2104 with SHA-256, 32 bytes. */
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array
  /** RFC 5869 section 2.2: an empty salt means 32 zeros. */
  hkdfExtract(salt: Uint8Array, inputKey: Uint8Array): Uint8Array
  /** RFC 5869 section 2.3, at most 8,160 bytes. */
  hkdfExpand(pseudorandomKey: Uint8Array, info: Uint8Array, length: number): Uint8Array
  /** RFC 8032 section 5.1.5: the public key of a 32-byte seed. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array
  /** RFC 8032 section 5.1.6, deterministic. */
  ed25519Sign(seed: Uint8Array, message: Uint8Array): Promise<Uint8Array>
  /** RFC 7748 section 6.1: the secret's product with the base point. */
  x25519PublicKey(secret: Uint8Array): Uint8Array
  /** RFC 7748 section 6.1; `undefined` when the result is zero, that is for a peer key of small order. */
  x25519(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
  /** RFC 8439 section 2.8, 12-byte nonce. */
  readonly chacha20poly1305: Aead
  /** draft-irtf-cfrg-xchacha section 2, 24-byte nonce: long enough to be random. */
  readonly xchacha20poly1305: Aead
}

export type Primitives = PublicPrimitives & SecretPrimitives
