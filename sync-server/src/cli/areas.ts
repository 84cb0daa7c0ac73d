import { type Area, type Result, err, ok } from "@home/shared/base"
import {
  type Book,
  type Catalogue,
  type Chat,
  type Ledger,
  type Note,
  type NoteEntry,
  type Plans,
  type SchemaError,
  parseBook,
  parseCatalogue,
  parseChat,
  parseLedger,
  parseNote,
  parsePlans,
} from "@home/shared/documents"
import { type Failure, fail } from "./failure.js"
import type { Place } from "./place.js"

/** What people name on the command line; each is one or many documents. */
export const shownAreas = ["ledger", "plans", "notes", "chat"] as const
export type ShownArea = (typeof shownAreas)[number]

export const parseArea = (text: string): Result<ShownArea, Failure> => {
  const area = shownAreas.find(known => known === text)
  return area === undefined ? fail("usage", `${text} is no area: ${shownAreas.join(", ")}`) : ok(area)
}

const read = async <T>(
  { device, circle }: Place,
  area: Area,
  name: string,
  parse: (doc: unknown) => Result<T, SchemaError>,
): Promise<Result<T, Failure>> => {
  const { replica } = device
  const parsed = await replica.read(replica.keyFor(area, name, circle), doc => parse(doc))
  return parsed.ok
    ? parsed
    : fail("unreadable", `a document of the area ${area} cannot be read (${parsed.error.type})`)
}

export const readBook = (place: Place): Promise<Result<Book, Failure>> => read(place, "book", "", parseBook)

export const readCatalogue = (place: Place): Promise<Result<Catalogue, Failure>> =>
  read(place, "catalogue", "", parseCatalogue)

/** One after the other: each document is loaded, parsed and freed again. */
const readAll = async <N, T>(
  names: readonly N[],
  readOne: (name: N) => Promise<Result<T, Failure>>,
): Promise<Result<readonly T[], Failure>> => {
  const found: T[] = []
  for (const name of names) {
    const one = await readOne(name)
    if (!one.ok) return err(one.error)
    found.push(one.value)
  }
  return ok(found)
}

const readLedger = (place: Place, year: string): Promise<Result<Ledger, Failure>> =>
  read(place, "ledger", year, parseLedger)

export const readLedgers = async (place: Place): Promise<Result<readonly Ledger[], Failure>> => {
  const catalogue = await readCatalogue(place)
  return catalogue.ok ? readAll(catalogue.value.ledgerYears, year => readLedger(place, year)) : catalogue
}

/** The years with their names, which commands of an entry need. */
export const readLedgerYears = async (
  place: Place,
): Promise<Result<readonly { readonly year: string; readonly ledger: Ledger }[], Failure>> => {
  const catalogue = await readCatalogue(place)
  if (!catalogue.ok) return catalogue
  return readAll(catalogue.value.ledgerYears, async year => {
    const ledger = await readLedger(place, year)
    return ledger.ok ? ok({ year, ledger: ledger.value }) : ledger
  })
}

/** `note` is `undefined` while its document has not arrived. */
export interface NoteAndEntry {
  readonly entry: NoteEntry
  readonly note: Note | undefined
}

export const readNote = (place: Place, id: string): Promise<Result<Note, Failure>> =>
  read(place, "notes", id, parseNote)

export const readNotes = async (place: Place): Promise<Result<readonly NoteAndEntry[], Failure>> => {
  const catalogue = await readCatalogue(place)
  if (!catalogue.ok) return catalogue
  const here = new Set(
    (await place.device.replica.documents("notes"))
      .filter(({ circle }) => circle === place.circle)
      .map(({ name }) => name),
  )
  return readAll(
    [...catalogue.value.notes.values()],
    async (entry): Promise<Result<NoteAndEntry, Failure>> => {
      if (!here.has(entry.id)) return ok({ entry, note: undefined })
      const note = await readNote(place, entry.id)
      return note.ok ? ok({ entry, note: note.value }) : note
    },
  )
}

export const readPlanList = (place: Place, list: string): Promise<Result<Plans, Failure>> =>
  read(place, "plans", list, parsePlans)

export const readPlanLists = async (
  place: Place,
): Promise<Result<readonly { readonly list: string; readonly plans: Plans }[], Failure>> => {
  const catalogue = await readCatalogue(place)
  if (!catalogue.ok) return catalogue
  return readAll([...catalogue.value.lists.keys()], async list => {
    const plans = await readPlanList(place, list)
    return plans.ok ? ok({ list, plans: plans.value }) : plans
  })
}

export interface ChatMonth {
  readonly room: string
  readonly month: string
  readonly chat: Chat
}

/** `room`: one room's months only. */
export const readChats = async (
  place: Place,
  catalogue: Catalogue,
  room?: string,
): Promise<Result<readonly ChatMonth[], Failure>> => {
  const rooms = [...catalogue.rooms.values()].filter(({ id }) => room === undefined || id === room)
  const months = rooms.flatMap(({ id, months: names }) => names.map(month => ({ room: id, month })))
  return readAll(months, async each => {
    const chat = await read(place, "chat", `${each.room}/${each.month}`, parseChat)
    return chat.ok ? ok({ ...each, chat: chat.value }) : chat
  })
}
