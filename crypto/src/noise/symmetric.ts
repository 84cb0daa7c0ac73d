import { concatBytes, textToBytes } from "@home/shared/base"
import type { Primitives } from "../primitives.js"

const empty = new Uint8Array(0)
const hashBytes = 32

/** Section 12.3: ChaChaPoly's nonce is `zeros 4 | n u64 little-endian`. */
const nonceOf = (counter: bigint): Uint8Array => {
  const nonce = new Uint8Array(12)
  for (let i = 0; i < 8; i++) nonce[4 + i] = Number((counter >> BigInt(8 * i)) & 0xffn)
  return nonce
}

/** Section 11.3: the nonce that no message may use. */
const rekeyNonce = 2n ** 64n - 1n

/** Section 5.1, CipherState. Without a key it passes bytes through, as the first messages do. */
export class CipherState {
  #key: Uint8Array | undefined
  #counter = 0n

  constructor(
    private readonly primitives: Primitives,
    key?: Uint8Array,
  ) {
    this.#key = key
  }

  get hasKey(): boolean {
    return this.#key !== undefined
  }

  /** How many messages went through. */
  get messages(): number {
    return Number(this.#counter)
  }

  encrypt(associated: Uint8Array, plaintext: Uint8Array): Uint8Array {
    if (this.#key === undefined) return plaintext.slice()
    return this.primitives.chacha20poly1305.seal(this.#key, this.#nextNonce(), associated, plaintext)
  }

  /** `undefined` when altered; the caller aborts, so that the counter's step does no harm. */
  decrypt(associated: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
    if (this.#key === undefined) return ciphertext.slice()
    return this.primitives.chacha20poly1305.open(this.#key, this.#nextNonce(), associated, ciphertext)
  }

  /** Section 4.2, REKEY: the first 32 bytes of 32 zeros encrypted under the reserved nonce. The counter goes on. */
  rekey(): void {
    if (this.#key === undefined) return
    const zeros = new Uint8Array(hashBytes)
    const sealed = this.primitives.chacha20poly1305.seal(this.#key, nonceOf(rekeyNonce), empty, zeros)
    this.#key = sealed.slice(0, hashBytes)
  }

  #nextNonce(): Uint8Array {
    if (this.#counter >= rekeyNonce) throw new RangeError("a nonce must never come twice")
    return nonceOf(this.#counter++)
  }
}

/** Section 5.2, SymmetricState: the chaining key and the hash of all that both sides have said. */
export class SymmetricState {
  #chainingKey: Uint8Array
  #hash: Uint8Array
  #cipher: CipherState

  constructor(
    private readonly primitives: Primitives,
    protocolName: string,
  ) {
    // InitializeSymmetric: a name of at most HASHLEN bytes is padded with zeros, a longer one hashed.
    const name = textToBytes(protocolName)
    this.#hash =
      name.length <= hashBytes
        ? concatBytes(name, new Uint8Array(hashBytes - name.length))
        : primitives.sha256(name)
    this.#chainingKey = this.#hash
    this.#cipher = new CipherState(primitives)
  }

  get hasKey(): boolean {
    return this.#cipher.hasKey
  }

  get handshakeHash(): Uint8Array {
    return this.#hash
  }

  mixHash(bytes: Uint8Array): void {
    this.#hash = this.primitives.sha256(concatBytes(this.#hash, bytes))
  }

  mixKey(inputKey: Uint8Array): void {
    const [chainingKey, key] = this.#hkdf(inputKey)
    this.#chainingKey = chainingKey
    this.#cipher = new CipherState(this.primitives, key)
  }

  /** Section 9.1, for pre-shared keys. */
  mixKeyAndHash(inputKey: Uint8Array): void {
    const [chainingKey, hash, key] = this.#hkdf(inputKey)
    this.#chainingKey = chainingKey
    this.mixHash(hash)
    this.#cipher = new CipherState(this.primitives, key)
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#cipher.encrypt(this.#hash, plaintext)
    this.mixHash(ciphertext)
    return ciphertext
  }

  decryptAndHash(ciphertext: Uint8Array): Uint8Array | undefined {
    const plaintext = this.#cipher.decrypt(this.#hash, ciphertext)
    this.mixHash(ciphertext)
    return plaintext
  }

  /** The initiator's sending cipher, then the responder's. */
  split(): readonly [CipherState, CipherState] {
    const [first, second] = this.#hkdf(empty)
    return [new CipherState(this.primitives, first), new CipherState(this.primitives, second)]
  }

  /** Section 4.3: HKDF with the chaining key as salt and empty info is RFC 5869's. */
  #hkdf(inputKey: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] {
    const extracted = this.primitives.hkdfExtract(this.#chainingKey, inputKey)
    const output = this.primitives.hkdfExpand(extracted, empty, 3 * hashBytes)
    return [output.slice(0, 32), output.slice(32, 64), output.slice(64, 96)]
  }
}
