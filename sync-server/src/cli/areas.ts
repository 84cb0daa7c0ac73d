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
import type { OpenDevice } from "../profile/device.js"
import { type Failure, fail } from "./failure.js"

/** What people name on the command line; each is one or many documents. */
export const shownAreas = ["ledger", "plans", "notes", "chat"] as const
export type ShownArea = (typeof shownAreas)[number]

export const parseArea = (text: string): Result<ShownArea, Failure> => {
  const area = shownAreas.find(known => known === text)
  return area === undefined ? fail("usage", `${text} is no area: ${shownAreas.join(", ")}`) : ok(area)
}

const read = async <T>(
  device: OpenDevice,
  area: Area,
  name: string,
  parse: (doc: unknown) => Result<T, SchemaError>,
): Promise<Result<T, Failure>> => {
  const { replica } = device
  const parsed = await replica.read(replica.keyFor(area, name), doc => parse(doc))
  return parsed.ok
    ? parsed
    : fail("unreadable", `a document of the area ${area} cannot be read (${parsed.error.type})`)
}

export const readBook = (device: OpenDevice): Promise<Result<Book, Failure>> =>
  read(device, "book", "", parseBook)

export const readCatalogue = (device: OpenDevice): Promise<Result<Catalogue, Failure>> =>
  read(device, "catalogue", "", parseCatalogue)

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

const readLedger = (device: OpenDevice, year: string): Promise<Result<Ledger, Failure>> =>
  read(device, "ledger", year, parseLedger)

export const readLedgers = async (device: OpenDevice): Promise<Result<readonly Ledger[], Failure>> => {
  const catalogue = await readCatalogue(device)
  return catalogue.ok ? readAll(catalogue.value.ledgerYears, year => readLedger(device, year)) : catalogue
}

/** The years with their names, which commands of an entry need. */
export const readLedgerYears = async (
  device: OpenDevice,
): Promise<Result<readonly { readonly year: string; readonly ledger: Ledger }[], Failure>> => {
  const catalogue = await readCatalogue(device)
  if (!catalogue.ok) return catalogue
  return readAll(catalogue.value.ledgerYears, async year => {
    const ledger = await readLedger(device, year)
    return ledger.ok ? ok({ year, ledger: ledger.value }) : ledger
  })
}

/** `note` is `undefined` while its document has not arrived. */
export interface NoteAndEntry {
  readonly entry: NoteEntry
  readonly note: Note | undefined
}

export const readNote = (device: OpenDevice, id: string): Promise<Result<Note, Failure>> =>
  read(device, "notes", id, parseNote)

export const readNotes = async (device: OpenDevice): Promise<Result<readonly NoteAndEntry[], Failure>> => {
  const catalogue = await readCatalogue(device)
  if (!catalogue.ok) return catalogue
  const here = new Set((await device.replica.documents("notes")).map(({ name }) => name))
  return readAll(
    [...catalogue.value.notes.values()],
    async (entry): Promise<Result<NoteAndEntry, Failure>> => {
      if (!here.has(entry.id)) return ok({ entry, note: undefined })
      const note = await readNote(device, entry.id)
      return note.ok ? ok({ entry, note: note.value }) : note
    },
  )
}

export const readPlanList = (device: OpenDevice, list: string): Promise<Result<Plans, Failure>> =>
  read(device, "plans", list, parsePlans)

export const readPlanLists = async (
  device: OpenDevice,
): Promise<Result<readonly { readonly list: string; readonly plans: Plans }[], Failure>> => {
  const catalogue = await readCatalogue(device)
  if (!catalogue.ok) return catalogue
  return readAll([...catalogue.value.lists.keys()], async list => {
    const plans = await readPlanList(device, list)
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
  device: OpenDevice,
  catalogue: Catalogue,
  room?: string,
): Promise<Result<readonly ChatMonth[], Failure>> => {
  const rooms = [...catalogue.rooms.values()].filter(({ id }) => room === undefined || id === room)
  const months = rooms.flatMap(({ id, months: names }) => names.map(month => ({ room: id, month })))
  return readAll(months, async each => {
    const chat = await read(device, "chat", `${each.room}/${each.month}`, parseChat)
    return chat.ok ? ok({ ...each, chat: chat.value }) : chat
  })
}
