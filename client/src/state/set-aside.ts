import type { Place } from "../engine/port.js"
import type { EntryFields } from "@home/shared/documents"
import type { CommandInput } from "../engine/commands.js"
import type { Edit } from "../engine/port.js"

/** What of one book waits for room on the disk. */
export interface Waiting {
  /** New entries as they will be, newest first. */
  readonly entries: readonly { readonly id: string; readonly fields: EntryFields }[]
  /** Other changes: of entries that are kept, of accounts, of what was imported. */
  readonly others: number
}

export const nothingWaits: Waiting = { entries: [], others: 0 }

/** What edits that were set aside come to for the book of one circle: Everyone's, if it is undefined. Oldest first. */
export const waitingOf = (edits: readonly Edit[], circle: Place | undefined): Waiting => {
  const added = new Map<string, EntryFields>()
  let others = 0
  for (const edit of edits) {
    if (edit.circle !== circle) continue
    // Inputs are what `Engine.edit` took, sealed in between: they have the type of their name.
    if (edit.name === "addEntry") {
      const { id, fields } = edit.input as CommandInput<"addEntry">
      added.set(id, fields)
    } else if (edit.name === "editEntry") {
      const { id, patch } = edit.input as CommandInput<"editEntry">
      const fields = added.get(id)
      if (fields === undefined) others += 1
      else added.set(id, { ...fields, ...patch })
    } else if (edit.name === "deleteEntry") {
      const { id } = edit.input as CommandInput<"deleteEntry">
      if (!added.delete(id)) others += 1
    } else others += 1
  }
  return { entries: [...added].map(([id, fields]) => ({ id, fields })).reverse(), others }
}
