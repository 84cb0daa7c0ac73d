import { type DocumentName, type Result, bytesToHex, err, ok, textToBytes } from "../base/index.js"
import type { Book } from "./book.js"
import type { CommandError } from "./command.js"
import type { Said } from "./remark.js"

/** What planning needs to know of the family. Nothing here may differ between two devices that import at once, but `author` and `nowMs`. */
export interface ImportContext {
  /** SHA-256 over the domain and the parts, each with its length (`Sealer.hash`). */
  readonly hash: (domain: string, ...parts: readonly Uint8Array[]) => Uint8Array
  /** The member who imports. */
  readonly author: string
  readonly nowMs: number
  /** The family's IANA zone: where a file's floating times were read from a wall. */
  readonly zone: string
  /** The plan list that takes the items; absent: the family's. */
  readonly list?: string
  /** The room that takes the messages; absent: one of the file's own. */
  readonly room?: string
  /** The account (its id in the book) of rows whose file names none: a bank's own statement. */
  readonly account?: string
  /** So that names in the file find the accounts and categories that exist. */
  readonly book?: Book
  /** What the reader sees of accounts and categories that nobody named: the only thing here that goes by language. */
  readonly names?: {
    readonly account: (id: string) => string
    readonly category: (id: string) => string
  }
  /** The member behind a name in the file. */
  readonly memberOf?: (name: string) => string | undefined
}

/**
 * One Automerge change: `handle.change(draft => step.apply(draft))` on the document, created first when it is not
 * there. Idempotent. `ok` says how many rows were new; an error says that this document takes none (newer schema).
 */
export interface ImportStep {
  readonly document: DocumentName
  /** Rows in the step, for progress. Zero: accounts, rooms and the like that the rows need. */
  readonly rows: number
  apply(draft: unknown): Result<number, CommandError>
}

export interface ImportPlan {
  /** In the order in which to apply them. */
  readonly steps: readonly ImportStep[]
  /** Rows that are no valid item, in addition to those that the importer skipped. */
  readonly skipped: readonly Said[]
}

/** Rows in one change: an import of 10,000 rows is ten bundles, and none blocks a phone for long. */
export const rowsPerStep = 1000

/** A stable id: the same row of the same format is the same item on every device. 16 bytes in hex. */
export const importId = (context: ImportContext, ...parts: readonly string[]): string =>
  bytesToHex(context.hash("document import", ...parts.map(textToBytes)).subarray(0, 16))

export const batches = <T>(rows: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / rowsPerStep) }, (_, index) =>
    rows.slice(index * rowsPerStep, (index + 1) * rowsPerStep),
  )

/** Applies a command per row; rows that exist are not new, and the first error that is not about a row ends the step. */
export const applyRows = <T>(
  rows: readonly T[],
  add: (row: T) => Result<unknown, CommandError>,
): Result<number, CommandError> => {
  let added = 0
  for (const row of rows) {
    const result = add(row)
    if (result.ok) added += 1
    else if (result.error.type === "NotADocument" || result.error.type === "NewerSchema")
      return err(result.error)
  }
  return ok(added)
}

/** A step without rows of its own. */
export const supportStep = (
  document: DocumentName,
  commands: readonly ((draft: unknown) => Result<unknown, CommandError>)[],
): ImportStep => ({
  document,
  rows: 0,
  apply: draft => {
    const result = applyRows(commands, command => command(draft))
    return result.ok ? ok(0) : result
  },
})
