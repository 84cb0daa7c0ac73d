import { type Random, hexToBytes, textToBytes } from "@home/shared/base"
import { noble } from "../noble/all.js"

/** A literal of a vector: a wrong one is a bug of the test. */
export const fromHex = (hex: string): Uint8Array => {
  const bytes = hexToBytes(hex)
  if (bytes === undefined) throw new Error("not hex")
  return bytes
}

/** Gives the stated bytes in order and throws when asked for others: for vectors. */
export const scriptedRandom = (...values: readonly Uint8Array[]): Random => {
  const left = [...values]
  return {
    bytes: length => {
      const value = left.shift()
      if (value?.length !== length) throw new Error(`the script has no ${length} bytes here`)
      return value
    },
  }
}

/** The same stream for the same seed: SHA-256 over seed and counter. */
export const seededRandom = (seed: string): Random => {
  let counter = 0
  return {
    bytes: length => {
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; at += 32)
        bytes.set(noble.sha256(textToBytes(`${seed} ${counter++}`)).subarray(0, length - at), at)
      return bytes
    },
  }
}

export const flipBit = (bytes: Uint8Array, bit: number): Uint8Array => {
  const flipped = bytes.slice()
  const at = Math.floor(bit / 8)
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8))
  return flipped
}
