import { err } from "../base/index.js"
import { type ListEntry, listKinds } from "./catalogue.js"
import { type By, type CommandResult, check, containerOf, done, isId } from "./command.js"
import { copiesOf } from "./conflicts.js"
import { documentLimits } from "./document-limits.js"
import { type MapDraft, type Scalar, isMap, itemOf, put, putSet, setOf } from "./scalar.js"
import { type Source, sourceFields } from "./source.js"

const validTitle = (title: string | undefined): boolean =>
  title === undefined || title.length <= documentLimits.title
const validTags = (tags: readonly string[]): boolean =>
  tags.length <= documentLimits.perItem && tags.every(tag => tag !== "" && tag.length <= documentLimits.name)

const addItem = (draft: unknown, container: string, id: string, item: MapDraft): CommandResult => {
  const items = containerOf(draft, "catalogue", container)
  if (!items.ok) return items
  if (!isId(id)) return err({ type: "InvalidField", field: "id", expected: "an id" })
  if (id in items.value) return err({ type: "AlreadyExists", id })
  items.value[id] = item
  return done
}

export const addNote = (
  draft: unknown,
  input: {
    readonly id: string
    readonly title: string
    readonly tags: readonly string[]
    readonly by: By
    readonly createdAtMs?: number
    readonly updatedAtMs?: number
    readonly source?: Source
  },
): CommandResult => {
  const { id, title, tags, by, source } = input
  const valid = check([
    [validTitle(title), "title", "a line"],
    [validTags(tags), "tags", "names"],
  ])
  if (!valid.ok) return valid
  const fields = itemOf({
    title,
    pinned: false,
    createdAtMs: input.createdAtMs ?? by.nowMs,
    createdBy: by.author,
    updatedAtMs: input.updatedAtMs,
    ...sourceFields(source),
  })
  return addItem(draft, "notes", id, { ...fields, tags: setOf(tags) })
}

/** `trashedAtMs` given as `undefined` takes the note out of the trash. */
export const editNoteEntry = (
  draft: unknown,
  id: string,
  patch: {
    readonly title?: string
    readonly tags?: readonly string[]
    readonly pinned?: boolean
    readonly trashedAtMs?: number | undefined
  },
  by: By,
): CommandResult => {
  const notes = containerOf(draft, "catalogue", "notes")
  if (!notes.ok) return notes
  const { tags, ...scalars } = patch
  const valid = check([
    [validTitle(patch.title), "title", "a line"],
    [tags === undefined || validTags(tags), "tags", "names"],
  ])
  if (!valid.ok) return valid
  const copies = copiesOf(notes.value, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  for (const copy of copies) {
    for (const [key, value] of Object.entries(scalars)) put(copy, key, value)
    const set = copy["tags"]
    if (tags !== undefined && isMap(set)) putSet(set, tags)
    put(copy, "updatedAtMs", by.nowMs)
    put(copy, "editedAtMs", by.nowMs)
  }
  return done
}

export const addRoom = (
  draft: unknown,
  input: { readonly id: string; readonly title: string; readonly by: By },
): CommandResult => {
  const valid = check([[validTitle(input.title), "title", "a line"]])
  if (!valid.ok) return valid
  const { by } = input
  return addItem(
    draft,
    "rooms",
    input.id,
    itemOf({ title: input.title, createdBy: by.author, createdAtMs: by.nowMs, archived: false }),
  )
}

export const addList = (
  draft: unknown,
  input: {
    readonly id: string
    readonly title: string
    readonly kind: ListEntry["kind"]
    readonly colour: string
    readonly by: By
  },
): CommandResult => {
  const { title, kind, colour, by } = input
  const valid = check([
    [validTitle(title), "title", "a line"],
    [listKinds.includes(kind), "kind", listKinds.join("|")],
    [colour.length <= documentLimits.name, "colour", "a colour's name"],
  ])
  if (!valid.ok) return valid
  return addItem(
    draft,
    "lists",
    input.id,
    itemOf({ title, kind, colour, createdBy: by.author, createdAtMs: by.nowMs, archived: false }),
  )
}

const editItem = (
  draft: unknown,
  container: "notes" | "rooms" | "lists",
  id: string,
  patch: Readonly<Record<string, Scalar>>,
): CommandResult => {
  const items = containerOf(draft, "catalogue", container)
  if (!items.ok) return items
  const copies = copiesOf(items.value, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  for (const copy of copies) for (const [key, value] of Object.entries(patch)) put(copy, key, value)
  return done
}

export const editRoom = (
  draft: unknown,
  id: string,
  patch: { readonly title?: string; readonly archived?: boolean },
): CommandResult => {
  const valid = check([[validTitle(patch.title), "title", "a line"]])
  return valid.ok ? editItem(draft, "rooms", id, { ...patch }) : valid
}

export const editList = (
  draft: unknown,
  id: string,
  patch: { readonly title?: string; readonly colour?: string; readonly archived?: boolean },
): CommandResult => {
  const valid = check([
    [validTitle(patch.title), "title", "a line"],
    [(patch.colour ?? "").length <= documentLimits.name, "colour", "a colour's name"],
  ])
  return valid.ok ? editItem(draft, "lists", id, { ...patch }) : valid
}

/** Says that the document of a note or a list went to another circle: it is in no list any more. */
export const markMoved = (
  draft: unknown,
  item: { readonly kind: "note" | "list"; readonly id: string },
  to: { readonly circle: string; readonly by: By },
): CommandResult =>
  editItem(draft, item.kind === "note" ? "notes" : "lists", item.id, {
    movedTo: to.circle,
    movedBy: to.by.author,
    movedAtMs: to.by.nowMs,
  })

/** Says that a year of the ledger exists. Idempotent; call it in the same breath as the first entry. */
export const noteLedgerYear = (draft: unknown, year: string): CommandResult => {
  const years = containerOf(draft, "catalogue", "ledgerYears")
  if (!years.ok) return years
  const valid = check([[/^\d{4}$/.test(year), "year", "YYYY"]])
  if (valid.ok) put(years.value, year, true)
  return valid
}

export const noteChatMonth = (draft: unknown, room: string, month: string): CommandResult => {
  const months = containerOf(draft, "catalogue", "chatMonths")
  if (!months.ok) return months
  const valid = check([
    [isId(room), "room", "an id"],
    [/^\d{4}-(0[1-9]|1[0-2])$/.test(month), "month", "YYYY-MM"],
  ])
  if (valid.ok) put(months.value, `${room}/${month}`, true)
  return valid
}
