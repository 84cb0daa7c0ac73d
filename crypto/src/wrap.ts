import type { Random } from "@home/shared/base"
import { domains, framedParts } from "./domain.js"
import { hpkeOpen, hpkeSeal } from "./hpke.js"
import { checkKey, keyBytes } from "./key.js"
import type { Primitives } from "./primitives.js"

/** `enc 32 | ciphertext 32 | tag 16` */
const wrapBytes = 80

/**
 * An epoch key for one device: HPKE with the context in its info. A recipient key of small order (only a cheat
 * publishes one) must not keep a family from rekeying: it gets zeros, a wrap that nobody can open.
 */
export const wrapKey = (
  deps: { readonly primitives: Primitives; readonly random: Random },
  recipient: Uint8Array,
  context: Uint8Array,
  key: Uint8Array,
): Uint8Array =>
  hpkeSeal(deps, recipient, framedParts(domains.wrap, [context]), checkKey(key)) ?? new Uint8Array(wrapBytes)

/** `undefined`: not for this secret or context, or altered. */
export const unwrapKey = (
  primitives: Primitives,
  secret: Uint8Array,
  context: Uint8Array,
  wrapped: Uint8Array,
): Uint8Array | undefined => {
  if (wrapped.length !== wrapBytes) return undefined
  const key = hpkeOpen(primitives, checkKey(secret), framedParts(domains.wrap, [context]), wrapped)
  return key?.length === keyBytes ? key : undefined
}
