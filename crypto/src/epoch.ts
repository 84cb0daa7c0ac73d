import { compareBytes, concatBytes, equalBytes } from "@home/shared/base"
import { domains, framedParts } from "./domain.js"
import { checkKey, deriveKey } from "./key.js"
import type { Primitives } from "./primitives.js"

/** First 8 bytes of SHA-256 over its own domain and the key (an epoch key or the log key). */
export const epochTag = (primitives: Primitives, key: Uint8Array): Uint8Array =>
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
