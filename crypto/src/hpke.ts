import { ByteWriter, type Random, concatBytes, textToBytes } from "@home/shared/base"
import type { Primitives } from "./primitives.js"

// HPKE (RFC 9180), mode base, one suite only: DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001,
// ChaCha20Poly1305 0x0003. Section numbers below are the RFC's.

const kemSuite = concatBytes(textToBytes("KEM"), Uint8Array.of(0x00, 0x20))
const hpkeSuite = concatBytes(textToBytes("HPKE"), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03))
const version = textToBytes("HPKE-v1")
const modeBase = 0x00
const empty = new Uint8Array(0)
/** Nenc, Nsecret, Nk, Nh: section 7.1 and 7.2; Nn: section 7.3. */
const encapsulatedBytes = 32
const secretBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** Section 4: LabeledExtract(salt, label, ikm). */
const labeledExtract = (
  primitives: Primitives,
  suite: Uint8Array,
  salt: Uint8Array,
  label: string,
  inputKey: Uint8Array,
): Uint8Array => primitives.hkdfExtract(salt, concatBytes(version, suite, textToBytes(label), inputKey))

/** Section 4: LabeledExpand(prk, label, info, L). */
const labeledExpand = (
  primitives: Primitives,
  suite: Uint8Array,
  pseudorandomKey: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array => {
  const labeled = new ByteWriter()
    .u16(length)
    .bytes(version)
    .bytes(suite)
    .bytes(textToBytes(label))
    .bytes(info)
  return primitives.hkdfExpand(pseudorandomKey, labeled.done(), length)
}

/** Section 7.1.3, DeriveKeyPair for X25519: the secret key of an ephemeral pair from 32 random bytes. */
export const deriveKeyPair = (
  primitives: Primitives,
  inputKey: Uint8Array,
): { readonly secret: Uint8Array; readonly publicKey: Uint8Array } => {
  const extracted = labeledExtract(primitives, kemSuite, empty, "dkp_prk", inputKey)
  const secret = labeledExpand(primitives, kemSuite, extracted, "sk", empty, secretBytes)
  return { secret, publicKey: primitives.x25519PublicKey(secret) }
}

/** Section 4.1, ExtractAndExpand(dh, kem_context) with kem_context = enc || pkRm. */
const extractAndExpand = (
  primitives: Primitives,
  shared: Uint8Array,
  encapsulated: Uint8Array,
  recipient: Uint8Array,
): Uint8Array => {
  const extracted = labeledExtract(primitives, kemSuite, empty, "eae_prk", shared)
  const context = concatBytes(encapsulated, recipient)
  return labeledExpand(primitives, kemSuite, extracted, "shared_secret", context, secretBytes)
}

/** Encrypts the messages of one context in order: section 5.2. Not for more than 2^32 of them. */
export interface HpkeContext {
  /** Section 5.2, ComputeNonce: base_nonce XOR the number of the message. */
  nonce(seq: number): Uint8Array
  readonly key: Uint8Array
}

/** Section 5.1, KeySchedule with mode base: empty psk and psk_id. */
const keySchedule = (primitives: Primitives, sharedSecret: Uint8Array, info: Uint8Array): HpkeContext => {
  const pskIdHash = labeledExtract(primitives, hpkeSuite, empty, "psk_id_hash", empty)
  const infoHash = labeledExtract(primitives, hpkeSuite, empty, "info_hash", info)
  const context = concatBytes(Uint8Array.of(modeBase), pskIdHash, infoHash)
  const secret = labeledExtract(primitives, hpkeSuite, sharedSecret, "secret", empty)
  const key = labeledExpand(primitives, hpkeSuite, secret, "key", context, 32)
  const baseNonce = labeledExpand(primitives, hpkeSuite, secret, "base_nonce", context, nonceBytes)
  return {
    key,
    nonce: seq => {
      const counter = new ByteWriter().u32(0).u64(seq).done()
      return baseNonce.map((byte, i) => byte ^ (counter[i] ?? 0))
    },
  }
}

/** Section 5.1.1, SetupBaseS; `undefined` when the recipient's key is of small order (section 7.1.4). */
export const setupSender = (
  primitives: Primitives,
  random: Random,
  recipient: Uint8Array,
  info: Uint8Array,
): { readonly encapsulated: Uint8Array; readonly context: HpkeContext } | undefined => {
  const ephemeral = deriveKeyPair(primitives, random.bytes(secretBytes))
  const shared = primitives.x25519(ephemeral.secret, recipient)
  if (shared === undefined) return undefined
  const sharedSecret = extractAndExpand(primitives, shared, ephemeral.publicKey, recipient)
  return { encapsulated: ephemeral.publicKey, context: keySchedule(primitives, sharedSecret, info) }
}

/** Section 5.1.1, SetupBaseR; `undefined` when the encapsulated key is of small order. */
export const setupReceiver = (
  primitives: Primitives,
  secret: Uint8Array,
  encapsulated: Uint8Array,
  info: Uint8Array,
): HpkeContext | undefined => {
  const shared = primitives.x25519(secret, encapsulated)
  if (shared === undefined) return undefined
  const recipient = primitives.x25519PublicKey(secret)
  return keySchedule(primitives, extractAndExpand(primitives, shared, encapsulated, recipient), info)
}

/** Section 6.1, Seal<base> for one message: `enc 32 | ciphertext | tag 16`. */
export const hpkeSeal = (
  deps: { readonly primitives: Primitives; readonly random: Random },
  recipient: Uint8Array,
  info: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array | undefined => {
  const sender = setupSender(deps.primitives, deps.random, recipient, info)
  if (sender === undefined) return undefined
  const { context, encapsulated } = sender
  const sealed = deps.primitives.chacha20poly1305.seal(context.key, context.nonce(0), empty, plaintext)
  return concatBytes(encapsulated, sealed)
}

/** Section 6.1, Open<base> for one message; `undefined` when it is not for this key and info, or altered. */
export const hpkeOpen = (
  primitives: Primitives,
  secret: Uint8Array,
  info: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined => {
  if (sealed.length < encapsulatedBytes + tagBytes) return undefined
  const context = setupReceiver(primitives, secret, sealed.subarray(0, encapsulatedBytes), info)
  if (context === undefined) return undefined
  return primitives.chacha20poly1305.open(
    context.key,
    context.nonce(0),
    empty,
    sealed.subarray(encapsulatedBytes),
  )
}
