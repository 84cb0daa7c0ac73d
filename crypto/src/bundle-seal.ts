import type { Random } from "@home/shared/base"
import { type SealedBundle, type Sealer, encodeHeader, joinBundle, parseBundle } from "@home/shared/wire"
import type { BundleKey } from "./epoch.js"
import { checkKey, nonceBytes } from "./key.js"
import { pad, unpad } from "./padded.js"
import type { Primitives } from "./primitives.js"
import { bundleMessage } from "./verify.js"

/**
 * Pads, encrypts under HKDF(key, "bundle-key") with the header as associated data, then signs with the feed's
 * key: encrypt-then-sign, so that stores without keys can check who sent it. draft-irtf-cfrg-xchacha section 2;
 * SPEC.md K20-K23. Throws when the bundle would be larger than a parser takes: the caller splits payloads.
 */
export const sealBundle = async (
  deps: {
    readonly primitives: Primitives
    readonly random: Random
    readonly bundleKeyOf: (key: Uint8Array) => BundleKey
  },
  input: Parameters<Sealer["sealBundle"]>[0],
): Promise<SealedBundle> => {
  const { primitives, random } = deps
  const { tag, cipherKey } = deps.bundleKeyOf(checkKey(input.key))
  if (input.prev.length !== 32) throw new TypeError("prev has 32 bytes")
  if (!Number.isSafeInteger(input.seq) || input.seq < 1) throw new RangeError("seq counts from 1")
  const nonce = random.bytes(nonceBytes)
  const header = encodeHeader({
    epochTag: tag,
    feed: primitives.ed25519PublicKey(input.feedSeed),
    seq: input.seq,
    prev: input.prev,
    nonce,
  })
  const ciphertext = primitives.xchacha20poly1305.seal(cipherKey, nonce, header, pad(input.body))
  const message = bundleMessage(primitives, { header, ciphertext })
  const signature = await primitives.ed25519Sign(input.feedSeed, message)
  const parsed = parseBundle(joinBundle(header, ciphertext, signature))
  if (!parsed.ok) throw new RangeError("bundle too large")
  return parsed.value
}

/** The body; `undefined` when the key is not the one that the header names, or anything was altered. */
export const openBundle = (
  primitives: Primitives,
  bundle: SealedBundle,
  { tagHex, cipherKey }: BundleKey,
): Uint8Array | undefined => {
  if (tagHex !== bundle.epochTag) return undefined
  const padded = primitives.xchacha20poly1305.open(cipherKey, bundle.nonce, bundle.header, bundle.ciphertext)
  return padded === undefined ? undefined : unpad(padded)
}
