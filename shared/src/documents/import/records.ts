import Papa from "papaparse"
import { importLimits } from "./limits.js"

export interface CsvRecord {
  /** Where the record begins, from 1. */
  readonly line: number
  /** Trimmed, tabs included. */
  readonly cells: readonly string[]
}

/** `quoteChar` "\0" reads quotes as letters. A line of a bill holds no newline of its own when parsed here. */
const parseRecord = (
  text: string,
  quotes: boolean,
  delimiter: string,
): { cells: string[]; open: boolean } => {
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter,
    newline: "\n",
    quoteChar: quotes ? '"' : "\0",
  })
  const cells = (data[0] ?? []).map(cell => cell.trim())
  return { cells, open: errors.some(error => error.code === "MissingQuotes") }
}

const startsRecord = (line: string): boolean =>
  /^\s*"?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})[\s,;|"]/.test(line)

/**
 * Separated records, read line by line: a quoted cell may go over some lines, but a quote that nobody closed
 * must not swallow the rows below it, so it ends where the next dated row begins and is then read as a letter.
 * Blank lines are left out.
 */
export const readRecords = (lines: readonly string[], delimiter = ","): readonly CsvRecord[] => {
  const records: CsvRecord[] = []
  let joins = 0
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at] ?? ""
    if (first.trim() === "") continue
    const line = at + 1
    let { cells, open } = parseRecord(first, true, delimiter)
    if (open) {
      let text = first
      let next = at + 1
      while (
        open &&
        next < lines.length &&
        next - at < importLimits.cellLines &&
        joins < importLimits.cellJoins &&
        !startsRecord(lines[next] ?? "")
      ) {
        joins++
        text += `\n${lines[next] ?? ""}`
        next++
        ;({ cells, open } = parseRecord(text, true, delimiter))
      }
      if (open) ({ cells } = parseRecord(first, false, delimiter))
      else at = next - 1
    }
    records.push({ line, cells })
  }
  return records
}
