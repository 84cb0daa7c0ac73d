import type { SealedBundle, Sealer } from "@home/shared/wire"
import { concatBytes } from "@home/shared/base"
import { domains, hashOf, signDomain, signedMessage } from "./domain.js"
import { noblePublic } from "./noble/public.js"
import type { PublicPrimitives } from "./primitives.js"

export { isStrictSignature } from "./ed25519-strict.js"
export type { PublicPrimitives } from "./primitives.js"

/** The part of the sealer that needs no secret: what a relay and a blind archive work with. */
export type Verifier = Pick<Sealer, "hash" | "sha256" | "verify" | "bundleHash" | "verifyBundle">

/**
 * Hashes and signatures by public keys only. Nothing that this file imports, directly or through others, can
 * decrypt, sign or derive a key: the relay is blind by the import graph. SPEC.md K9-K11, K20, K21.
 */
export const createVerifier = (primitives: PublicPrimitives = noblePublic): Verifier => {
  /** Who takes a bundle in asks for its hash and for its signature: the ciphertext is hashed once. */
  const messages = new WeakMap<SealedBundle, Uint8Array>()
  const messageOf = (bundle: SealedBundle): Uint8Array => {
    const known = messages.get(bundle)
    if (known !== undefined) return known
    const message = bundleMessage(primitives, bundle)
    messages.set(bundle, message)
    return message
  }
  return {
    hash: hashOf(primitives.sha256),
    sha256: bytes => primitives.sha256(bytes),
    verify: (domain, publicKey, message, signature) =>
      primitives.ed25519Verify(publicKey, signedMessage(signDomain(domain), message), signature),
    bundleHash: bundle => primitives.sha256(messageOf(bundle)),
    verifyBundle: bundle =>
      primitives.ed25519Verify(bundle.header.subarray(9, 41), messageOf(bundle), bundle.signature),
  }
}

/** `"home/1/bundle" framed | header 105 | SHA-256(ciphertext) 32`: what the feed signs, and what is hashed. */
export const bundleMessage = (
  primitives: Pick<PublicPrimitives, "sha256">,
  bundle: Pick<SealedBundle, "header" | "ciphertext">,
): Uint8Array =>
  signedMessage(domains.bundle, concatBytes(bundle.header, primitives.sha256(bundle.ciphertext)))
