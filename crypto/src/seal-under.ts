import { type Random, concatBytes } from "@home/shared/base"
import { checkKey, deriveKey, nonceBytes, tagBytes } from "./key.js"
import type { Primitives } from "./primitives.js"

interface Deps {
  readonly primitives: Primitives
  readonly random: Random
}

/** XChaCha20-Poly1305 under HKDF(key, domain): `nonce 24 | ciphertext | tag 16`, `associated` bound. */
export const sealUnder = (
  { primitives, random }: Deps,
  domain: string,
  key: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array => {
  const nonce = random.bytes(nonceBytes)
  const subkey = deriveKey(primitives, checkKey(key), domain)
  return concatBytes(nonce, primitives.xchacha20poly1305.seal(subkey, nonce, associated, plaintext))
}

/** `undefined`: wrong key, domain or associated data, or altered. */
export const openUnder = (
  primitives: Primitives,
  domain: string,
  key: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined => {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const subkey = deriveKey(primitives, checkKey(key), domain)
  return primitives.xchacha20poly1305.open(
    subkey,
    sealed.subarray(0, nonceBytes),
    associated,
    sealed.subarray(nonceBytes),
  )
}
