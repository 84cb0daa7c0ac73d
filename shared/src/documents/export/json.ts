import type { Book } from "../book.js"
import type { Catalogue, NoteEntry } from "../catalogue.js"
import type { Chat } from "../chat.js"
import type { Ledger } from "../ledger.js"
import { compareText } from "../ledger.js"
import type { Note } from "../notes.js"
import { type PlanItem, type Plans, isDone } from "../plans.js"
import type { Source } from "../source.js"
import { type Trip, isEmptyTrip, kept } from "../trip.js"
import { formatWall } from "../wall.js"

/** The version of the forms below: SPEC.md lists every field. Fields are added, never renamed. */
export const exportSchema = 1

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export interface JsonExport {
  readonly [key: string]: JsonValue
}

const nullable = <T extends JsonValue>(value: T | undefined): T | null => value ?? null
const sourceOf = (source: Source | undefined): JsonValue =>
  source === undefined ? null : { format: source.format, sourceId: source.sourceId }

/** The name a person gave; of an untouched default its key. */
export const nameOf = (
  item: { readonly name: string; readonly key?: string | undefined } | undefined,
  id: string,
): string => (item === undefined ? id : item.name === "" ? (item.key ?? id) : item.name)

/** Removed entries are left out; order: date, time (none first), id. The text of one ledger is the same on every device. */
export const exportLedger = (ledgers: Iterable<Ledger>, book: Book): JsonExport => {
  const entries = [...ledgers]
    .flatMap(ledger => [...ledger.entries.values()])
    .filter(entry => entry.deletedAtMs === undefined)
    .sort(
      (a, b) =>
        compareText(a.date, b.date) || compareText(a.time ?? "", b.time ?? "") || compareText(a.id, b.id),
    )
  return {
    schema: exportSchema,
    area: "ledger",
    entries: entries.map(entry => ({
      id: entry.id,
      date: entry.date,
      time: nullable(entry.time),
      direction: entry.direction,
      status: entry.status,
      amountMinor: entry.amountMinor,
      currency: entry.currency,
      rate: nullable(entry.rate),
      account: nameOf(book.accounts.get(entry.account), entry.account),
      accountId: entry.account,
      toAccount:
        entry.toAccount === undefined ? null : nameOf(book.accounts.get(entry.toAccount), entry.toAccount),
      toAccountId: nullable(entry.toAccount),
      toAmountMinor: nullable(entry.toAmountMinor),
      payee: entry.payee,
      note: entry.note,
      category: nameOf(book.categories.get(entry.category), entry.category),
      categoryId: entry.category,
      tags: entry.tags,
      splits: entry.splits.map(split => ({
        category: nameOf(book.categories.get(split.category), split.category),
        categoryId: split.category,
        amountMinor: split.amountMinor,
        note: split.note,
      })),
      paidBy: nullable(entry.paidBy),
      shares: Object.fromEntries(Object.entries(entry.shares).sort(([a], [b]) => compareText(a, b))),
      receipts: entry.receipts.map(({ id, name, type, sizeBytes }) => ({ id, name, type, sizeBytes })),
      importedFrom: sourceOf(entry.importedFrom),
      author: entry.author,
      createdAtMs: entry.createdAtMs,
      editedBy: nullable(entry.editedBy),
      editedAtMs: nullable(entry.editedAtMs),
    })),
  }
}

/** A note of the catalogue with its document; `undefined` while that is not here. */
export interface NoteWithBody {
  readonly entry: NoteEntry
  readonly note: Note | undefined
}

/** Order: id. Notes in the trash are in it, with `trashedAtMs`. */
export const exportNotes = (notes: Iterable<NoteWithBody>): JsonExport => ({
  schema: exportSchema,
  area: "notes",
  notes: [...notes]
    .sort((a, b) => compareText(a.entry.id, b.entry.id))
    .map(({ entry, note }) => ({
      id: entry.id,
      title: entry.title,
      body: note === undefined ? null : note.body,
      tags: entry.tags,
      pinned: entry.pinned,
      checklist: (note?.checklist ?? []).map(({ id, text, done }) => ({ id, text, done })),
      attachments: [...(note?.attachments.values() ?? [])]
        .sort((a, b) => compareText(a.id, b.id))
        .map(({ id, name, mediaType, sizeBytes }) => ({ id, name, mediaType, sizeBytes })),
      properties: Object.fromEntries([...(note?.properties ?? [])].sort(([a], [b]) => compareText(a, b))),
      importedFrom: sourceOf(entry.source),
      author: entry.createdBy,
      createdAtMs: entry.createdAtMs,
      updatedAtMs: nullable(entry.updatedAtMs),
      trashedAtMs: nullable(entry.trashedAtMs),
    })),
})

const planOf = (list: string, item: PlanItem): JsonValue => ({
  id: item.id,
  list,
  kind: item.kind,
  title: item.title,
  body: item.body,
  start: item.start === undefined ? null : formatWall(item.start),
  end: item.end === undefined ? null : formatWall(item.end),
  due: item.due === undefined ? null : formatWall(item.due),
  rrule: nullable(item.rrule),
  repeatAfter: item.repeatAfter === undefined ? null : `${item.repeatAfter.count}${item.repeatAfter.unit}`,
  rdates: item.rdates.map(formatWall),
  exdates: item.exdates.map(formatWall),
  overrides: Object.fromEntries(
    [...item.overrides]
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, { start, end, due, ...texts }]) => [
        key,
        {
          ...(texts as Readonly<Record<string, string>>),
          ...(start === undefined ? {} : { start: formatWall(start) }),
          ...(end === undefined ? {} : { end: formatWall(end) }),
          ...(due === undefined ? {} : { due: formatWall(due) }),
        },
      ]),
  ),
  completions: [...item.completions]
    .sort(([a], [b]) => compareText(a, b))
    .map(([instance, { date, atMs, by }]) => ({ instance, date, atMs, by })),
  done: isDone(item),
  status: item.status,
  assignees: item.assignees,
  priority: nullable(item.priority),
  parent: nullable(item.parent),
  reminderMinutes: item.reminders,
  tags: item.tags,
  location: item.location,
  url: item.url,
  extra: Object.fromEntries(Object.entries(item.extra).sort(([a], [b]) => compareText(a, b))),
  importedFrom: sourceOf(item.importedFrom),
  author: item.author,
  createdAtMs: item.createdAtMs,
  editedBy: nullable(item.editedBy),
  editedAtMs: nullable(item.editedAtMs),
})

const tripOf = (list: string, trip: Trip): JsonValue => ({
  list,
  first: nullable(trip.dates?.first),
  last: nullable(trip.dates?.last),
  note: trip.note,
  currency: trip.currency,
  days: Object.fromEntries([...trip.days].sort(([a], [b]) => compareText(a, b))),
  places: kept(trip.places).map(({ id, name, address, url, note, date, order }) => ({
    id,
    name,
    address,
    url,
    note,
    date: nullable(date),
    order,
  })),
  packing: trip.packing.map(({ id, text, done, takenBy }) => ({
    id,
    text,
    done,
    takenBy: nullable(takenBy),
  })),
  budget: kept(trip.budget).map(({ id, category, amountMinor, currency }) => ({
    id,
    category,
    amountMinor,
    currency,
  })),
})

/**
 * Order: list, then id (packing: its own). Removed items are left out, and lists without anything of a trip from
 * `trips`. `list` is the document's name.
 */
export const exportPlans = (
  lists: Iterable<{ readonly list: string; readonly plans: Plans }>,
): JsonExport => {
  const sorted = [...lists].sort((a, b) => compareText(a.list, b.list))
  return {
    schema: exportSchema,
    area: "plans",
    plans: sorted.flatMap(({ list, plans }) => kept(plans.items).map(item => planOf(list, item))),
    trips: sorted
      .filter(({ plans }) => !isEmptyTrip(plans.trip))
      .map(({ list, plans }) => tripOf(list, plans.trip)),
  }
}

/** Order: room, time of sending, id. Deleted messages stay, empty, for replies point at them. */
export const exportChat = (
  chats: Iterable<{ readonly room: string; readonly chat: Chat }>,
  catalogue: Catalogue,
): JsonExport => ({
  schema: exportSchema,
  area: "chat",
  messages: [...chats]
    .flatMap(({ room, chat }) => chat.messages.map(message => ({ room, message })))
    .sort(
      (a, b) =>
        compareText(a.room, b.room) ||
        a.message.sentAtMs - b.message.sentAtMs ||
        compareText(a.message.id, b.message.id),
    )
    .map(({ room, message }) => ({
      id: message.id,
      room,
      roomTitle: catalogue.rooms.get(room)?.title ?? "",
      author: message.author,
      authorName: nullable(message.authorName),
      sentAtMs: message.sentAtMs,
      text: message.text,
      system: message.system,
      replyTo: nullable(message.replyTo),
      reactions: Object.fromEntries([...message.reactions].sort(([a], [b]) => compareText(a, b))),
      importedFrom: sourceOf(message.importedFrom),
      editedAtMs: nullable(message.editedAtMs),
      deletedAtMs: nullable(message.deletedAtMs),
    })),
})
