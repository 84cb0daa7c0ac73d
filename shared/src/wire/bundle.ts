import { ByteReader, ByteWriter, type FeedId, type Result, bytesToHex, err, ok } from "../base/index.js"
import { limits } from "./limits.js"

/** The only suite so far: XChaCha20-Poly1305, HKDF-SHA-256, Ed25519. Suites are whole, never mixed. */
export const suite = 1

/** `suite u8 | epochTag 8 | feed 32 | seq u64 | prev 32 | nonce 24` */
export const headerBytes = 105
export const signatureBytes = 64

/**
 * One bundle as it is stored and sent:
 * `suite u8 | epochTag 8 | feed 32 | seq u64 | prev 32 | nonce 24 | ciphertext u32 + bytes | signature 64`.
 * `seq` counts from 1; `prev` is the hash of bundle `seq - 1` of the feed, zeros for the first. Only the
 * signature of the feed can be checked from outside; who wrote it and what it holds stands inside.
 */
export interface SealedBundle {
  /** The whole bundle, as received: stored and sent again byte for byte. */
  readonly bytes: Uint8Array
  /** The first 105 bytes: associated data of the ciphertext, and signed. */
  readonly header: Uint8Array
  /** Lower-case hex of 8 bytes: which key opens it. */
  readonly epochTag: string
  readonly feed: FeedId
  readonly seq: number
  readonly prev: Uint8Array
  readonly nonce: Uint8Array
  readonly ciphertext: Uint8Array
  readonly signature: Uint8Array
}

export type BundleError = { readonly type: "BundleTooLarge" } | { readonly type: "BundleMalformed" }

export const encodeHeader = (header: {
  readonly epochTag: Uint8Array
  readonly feed: Uint8Array
  readonly seq: number
  readonly prev: Uint8Array
  readonly nonce: Uint8Array
}): Uint8Array =>
  new ByteWriter()
    .u8(suite)
    .bytes(header.epochTag)
    .bytes(header.feed)
    .u64(header.seq)
    .bytes(header.prev)
    .bytes(header.nonce)
    .done()

export const joinBundle = (header: Uint8Array, ciphertext: Uint8Array, signature: Uint8Array): Uint8Array =>
  new ByteWriter().bytes(header).block(ciphertext).bytes(signature).done()

/** Parses bytes from anywhere. Size first, then exact layout; views into `bytes`, nothing copied. */
export const parseBundle = (bytes: Uint8Array): Result<SealedBundle, BundleError> => {
  if (bytes.length > limits.bundleBytes) return err({ type: "BundleTooLarge" })
  const reader = new ByteReader(bytes)
  if (reader.u8() !== suite) reader.fail()
  const epochTag = bytesToHex(reader.bytes(8))
  const feed = bytesToHex(reader.bytes(32)) as FeedId
  const seq = reader.u64()
  if (seq < 1) reader.fail()
  const prev = reader.bytes(32)
  const nonce = reader.bytes(24)
  const ciphertext = reader.block(limits.bundleBytes)
  const signature = reader.bytes(signatureBytes)
  if (!reader.end()) return err({ type: "BundleMalformed" })
  return ok({
    bytes,
    header: bytes.subarray(0, headerBytes),
    epochTag,
    feed,
    seq,
    prev,
    nonce,
    ciphertext,
    signature,
  })
}
