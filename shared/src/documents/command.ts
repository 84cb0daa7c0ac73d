import { type Area, type Result, err, ok } from "../base/index.js"
import { parseRoot } from "./reading.js"
import { type MapDraft, isMap } from "./scalar.js"

/** Who acts, and when: commands have no clock. `author` is a member id. */
export interface By {
  readonly author: string
  readonly nowMs: number
}

/** Why a command changed nothing. `InvalidField` is for a form to show beside that field; the rest are states. */
export type CommandError =
  | { readonly type: "InvalidField"; readonly field: string; readonly expected: string }
  | { readonly type: "NotFound"; readonly id: string }
  | { readonly type: "AlreadyExists"; readonly id: string }
  | { readonly type: "NotADocument" }
  /** Written by a newer version of the app: update before editing. */
  | { readonly type: "NewerSchema" }
  | { readonly type: "SplitsDoNotSum"; readonly amountMinor: number; readonly splitsMinor: number }
  | { readonly type: "SharesDoNotSum"; readonly amountMinor: number; readonly sharesMinor: number }
  /** The entry belongs into the document of another year: delete it here and create it there. */
  | { readonly type: "OtherYear"; readonly year: string }
  /** Only the author edits a message. */
  | { readonly type: "NotAuthor" }

export type CommandResult = Result<void, CommandError>

export const done: CommandResult = ok(undefined)
export const invalid = (
  field: string,
  expected: string,
): { readonly ok: false; readonly error: CommandError } => err({ type: "InvalidField", field, expected })

/** A map of the fixed changes inside a draft, when the draft is of the area and not of a newer version. */
export const containerOf = (
  draft: unknown,
  area: Area,
  ...path: readonly string[]
): Result<MapDraft, CommandError> => {
  const root = parseRoot(area, draft)
  if (!root.ok) return err({ type: "NotADocument" })
  if (root.value.readOnly) return err({ type: "NewerSchema" })
  let container: unknown = root.value.fields
  for (const step of path) container = isMap(container) ? container[step] : undefined
  return isMap(container) ? ok(container) : err({ type: "NotADocument" })
}

/** The first failed check, as a result; `done` when all hold. */
export const check = (
  checks: readonly (readonly [holds: boolean, field: string, expected: string])[],
): CommandResult => {
  const failed = checks.find(([holds]) => !holds)
  return failed === undefined ? done : invalid(failed[1], failed[2])
}

/** An id that may key an item: 16 bytes in hex, or one of the fixed names. */
export const isId = (id: string): boolean => /^[0-9a-z][0-9a-z-]{0,63}$/.test(id)
