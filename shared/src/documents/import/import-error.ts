import { err, type Err } from "../../base/index.js"

/**
 * Why a file gives nothing at all; nothing was imported. `line` counts from 1, 0 when no line is at fault.
 *
 * `TooLarge`: beyond a limit, refused before any work. `UnknownFormat`: no importer knows it; ask for the format.
 * `Unreadable`: it claims a format but lacks what the format needs. Reasons may quote the file's own words.
 */
export interface ImportError {
  readonly type: "TooLarge" | "UnknownFormat" | "Unreadable"
  readonly line: number
  readonly reason: string
}

export const tooLarge = (what: string, size: number, limit: number): Err<ImportError> =>
  err({ type: "TooLarge", line: 0, reason: `${what}: ${size} is over the limit of ${limit}` })

export const unreadable = (line: number, reason: string): Err<ImportError> =>
  err({ type: "Unreadable", line, reason })
