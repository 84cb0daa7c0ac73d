const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))
const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Character codes of `0`, `9`, `a` and `f`. */
const [zero, nine, a, f] = [48, 57, 97, 102] as const

/** The value of a hex digit by its character code. */
const digitOf = (code: number): number | undefined => {
  if (code >= zero && code <= nine) return code - zero
  return code >= a && code <= f ? code - a + 10 : undefined
}

export const bytesToHex = (bytes: Uint8Array): string => {
  let hex = ""
  for (const byte of bytes) hex += hexDigits[byte]
  return hex
}

/** `undefined` for an odd length, upper case or anything that is no hex digit: one spelling for one value. */
export const hexToBytes = (hex: string): Uint8Array | undefined => {
  if (hex.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = digitOf(hex.charCodeAt(2 * i))
    const low = digitOf(hex.charCodeAt(2 * i + 1))
    if (high === undefined || low === undefined) return undefined
    bytes[i] = 16 * high + low
  }
  return bytes
}

export const textToBytes = (text: string): Uint8Array => encoder.encode(text)

/** `undefined` when the bytes are not well-formed UTF-8. */
export const bytesToText = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += part.length
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Not constant-time: for public values only. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** Lexicographic, shorter first: the order of hashes that breaks ties. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
