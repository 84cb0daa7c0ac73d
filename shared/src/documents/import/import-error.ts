import { err, type Err } from "../../base/index.js"
import { type Remark, type Said, said } from "../remark.js"

/**
 * Why a file gives nothing at all; nothing was imported. `line` counts from 1, 0 when no line is at fault.
 *
 * `TooLarge`: beyond a limit, refused before any work. `UnknownFormat`: no importer knows it; ask for the format.
 * `Unreadable`: it claims a format but lacks what the format needs. Reasons may quote the file's own words.
 */
export interface ImportError extends Said {
  readonly type: "TooLarge" | "UnknownFormat" | "Unreadable"
}

export const tooLarge = (what: string, size: number, limit: number): Err<ImportError> =>
  err({
    type: "TooLarge",
    line: 0,
    reason: `${what}: ${size} is over the limit of ${limit}`,
    remark: { code: "TooLong", size, limit },
  })

export const unreadable = (line: number, what: string | Remark): Err<ImportError> =>
  err({ type: "Unreadable", ...said(line, what) })
