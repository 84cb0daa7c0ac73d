import { bytesToText } from "../../base/index.js"

const decode = (encoding: string, bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string
  readonly encoding: "utf-8" | "gb18030" | "windows-1252"
  /** Characters that the encoding could not give, each now U+FFFD. */
  readonly lost: number
}

const withoutMark = (text: string): string => (text.startsWith("\ufeff") ? text.slice(1) : text)

const replacements = (text: string): number => {
  let count = 0
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) count++
  return count
}

/**
 * UTF-8 when the bytes are well-formed UTF-8, for other encodings almost never are. Else GB18030 when `chinese`
 * (damaged characters become U+FFFD); else GB18030 if it fits, and at last windows-1252, which always does.
 */
export const decodeText = (bytes: Uint8Array, chinese: boolean): DecodedText => {
  const utf8 = bytesToText(bytes)
  if (utf8 !== undefined) return { text: withoutMark(utf8), encoding: "utf-8", lost: 0 }
  const strict = decode("gb18030", bytes)
  if (strict !== undefined) return { text: strict, encoding: "gb18030", lost: 0 }
  if (!chinese)
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252", lost: 0 }
  // A damaged file: the encoding that loses less.
  const candidates = (["utf-8", "gb18030"] as const).map((encoding): DecodedText => {
    const text = withoutMark(new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes))
    return { text, encoding, lost: replacements(text) }
  })
  return candidates.reduce((best, next) => (next.lost < best.lost ? next : best))
}

/** Lines without their ends (CRLF, LF, lone CR). */
export const splitLines = (text: string): string[] => text.split(/\r\n|\n|\r/)
