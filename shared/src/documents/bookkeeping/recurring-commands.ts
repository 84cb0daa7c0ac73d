import { err } from "../../base/index.js"
import { type By, type CommandResult, check, containerOf, done, invalid, isId } from "../command.js"
import { copiesOf, shownCopy } from "../conflicts.js"
import { type EntryFields, readEntry } from "../entry.js"
import { checkEntry, entryDraft, markEdited, writeFields } from "../entry-draft.js"
import { addEntry } from "../ledger-commands.js"
import { Issues, ItemReader } from "../reading.js"
import { type MapDraft, isMap, put } from "../scalar.js"
import { isDate } from "../wall.js"
import { instanceId, instanceSource, isRecurrence } from "./recurring.js"

/** When and how it comes again. */
export interface Schedule {
  readonly rrule: string
  readonly automatic: boolean
  readonly lastDate?: string | undefined
}

const checkSchedule = (patch: Partial<Schedule>): CommandResult =>
  check([
    [
      patch.rrule === undefined || isRecurrence(patch.rrule),
      "rrule",
      "a rule by day, without COUNT and UNTIL",
    ],
    [patch.lastDate === undefined || isDate(patch.lastDate), "lastDate", "YYYY-MM-DD"],
  ])

/** `fields.date` is the first day. The map of an entry with all that it will need, so that nobody makes one later. */
export const addRecurring = (
  draft: unknown,
  input: {
    readonly id: string
    readonly fields: EntryFields
    readonly schedule: Schedule
    readonly by: By
  },
): CommandResult => {
  const items = containerOf(draft, "book", "recurring")
  if (!items.ok) return items
  const { id, fields, schedule } = input
  const entry = checkEntry(fields)
  if (!entry.ok) return entry
  const timed = checkSchedule(schedule)
  if (!timed.ok) return timed
  // Shorter than an id may be: the day of an instance is appended.
  if (!isId(id) || id.length > 48) return invalid("id", "an id of at most 48 characters")
  if (id in items.value) return err({ type: "AlreadyExists", id })
  const item: MapDraft = { ...entryDraft(fields, input.by), automatic: schedule.automatic, skips: {} }
  put(item, "rrule", schedule.rrule)
  put(item, "lastDate", schedule.lastDate)
  items.value[id] = item
  return done
}

const withCopies = (draft: unknown, id: string, write: (copy: MapDraft) => CommandResult): CommandResult => {
  const items = containerOf(draft, "book", "recurring")
  if (!items.ok) return items
  const copies = copiesOf(items.value, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  for (const copy of copies) {
    const written = write(copy)
    if (!written.ok) return written
  }
  return done
}

/**
 * Changes what is still to come. Who changes the days gives the new first day in the same patch: days before it
 * are no instances any more, and entries that were made stay as they are.
 */
export const editRecurring = (
  draft: unknown,
  input: {
    readonly id: string
    readonly patch: Partial<EntryFields>
    readonly schedule: Partial<Schedule>
    readonly by: By
  },
): CommandResult => {
  const items = containerOf(draft, "book", "recurring")
  if (!items.ok) return items
  const { id, patch, schedule } = input
  const shown = shownCopy(items.value, id)
  const entry = shown === undefined ? undefined : readEntry(id, new ItemReader(shown, id, new Issues()))
  if (entry === undefined) return err({ type: "NotFound", id })
  const valid = checkEntry({ ...entry, ...patch })
  if (!valid.ok) return valid
  const timed = checkSchedule(schedule)
  if (!timed.ok) return timed
  return withCopies(draft, id, copy => {
    writeFields(copy, patch)
    for (const [key, value] of Object.entries(schedule)) put(copy, key, value as string | boolean | undefined)
    markEdited(copy, input.by)
    return done
  })
}

/** Leaves one day out, or takes it in again. */
export const skipInstance = (
  draft: unknown,
  input: { readonly id: string; readonly date: string; readonly skipped: boolean },
): CommandResult => {
  if (!isDate(input.date)) return invalid("date", "YYYY-MM-DD")
  return withCopies(draft, input.id, copy => {
    const skips = copy["skips"]
    if (isMap(skips)) put(skips, input.date, input.skipped ? true : undefined)
    return done
  })
}

/** Takes a recurring entry away, or brings it back; what it already entered stays. */
export const setRecurringRemoved = (
  draft: unknown,
  input: { readonly id: string; readonly removed: boolean; readonly by: By },
): CommandResult =>
  withCopies(draft, input.id, copy => {
    put(copy, "deletedAtMs", input.removed ? input.by.nowMs : undefined)
    markEdited(copy, input.by)
    return done
  })

/** Enters the instance of a day, with what the recurring entry gives or the person corrected; it may move within the year. */
export const addInstance = (
  draft: unknown,
  input: {
    readonly year: string
    readonly recurring: string
    /** The instance's own day, whatever `fields` say. */
    readonly date: string
    readonly fields: EntryFields
    readonly by: By
  },
): CommandResult => {
  const { year, recurring, date, fields, by } = input
  return addEntry(draft, {
    year,
    id: instanceId(recurring, date),
    fields,
    by,
    source: instanceSource(recurring, date),
  })
}
