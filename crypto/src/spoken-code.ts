import type { Random } from "@home/shared/base"
import { englishWords as wordlist } from "./recovery.js"

/**
 * What somebody reads out to a newcomer who cannot scan: a nameplate, which says where to meet and is no secret, and
 * three words of BIP39's English list, which are: 33 bits, good for one guess.
 */
export interface SpokenCode {
  /** Four digits. */
  readonly nameplate: string
  readonly words: readonly [string, string, string]
}

const wordBits = 11
/** BIP39 chose its words so that four letters tell them apart. */
const distinctLetters = 4
const maxTextLength = 256

export const createSpokenCode = (random: Random): SpokenCode => {
  const word = (): string => {
    const [high = 0, low = 0] = random.bytes(2)
    return wordlist[((high << 8) | low) & (2 ** wordBits - 1)] ?? ""
  }
  const nameplate = random.bytes(8).reduce((value, byte) => (value * 256 + byte) % 10_000, 0)
  return { nameplate: nameplate.toString().padStart(4, "0"), words: [word(), word(), word()] }
}

export const formatSpokenCode = ({ nameplate, words }: SpokenCode): string => [nameplate, ...words].join(" ")

const wordOf = (typed: string): string | undefined =>
  wordlist.find(word => word === typed) ??
  (typed.length >= distinctLetters ? wordlist.find(word => word.startsWith(typed)) : undefined)

/**
 * Reads what a person typed: any case, any separators, full-width digits, words cut off after four letters.
 * `undefined`: it is no such code. Whether it is the right one only the other side knows.
 */
export const parseSpokenCode = (text: string): SpokenCode | undefined => {
  const parts = text
    .slice(0, maxTextLength)
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter(part => part !== "")
  const [nameplate, ...typed] = parts
  if (nameplate === undefined || !/^\d{4}$/.test(nameplate)) return undefined
  const [first, second, third, ...more] = typed.map(wordOf)
  if (first === undefined || second === undefined || third === undefined || more.length > 0) return undefined
  return { nameplate, words: [first, second, third] }
}
