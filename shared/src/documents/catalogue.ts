import { type DocumentName, type Result, ok } from "../base/index.js"
import { readItems } from "./read-items.js"
import { shownCopy } from "./conflicts.js"
import { ItemReader, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { isMap } from "./scalar.js"
import { type Source, readSource } from "./source.js"

export const listKinds = ["calendar", "tasks", "shopping", "trip"] as const

/** An item whose document went to another circle: who reads this one keeps the document as it was. */
export interface MovedItem {
  readonly kind: "note" | "list"
  readonly id: string
  readonly title: string
  readonly toCircle: string
  readonly by: string
  readonly atMs: number
}

/** A note's title, tags and dates live here and nowhere else: a list of notes opens one document. */
export interface NoteEntry {
  readonly id: string
  readonly title: string
  readonly tags: readonly string[]
  readonly pinned: boolean
  readonly createdAtMs: number
  readonly createdBy: string
  readonly updatedAtMs?: number | undefined
  readonly trashedAtMs?: number | undefined
  readonly source?: Source | undefined
}

export interface RoomEntry {
  readonly id: string
  /** "" of the family's room: named by the app. */
  readonly title: string
  readonly createdBy?: string | undefined
  readonly archived: boolean
  /** "2026-11", sorted. */
  readonly months: readonly string[]
}

export interface ListEntry {
  readonly id: string
  readonly title: string
  readonly kind: (typeof listKinds)[number]
  readonly colour: string
  readonly createdBy?: string | undefined
  readonly archived: boolean
}

export interface Catalogue extends Parsed {
  readonly notes: ReadonlyMap<string, NoteEntry>
  readonly rooms: ReadonlyMap<string, RoomEntry>
  readonly lists: ReadonlyMap<string, ListEntry>
  /** "2026", sorted. */
  readonly ledgerYears: readonly string[]
  /** Notes and lists that are in this circle no more, and stand nowhere else here. */
  readonly moved: readonly MovedItem[]
}

type Away = Pick<MovedItem, "toCircle" | "by" | "atMs"> | undefined

const readAway = (reader: ItemReader): Away => {
  const toCircle = reader.optionalText("movedTo") ?? ""
  if (toCircle === "") return undefined
  return {
    toCircle,
    by: reader.optionalText("movedBy") ?? "",
    atMs: reader.optionalInteger("movedAtMs") ?? 0,
  }
}

/** Those that are here, and those that were moved. */
const sorted = <T extends { readonly id: string; readonly title: string }>(
  kind: MovedItem["kind"],
  items: ReadonlyMap<string, { readonly entry: T; readonly away: Away }>,
): { readonly here: ReadonlyMap<string, T>; readonly moved: readonly MovedItem[] } => {
  const here = new Map<string, T>()
  const moved: MovedItem[] = []
  for (const [id, { entry, away }] of items) {
    if (away === undefined) here.set(id, entry)
    else moved.push({ kind, id, title: entry.title, ...away })
  }
  return { here, moved }
}

const readNote = (id: string, reader: ItemReader): NoteEntry => ({
  id,
  title: reader.optionalText("title") ?? "",
  tags: reader.set("tags"),
  pinned: reader.flag("pinned"),
  createdAtMs: reader.optionalInteger("createdAtMs") ?? 0,
  createdBy: reader.optionalText("createdBy") ?? "",
  updatedAtMs: reader.optionalInteger("updatedAtMs"),
  trashedAtMs: reader.optionalInteger("trashedAtMs"),
  source: readSource(reader),
})

const readList = (id: string, reader: ItemReader): ListEntry => ({
  id,
  title: reader.optionalText("title") ?? "",
  kind:
    reader.optional("kind", listKinds.join("|"), text => listKinds.find(kind => kind === text)) ?? "tasks",
  colour: reader.optionalText("colour") ?? "",
  createdBy: reader.optionalText("createdBy"),
  archived: reader.flag("archived"),
})

const keysOf = (value: unknown): readonly string[] => (isMap(value) ? Object.keys(value).sort() : [])

/**
 * Shape: `notes`, `rooms`, `lists`: id -> map · `ledgerYears`: year -> true · `chatMonths`: `<roomId>/2026-11` ->
 * true (flat: a map per room would be made by two devices at once).
 */
export const parseCatalogue = (doc: unknown): Result<Catalogue, SchemaError> => {
  const root = parseRoot("catalogue", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const months = keysOf(fields["chatMonths"])
  const readRoom = (id: string, reader: ItemReader): RoomEntry => ({
    id,
    title: reader.optionalText("title") ?? "",
    createdBy: reader.optionalText("createdBy"),
    archived: reader.flag("archived"),
    months: months.filter(month => month.startsWith(`${id}/`)).map(month => month.slice(id.length + 1)),
  })
  const notes = isMap(fields["notes"]) ? fields["notes"] : {}
  const noteItems = sorted(
    "note",
    readItems(fields, "notes", found, (id, reader) => {
      const shown = reader.has("importId")
        ? new ItemReader(shownCopy(notes, id) ?? reader.item, reader.path, found)
        : reader
      return { entry: readNote(id, shown), away: readAway(shown) }
    }),
  )
  const rooms = readItems(fields, "rooms", found, readRoom)
  const listItems = sorted(
    "list",
    readItems(fields, "lists", found, (id, reader) => ({
      entry: readList(id, reader),
      away: readAway(reader),
    })),
  )
  return ok({
    schema,
    readOnly,
    issues,
    notes: noteItems.here,
    rooms,
    lists: listItems.here,
    ledgerYears: keysOf(fields["ledgerYears"]),
    moved: [...noteItems.moved, ...listItems.moved],
  })
}

/** Every document that the catalogue speaks of, the book and itself included. Profiles follow from the members. */
export const documentsOf = (catalogue: Catalogue): readonly DocumentName[] => [
  { area: "catalogue", name: "" },
  { area: "book", name: "" },
  ...catalogue.ledgerYears.map(name => ({ area: "ledger", name }) as const),
  ...[...catalogue.notes.keys()].sort().map(name => ({ area: "notes", name }) as const),
  ...[...catalogue.lists.keys()].sort().map(name => ({ area: "plans", name }) as const),
  ...[...catalogue.rooms.values()].flatMap(({ id, months }) =>
    months.map(month => ({ area: "chat", name: `${id}/${month}` }) as const),
  ),
]
