import {
  ByteWriter,
  type Random,
  bytesToHex,
  bytesToText,
  concatBytes,
  hexToBytes,
  textToBytes,
} from "@home/shared/base"
import { nobleXchacha } from "./noble/ciphers.js"

/** Seals short texts for a place with a name, synchronously: a tab may be gone before a promise resolves. */
export interface JournalSeal {
  seal(place: string, text: string): string
  /** `undefined`: another profile's, moved from another place, or altered. */
  open(place: string, sealed: string): string | undefined
}

const version = 1
const nonceBytes = 24
const tagBytes = 16

/**
 * Hex of `version u8 = 1 | nonce 24 | ciphertext | tag 16`, XChaCha20-Poly1305, associated data = `version | place`.
 * `key`: from `journalKeyOf`. This file reaches ciphers only, no curves: it is part of the first script of a page.
 */
export const createJournalSeal = (deps: {
  readonly key: Uint8Array
  readonly random: Random
}): JournalSeal => {
  const { key, random } = deps
  const associatedOf = (place: string): Uint8Array => new ByteWriter().u8(version).text(place).done()
  return {
    seal: (place, text) => {
      const nonce = random.bytes(nonceBytes)
      const sealed = nobleXchacha.seal(key, nonce, associatedOf(place), textToBytes(text))
      return bytesToHex(concatBytes(Uint8Array.of(version), nonce, sealed))
    },
    open: (place, text) => {
      const bytes = hexToBytes(text)
      const start = 1 + nonceBytes
      if (bytes === undefined || bytes.length < start + tagBytes || bytes[0] !== version) return undefined
      const opened = nobleXchacha.open(
        key,
        bytes.subarray(1, start),
        associatedOf(place),
        bytes.subarray(start),
      )
      return opened && bytesToText(opened)
    },
  }
}
