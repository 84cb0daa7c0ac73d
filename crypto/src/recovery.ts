import { type Random, type Result, err, ok } from "@home/shared/base"
import type { RecoveryKeys } from "@home/shared/access"
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39"
import { wordlist } from "@scure/bip39/wordlists/english.js"
import { domains } from "./domain.js"
import { checkKey, deriveKey, keyBytes } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"

export type PhraseError =
  /** How many words there were instead of 24 (counted up to 100). */
  | { readonly type: "WordCount"; readonly words: number }
  /** `position` counts from 1. The word itself is not repeated: it is a secret, or nearly one. */
  | { readonly type: "UnknownWord"; readonly position: number }
  /** All words exist, but they do not belong together: one is wrong or two changed places. */
  | { readonly type: "WrongChecksum" }

const phraseWords = 24
/** Longest words have 8 letters; whatever is much longer than 24 of them is something else. */
const maxPhraseLength = 4096
/** The English list of BIP39: 2,048 words that are told apart by their first four letters. */
export const englishWords: readonly string[] = wordlist
const known = new Set(wordlist)

/** BIP39 as an encoding of 256 bits: 24 words of the English list, the last with an 8-bit checksum. */
export const recoveryPhrase = (entropy: Uint8Array): string => entropyToMnemonic(checkKey(entropy), wordlist)

export const createRecoveryEntropy = (random: Random): Uint8Array => random.bytes(keyBytes)

/** Reads what a person typed: any case, any spaces and line ends. */
export const parseRecoveryPhrase = (text: string): Result<Uint8Array, PhraseError> => {
  const words = text
    .slice(0, maxPhraseLength)
    .normalize("NFKD")
    .toLowerCase()
    .split(/\s+/u)
    .filter(word => word !== "")
  if (words.length !== phraseWords) return err({ type: "WordCount", words: Math.min(words.length, 100) })
  const unknown = words.findIndex(word => !known.has(word))
  if (unknown >= 0) return err({ type: "UnknownWord", position: unknown + 1 })
  try {
    return ok(mnemonicToEntropy(words.join(" "), wordlist))
  } catch {
    return err({ type: "WrongChecksum" })
  }
}

/** What the phrase yields: the signer that outranks the founder, and the secret that every rekey wraps to. */
export interface RecoveryIdentity {
  readonly keys: RecoveryKeys
  readonly secrets: { readonly signing: Uint8Array; readonly wrap: Uint8Array }
}

/** HKDF of the 32 bytes, one domain for each purpose. BIP39's own seed (PBKDF2) is not used: it adds nothing to 256 bits. */
export const recoveryIdentity = (entropy: Uint8Array, primitives: Primitives = noble): RecoveryIdentity => {
  const signing = deriveKey(primitives, checkKey(entropy), domains.recoverySigning)
  const wrap = deriveKey(primitives, entropy, domains.recoveryWrap)
  const keys = { signing: primitives.ed25519PublicKey(signing), wrap: primitives.x25519PublicKey(wrap) }
  return { keys, secrets: { signing, wrap } }
}
