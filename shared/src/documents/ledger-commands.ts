import { err } from "../base/index.js"
import { type By, type CommandResult, containerOf, done, isId } from "./command.js"
import type { EntryFields } from "./entry.js"
import { checkEntry, entryDraft, markEdited, writeFields } from "./entry-draft.js"
import { bucketOf, findEntry } from "./find-entry.js"
import { isMap, put } from "./scalar.js"
import type { Source } from "./source.js"

const checkYear = (date: string, year: string): CommandResult =>
  date.slice(0, 4) === year ? done : err({ type: "OtherYear", year: date.slice(0, 4) })

/** `year` is the document's name. The entry goes into the bucket of its date's month. */
export const addEntry = (
  draft: unknown,
  input: {
    readonly year: string
    readonly id: string
    readonly fields: EntryFields
    readonly by: By
    readonly source?: Source | undefined
  },
): CommandResult => {
  const { id, fields } = input
  const months = containerOf(draft, "ledger", "months")
  if (!months.ok) return months
  const valid = checkEntry(fields, input.source !== undefined)
  if (!valid.ok) return valid
  const sameYear = checkYear(fields.date, input.year)
  if (!sameYear.ok) return sameYear
  if (!isId(id)) return err({ type: "InvalidField", field: "id", expected: "an id" })
  if (bucketOf(months.value, id) !== undefined) return err({ type: "AlreadyExists", id })
  const bucket = months.value[fields.date.slice(5, 7)]
  if (!isMap(bucket)) return err({ type: "NotADocument" })
  bucket[id] = entryDraft(fields, input.by, input.source)
  return done
}

/**
 * Writes the fields of `patch` and no others; a field given as `undefined` is cleared. The whole entry must be
 * valid afterwards: who changes the amount of a split entry gives the new splits in the same patch.
 */
export const editEntry = (
  draft: unknown,
  input: {
    readonly year: string
    readonly id: string
    readonly patch: Partial<EntryFields>
    readonly by: By
  },
): CommandResult => {
  const found = findEntry(draft, input.id)
  if (!found.ok) return found
  const { patch } = input
  const valid = checkEntry({ ...found.value.entry, ...patch }, found.value.entry.importedFrom !== undefined)
  if (!valid.ok) return valid
  const sameYear = checkYear(patch.date ?? found.value.entry.date, input.year)
  if (!sameYear.ok) return sameYear
  for (const copy of found.value.copies) {
    writeFields(copy, patch)
    markEdited(copy, input.by)
  }
  return done
}

const setDeleted = (draft: unknown, id: string, by: By, deletedAtMs: number | undefined): CommandResult => {
  const found = findEntry(draft, id)
  if (!found.ok) return found
  for (const copy of found.value.copies) {
    put(copy, "deletedAtMs", deletedAtMs)
    markEdited(copy, by)
  }
  return done
}

/** Removes an entry softly: what others do to it meanwhile is kept, and `restoreEntry` brings it back. */
export const deleteEntry = (draft: unknown, input: { readonly id: string; readonly by: By }): CommandResult =>
  setDeleted(draft, input.id, input.by, input.by.nowMs)

export const restoreEntry = (
  draft: unknown,
  input: { readonly id: string; readonly by: By },
): CommandResult => setDeleted(draft, input.id, input.by, undefined)
