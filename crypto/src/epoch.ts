import { bytesToHex, compareBytes, concatBytes, equalBytes } from "@home/shared/base"
import { domains, framedParts } from "./domain.js"
import { checkKey, deriveKey } from "./key.js"
import type { Primitives } from "./primitives.js"

/** First 8 bytes of SHA-256 over its own domain and the key (an epoch key or the log key). */
const epochTag = (primitives: Primitives, key: Uint8Array): Uint8Array =>
  primitives.sha256(framedParts(domains.epochTag, [checkKey(key)])).slice(0, 8)

/** H(EK): hides a key of 256 random bits and fixes it, so that all who unwrap an epoch hold the same key. */
export const commitment = (primitives: Primitives, key: Uint8Array): Uint8Array =>
  primitives.sha256(framedParts(domains.commitment, [checkKey(key)]))

/**
 * The key of several concurrent epoch heads: whoever was left out of one of them cannot compute it. HKDF over
 * the distinct keys, sorted, so that order and doubles change nothing; one key alone is itself.
 */
export const combineKeys = (primitives: Primitives, keys: readonly Uint8Array[]): Uint8Array => {
  const sorted = keys.map(checkKey).toSorted(compareBytes)
  const distinct = sorted.filter((key, i) => i === 0 || !equalBytes(key, sorted[i - 1] ?? key))
  const [first, second] = distinct
  if (first === undefined) throw new RangeError("no keys to combine")
  if (second === undefined) return first.slice()
  return deriveKey(primitives, concatBytes(...distinct), domains.combine)
}

/** What every bundle under a key needs of it. */
export interface BundleKey {
  readonly tag: Uint8Array
  /** The tag as bundles name it. */
  readonly tagHex: string
  /** HKDF(key, "bundle-key"). */
  readonly cipherKey: Uint8Array
}

/**
 * The same for the array that holds the key, for as long as it lives: a keyring hands out one array for all bundles of
 * an epoch, and deriving costs more than opening a small bundle. The bytes are compared: an array can be filled anew.
 */
export const createBundleKeys = (primitives: Primitives): ((key: Uint8Array) => BundleKey) => {
  const known = new WeakMap<Uint8Array, BundleKey & { readonly bytes: Uint8Array }>()
  return key => {
    const before = known.get(key)
    if (before !== undefined && equalBytes(before.bytes, key)) return before
    const tag = epochTag(primitives, key)
    const cipherKey = deriveKey(primitives, key, domains.bundleKey)
    const made = { tag, tagHex: bytesToHex(tag), cipherKey, bytes: key.slice() }
    known.set(key, made)
    return made
  }
}
