import { type Random, concatBytes, textToBytes } from "@home/shared/base"

/** A group of prime order with a hash of 64 bytes. Elements and scalars have 32 bytes, in canonical form. */
export interface PakeGroup {
  hash(bytes: Uint8Array): Uint8Array
  /** One-way map of 64 uniform bytes to an element. */
  elementOf(uniform: Uint8Array): Uint8Array
  /** A scalar from 64 uniform bytes, never zero. */
  scalarOf(uniform: Uint8Array): Uint8Array
  /** `undefined`: the element is not canonical, or the product is the identity. */
  multiply(scalar: Uint8Array, element: Uint8Array): Uint8Array | undefined
}

/** One side of an exchange: what it sends, and what both have once the other's has come. */
export interface Cpace {
  /** 32 bytes. */
  readonly share: Uint8Array
  /** The session key, 64 bytes, that only who knows the same password has too; `undefined`: end it. */
  finish(theirShare: Uint8Array): Uint8Array | undefined
}

export interface CpaceOptions {
  readonly role: "initiator" | "responder"
  /** PRS: the low-entropy secret. */
  readonly password: Uint8Array
  /** CI: who talks over what, the same on both sides. */
  readonly channel: Uint8Array
  /** sid: fresh for every exchange, not secret. */
  readonly session: Uint8Array
  readonly group: PakeGroup
  readonly random: Random
}

const suite = textToBytes("CPaceRistretto255")
const suiteKey = textToBytes("CPaceRistretto255_ISK")
/** s_in_bytes of SHA-512: the generator string fills one block with the password. */
const hashBlockBytes = 128

/** prepend_len: LEB128, then the bytes. */
const prefixed = (bytes: Uint8Array): Uint8Array => {
  const prefix: number[] = []
  for (let left = bytes.length; ; left >>>= 7) {
    if (left < 128) {
      prefix.push(left)
      return concatBytes(Uint8Array.from(prefix), bytes)
    }
    prefix.push((left & 0x7f) | 0x80)
  }
}

/** lv_cat: each part behind its length. */
const lengthValue = (...parts: readonly Uint8Array[]): Uint8Array => concatBytes(...parts.map(prefixed))

/** draft-irtf-cfrg-cpace, section 6.3 (ristretto255) over generator_string of its appendix A. */
export const cpaceGenerator = (
  group: PakeGroup,
  password: Uint8Array,
  channel: Uint8Array,
  session: Uint8Array,
): Uint8Array => {
  const padding = Math.max(0, hashBlockBytes - prefixed(password).length - prefixed(suite).length - 1)
  const text = lengthValue(suite, password, new Uint8Array(padding), channel, session)
  return group.elementOf(group.hash(text))
}

/** ISK in the initiator-responder setting, with empty associated data (the draft's ADa and ADb) unless given. */
export const cpaceKey = (
  group: PakeGroup,
  session: Uint8Array,
  product: Uint8Array,
  initiator: { readonly share: Uint8Array; readonly associated?: Uint8Array },
  responder: { readonly share: Uint8Array; readonly associated?: Uint8Array },
): Uint8Array => {
  const none = new Uint8Array(0)
  return group.hash(
    concatBytes(
      lengthValue(suiteKey, session, product),
      lengthValue(initiator.share, initiator.associated ?? none),
      lengthValue(responder.share, responder.associated ?? none),
    ),
  )
}

/**
 * CPace (draft-irtf-cfrg-cpace, CPACE-RISTR255-SHA512, initiator-responder): two who share a short password agree on
 * a strong key. Whoever stands between them, or guesses, tests one password per exchange and learns nothing to
 * test others with later.
 */
export const startCpace = (options: CpaceOptions): Cpace => {
  const { role, session, group } = options
  const generator = cpaceGenerator(group, options.password, options.channel, session)
  const secret = group.scalarOf(options.random.bytes(64))
  const share = group.multiply(secret, generator)
  if (share === undefined) throw new Error("the generator is no element of the group")
  return {
    share,
    finish: theirShare => {
      const product = group.multiply(secret, theirShare)
      if (product === undefined) return undefined
      const [initiator, responder] = role === "initiator" ? [share, theirShare] : [theirShare, share]
      return cpaceKey(group, session, product, { share: initiator }, { share: responder })
    },
  }
}
