import { type Area, type CircleId, type Clock, type Result, textToBytes } from "@home/shared/base"
import {
  type Entry,
  type NoteEntry,
  type SchemaError,
  csvOfLedger,
  exportChat,
  exportLedger,
  exportNotes,
  exportPlans,
  icsOfPlans,
  markdownOfNote,
  parseBook,
  parseCatalogue,
  parseChat,
  parseLedger,
  parseNote,
  parsePlans,
} from "@home/shared/documents"
import { shownCircles } from "@home/shared/device"
import type { Replica } from "@home/shared/replica"
import type { ExportedFile } from "../port.js"

const file = (name: string, mediaType: string, text: string): ExportedFile => ({
  name,
  mediaType,
  bytes: textToBytes(text),
})
const json = (name: string, value: unknown): ExportedFile =>
  file(name, "application/json", `${JSON.stringify(value, undefined, 2)}\n`)

/**
 * Everything that this device can read, in formats that other programs read, and where its receipts are: Everyone's on top, each circle's in a
 * folder of its own. What cannot be read is left out.
 */
export const exportFamily = async (replica: Replica, clock: Clock): Promise<readonly ExportedFile[]> => {
  const files: ExportedFile[] = []
  for (const { id, isEveryone, isRead, name } of await shownCircles({ replica })) {
    if (!isRead) continue
    const folder = isEveryone ? "" : folderOf(name, id)
    for (const file of await exportCircle(replica, clock, id))
      files.push({ ...file, name: folder + file.name })
  }
  return files
}

/** A name that every platform takes for a folder, and that no other place has. */
export const folderOf = (name: string, id: string): string =>
  `${plainName(name) || "circle"} ${id.slice(0, 8)}/`

const plainName = (name: string): string => name.replace(/[^\p{L}\p{N} _-]/gu, "").trim()

/** Pictures by day and shop; the number is the one that `ledger.json` has for each. */
const receiptsOf = (entries: Iterable<Entry>): readonly ExportedFile[] =>
  [...entries].flatMap(({ date, payee, receipts, deletedAtMs }) =>
    (deletedAtMs === undefined ? receipts : []).map(ref => ({
      name: `receipts/${[date, plainName(payee), ref.id.slice(0, 8)].filter(Boolean).join(" ")}${endingOf(ref.name)}`,
      mediaType: ref.type,
      ref,
    })),
  )

const endingOf = (name: string): string => /\.[a-z0-9]{1,5}$/i.exec(name)?.[0].toLowerCase() ?? ""

const exportCircle = async (
  replica: Replica,
  clock: Clock,
  circle: CircleId,
): Promise<readonly ExportedFile[]> => {
  const read = async <T>(
    area: Area,
    name: string,
    parse: (doc: unknown) => Result<T, SchemaError>,
  ): Promise<T | undefined> => {
    const parsed = await replica.read(replica.keyFor(area, name, circle), doc => parse(doc))
    return parsed.ok ? parsed.value : undefined
  }
  const present = <T>(value: T | undefined): value is T => value !== undefined

  const catalogue = await read("catalogue", "", parseCatalogue)
  const book = await read("book", "", parseBook)
  if (catalogue === undefined || book === undefined) return []
  const files: ExportedFile[] = []

  const ledgers = []
  for (const year of catalogue.ledgerYears) ledgers.push(await read("ledger", year, parseLedger))
  files.push(json("ledger.json", exportLedger(ledgers.filter(present), book)))
  files.push(file("ledger.csv", "text/csv", csvOfLedger(ledgers.filter(present), book)))
  for (const ledger of ledgers.filter(present)) files.push(...receiptsOf(ledger.entries.values()))

  const lists = []
  for (const list of catalogue.lists.keys()) {
    const plans = await read("plans", list, parsePlans)
    if (plans === undefined) continue
    lists.push({ list, plans })
    files.push(file(`plans/${list}.ics`, "text/calendar", icsOfPlans(plans, clock.now())))
  }
  files.push(json("plans.json", exportPlans(lists)))

  const here = new Set(
    (await replica.documents("notes")).filter(key => key.circle === circle).map(({ name }) => name),
  )
  const notes: { entry: NoteEntry; note: Awaited<ReturnType<typeof readNote>> }[] = []
  const readNote = (id: string) => read("notes", id, parseNote)
  for (const entry of catalogue.notes.values())
    notes.push({ entry, note: here.has(entry.id) ? await readNote(entry.id) : undefined })
  files.push(json("notes.json", exportNotes(notes)))
  for (const note of notes) {
    const { fileName, text } = markdownOfNote(note)
    files.push(file(`notes/${fileName}`, "text/markdown", text))
  }

  const chats = []
  for (const { id: room, months } of catalogue.rooms.values()) {
    for (const month of months) {
      const chat = await read("chat", `${room}/${month}`, parseChat)
      if (chat !== undefined) chats.push({ room, month, chat })
    }
  }
  files.push(json("chat.json", exportChat(chats, catalogue)))
  return files
}
