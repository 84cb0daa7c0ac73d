import { bytesToText } from "../../base/index.js"
import { importLimits } from "./limits.js"
import { type CsvRecord, readRecords } from "./records.js"
import { splitLines } from "./text.js"

export const tableEncodings = ["utf-8", "gb18030", "windows-1252"] as const
export type TableEncoding = (typeof tableEncodings)[number]
export const tableDelimiters = [",", ";", "\t", "|"] as const
export type TableDelimiter = (typeof tableDelimiters)[number]

/**
 * GB18030 fits most Latin-1 texts by chance, so fitting proves nothing. Chinese has its high bytes in pairs (both from
 * 0xA1 up in all common characters); in German or French they stand alone between letters.
 */
const guessEncoding = (bytes: Uint8Array): TableEncoding => {
  if (bytesToText(bytes) !== undefined) return "utf-8"
  let [paired, alone] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue
    if ((bytes[at] ?? 0) >= 0xa1 && (bytes[at + 1] ?? 0) >= 0xa1) {
      paired++
      at++
    } else alone++
  }
  return paired > alone ? "gb18030" : "windows-1252"
}

/** A bank's file as text, without a byte order mark. */
export const statementText = (
  bytes: Uint8Array,
  encoding: TableEncoding = guessEncoding(bytes),
): { readonly encoding: TableEncoding; readonly text: string; readonly lost: number } => {
  const whole = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
  const text = whole.startsWith("\ufeff") ? whole.slice(1) : whole
  return { encoding, text, lost: text.split("\ufffd").length - 1 }
}

/** The separator that cuts the most lines into equally many cells, of those that give three or more. */
const guessDelimiter = (lines: readonly string[]): TableDelimiter => {
  const head = lines.filter(line => line.trim() !== "").slice(0, importLimits.preambleLines)
  let best: { readonly delimiter: TableDelimiter; readonly score: number } = { delimiter: ",", score: 0 }
  for (const delimiter of tableDelimiters) {
    const linesByWidth = new Map<number, number>()
    for (const { cells } of readRecords(head, delimiter))
      if (cells.length >= 3) linesByWidth.set(cells.length, (linesByWidth.get(cells.length) ?? 0) + 1)
    const score = Math.max(0, ...linesByWidth.values())
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** A file of separated values, not yet understood. */
export interface Table {
  readonly encoding: TableEncoding
  readonly delimiter: TableDelimiter
  readonly records: readonly CsvRecord[]
  /** Characters that the encoding could not give. */
  readonly lost: number
}

export const readTable = (
  bytes: Uint8Array,
  forced: { readonly encoding?: TableEncoding | undefined; readonly delimiter?: TableDelimiter | undefined },
): Table => {
  const { encoding, text, lost } = statementText(bytes, forced.encoding)
  const lines = splitLines(text)
  const delimiter = forced.delimiter ?? guessDelimiter(lines)
  return {
    encoding,
    delimiter,
    records: readRecords(lines, delimiter),
    lost,
  }
}
