import type { SealedBundle } from "./bundle.js"

/** A relay room as its members hold it. `id` is the Ed25519 public key that names the room at the relay. */
export interface RoomKeys {
  readonly id: Uint8Array
  readonly signingSeed: Uint8Array
  readonly outerKey: Uint8Array
}

/**
 * The port through which everything outside crypto/ uses keys: crypto/ implements it, tests hand in a readable
 * plain one. Secrets pass through as bytes and are never looked into here. `domain` separates uses of one key
 * (crypto/SPEC.md lists the domains). Signatures are asynchronous because WebCrypto is; the rest is not.
 */
export interface Sealer {
  /** SHA-256 over the domain and the parts, each with its length: 32 bytes. */
  hash(domain: string, ...parts: readonly Uint8Array[]): Uint8Array

  /** SHA-256 of the bytes as they are: Automerge's own hash of a change chunk. */
  sha256(bytes: Uint8Array): Uint8Array

  /** Ed25519. Seeds and public keys have 32 bytes, signatures 64. */
  signingKeyOf(seed: Uint8Array): Uint8Array
  sign(domain: string, seed: Uint8Array, message: Uint8Array): Promise<Uint8Array>
  verify(domain: string, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>

  /** X25519 public key (32 bytes) of a 32-byte secret. */
  agreementKeyOf(secret: Uint8Array): Uint8Array

  /** First 8 bytes of a hash of an epoch (or log) key: names the key to those who hold it. */
  epochTag(key: Uint8Array): Uint8Array
  /** H(EK), 32 bytes: stands in the rekey operation, checked by everyone who unwraps the key. */
  commitment(key: Uint8Array): Uint8Array
  /** The key that writers use while several epoch heads stand: HKDF over all of them, sorted. */
  combineKeys(keys: readonly Uint8Array[]): Uint8Array
  /** HPKE base mode to an X25519 key; `context` binds group, circle and epoch. */
  wrapKey(recipient: Uint8Array, context: Uint8Array, key: Uint8Array): Uint8Array
  /** `undefined`: not for this key or context, or altered. */
  unwrapKey(secret: Uint8Array, context: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined
  /** Seals small secrets (earlier epoch keys) under a key. `domain` separates uses, `context` is bound. */
  sealUnder(domain: string, key: Uint8Array, context: Uint8Array, plaintext: Uint8Array): Uint8Array
  openUnder(domain: string, key: Uint8Array, context: Uint8Array, sealed: Uint8Array): Uint8Array | undefined

  /**
   * Seals and signs one bundle: XChaCha20-Poly1305 under HKDF(key, "bundle"), the header as associated data,
   * then the feed's signature. `body` is padded inside. Same input, new nonce: keep the bytes that come back.
   */
  sealBundle(input: {
    readonly key: Uint8Array
    readonly feedSeed: Uint8Array
    readonly seq: number
    readonly prev: Uint8Array
    readonly body: Uint8Array
  }): Promise<SealedBundle>
  /** SHA-256 of the signed bytes (domain, header, SHA-256 of the ciphertext); the signature is not part of it. */
  bundleHash(bundle: SealedBundle): Uint8Array
  /** The feed's signature: what a store without keys can check. */
  verifyBundle(bundle: SealedBundle): Promise<boolean>
  /** The body without padding; `undefined` when the key is wrong or anything was altered. */
  openBundle(bundle: SealedBundle, key: Uint8Array): Uint8Array | undefined

  /** The room of an epoch key (or of a pairwise secret) at one relay origin. */
  roomOf(secret: Uint8Array, origin: string): RoomKeys
  /** What the relay stores: the blob sealed once more and padded, so that it sees no feed and no number. */
  sealOuter(room: RoomKeys, blob: Uint8Array): Uint8Array
  openOuter(room: RoomKeys, sealed: Uint8Array): Uint8Array | undefined
  /** X25519 shared secret for a pairwise room (front door); both sides get the same 32 bytes. */
  pairwiseSecret(secret: Uint8Array, peer: Uint8Array, context: Uint8Array): Uint8Array
}
