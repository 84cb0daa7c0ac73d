import { type BundleHash, type FeedId, bytesToHex, hexToBytes } from "../base/index.js"
import type { StoredBundle } from "../replica/archive.js"
import { encodeHeader, joinBundle, parseBundle, signatureBytes } from "../wire/index.js"

/** A feed id that no other number gives. */
export const testFeed = (number: number): FeedId => bytesToHex(numbered(32, number)) as FeedId

/**
 * A bundle in the right layout that nobody sealed or signed: for stores, which look at headers only. Its hash
 * follows from feed, seq and variant, and does not order as they do.
 */
export const testBundle = (shape: {
  readonly feed: FeedId
  readonly seq: number
  readonly variant?: number
  readonly tag?: string
  readonly sizeBytes?: number
}): StoredBundle => {
  const { feed, seq, variant = 0, tag = "0101010101010101", sizeBytes = 0 } = shape
  const header = encodeHeader({
    epochTag: hexToBytes(tag) ?? new Uint8Array(8),
    feed: hexToBytes(feed) ?? new Uint8Array(32),
    seq,
    prev: new Uint8Array(32),
    nonce: numbered(24, variant),
  })
  const overheadBytes = header.length + 4 + signatureBytes
  const ciphertext = new Uint8Array(Math.max(0, sizeBytes - overheadBytes)).fill(variant)
  const parsed = parseBundle(joinBundle(header, ciphertext, new Uint8Array(signatureBytes)))
  if (!parsed.ok) throw new Error("a test bundle must parse")
  return { hash: scattered(`${feed} ${seq} ${variant}`), bundle: parsed.value }
}

const numbered = (length: number, number: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** 32 bytes of FNV-1a with changing seeds: no security, only spread. */
const scattered = (text: string): BundleHash => {
  const bytes = new Uint8Array(32)
  const words = new DataView(bytes.buffer)
  for (let word = 0; word < 8; word++) {
    let hash = 0x811c9dc5 ^ Math.imul(word, 0x9e3779b1)
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    words.setUint32(4 * word, Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d))
  }
  return bytesToHex(bytes) as BundleHash
}
