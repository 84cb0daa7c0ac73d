import { ByteWriter, bytesToHex, concatBytes, equalBytes, textToBytes } from "../base/index.js"
import {
  type RoomKeys,
  type SealedBundle,
  type Sealer,
  encodeHeader,
  joinBundle,
  parseBundle,
} from "../wire/index.js"

/**
 * A sealer that hides nothing: "keys" must match and altered bytes are refused, so that replica tests run fast
 * and a failing one can be read, but anyone could forge. For tests only; crypto/ has the real one.
 */
export const createPlainSealer = (deps: {
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly randomBytes: (length: number) => Uint8Array
}): Sealer => {
  const { sha256, randomBytes } = deps
  const hash = (domain: string, ...parts: readonly Uint8Array[]): Uint8Array => {
    const writer = new ByteWriter().text(domain)
    for (const part of parts) writer.block(part)
    return sha256(writer.done())
  }
  const signature = (domain: string, publicKey: Uint8Array, message: Uint8Array): Uint8Array =>
    concatBytes(hash(`sign ${domain}`, publicKey, message), new Uint8Array(32))
  const signingKeyOf = (seed: Uint8Array): Uint8Array => hash("signing key", seed)
  const agreementKeyOf = (secret: Uint8Array): Uint8Array => hash("agreement key", secret)
  const box = (label: string, key: Uint8Array, context: Uint8Array, plaintext: Uint8Array): Uint8Array =>
    concatBytes(hash(label, key, context, plaintext), plaintext)
  const unbox = (
    label: string,
    key: Uint8Array,
    context: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array | undefined => {
    const plaintext = sealed.slice(32)
    return equalBytes(sealed.subarray(0, 32), hash(label, key, context, plaintext)) ? plaintext : undefined
  }
  const signed = (bundle: Pick<SealedBundle, "header" | "ciphertext">): Uint8Array =>
    concatBytes(bundle.header, sha256(bundle.ciphertext))

  return {
    hash,
    sha256,
    signingKeyOf,
    sign: (domain, seed, message) => Promise.resolve(signature(domain, signingKeyOf(seed), message)),
    verify: (domain, publicKey, message, given) =>
      Promise.resolve(equalBytes(given, signature(domain, publicKey, message))),
    agreementKeyOf,
    epochTag: key => hash("epoch tag", key).subarray(0, 8),
    commitment: key => hash("commitment", key),
    combineKeys: keys =>
      hash("combine", ...[...keys].sort((a, b) => (bytesToHex(a) < bytesToHex(b) ? -1 : 1))),
    wrapKey: (recipient, context, key) => box("wrap", recipient, context, key),
    unwrapKey: (secret, context, wrapped) => unbox("wrap", agreementKeyOf(secret), context, wrapped),
    sealUnder: (domain, key, context, plaintext) => box(`under ${domain}`, key, context, plaintext),
    openUnder: (domain, key, context, sealed) => unbox(`under ${domain}`, key, context, sealed),
    sealBundle: async input => {
      const header = encodeHeader({
        epochTag: hash("epoch tag", input.key).subarray(0, 8),
        feed: signingKeyOf(input.feedSeed),
        seq: input.seq,
        prev: input.prev,
        nonce: randomBytes(24),
      })
      const ciphertext = box("bundle", input.key, header, input.body)
      const feedSignature = signature("bundle", signingKeyOf(input.feedSeed), signed({ header, ciphertext }))
      const parsed = parseBundle(joinBundle(header, ciphertext, feedSignature))
      if (!parsed.ok) throw new Error("a bundle of our own does not parse")
      return parsed.value
    },
    bundleHash: bundle => hash("bundle", signed(bundle)),
    verifyBundle: bundle => {
      const feed = new ByteWriter().hex(bundle.feed).done()
      return Promise.resolve(equalBytes(bundle.signature, signature("bundle", feed, signed(bundle))))
    },
    openBundle: (bundle, key) => unbox("bundle", key, bundle.header, bundle.ciphertext),
    roomOf: (secret, origin): RoomKeys => {
      const signingSeed = hash("room", secret, textToBytes(origin))
      return {
        id: signingKeyOf(signingSeed),
        signingSeed,
        outerKey: hash("outer", secret, textToBytes(origin)),
      }
    },
    sealOuter: (room, blob) => box("outer", room.outerKey, room.id, blob),
    openOuter: (room, sealed) => unbox("outer", room.outerKey, room.id, sealed),
    pairwiseSecret: (secret, peer, context) => {
      const own = bytesToHex(agreementKeyOf(secret))
      const pair = [own, bytesToHex(peer)].sort().join("")
      return hash("pairwise", textToBytes(pair), context)
    },
  }
}
