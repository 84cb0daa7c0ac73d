import { readFileSync } from "node:fs"
import { type Result, ok } from "@home/shared/base"
import { type MovedItem, addNote as addNoteEntry, editBody } from "@home/shared/documents"
import { readCatalogue, readNote } from "./areas.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { findMoved } from "./moves.js"
import { type Place, withPlace } from "./place.js"
import { requireMembership } from "./with-device.js"
import { byOf, newItemId, write } from "./writing.js"

export interface NoteAddOptions {
  readonly title: string
  readonly body: string | undefined
  /** A file with the text; `-` is standard input. */
  readonly file: string | undefined
  readonly tags: readonly string[]
  readonly circle: string | undefined
}

const bodyOf = ({ body, file }: NoteAddOptions): Result<string, Failure> => {
  if (file === undefined) return ok(body ?? "")
  try {
    return ok(readFileSync(file === "-" ? 0 : file, "utf8"))
  } catch {
    return fail("unreadable", `${file} cannot be read`, { file })
  }
}

export const addNote = (home: Home, options: NoteAddOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device } = place
    const live = requireMembership(device)
    if (!live.ok) return live
    const body = bodyOf(options)
    if (!body.ok) return body
    const id = newItemId(home)
    const by = byOf(home, device)
    const { title, tags } = options
    const entered = await write(place, "catalogue", "", draft => addNoteEntry(draft, { id, title, tags, by }))
    if (!entered.ok) return entered
    if (body.value !== "") {
      const written = await write(place, "notes", id, draft => editBody(draft, body.value))
      if (!written.ok) return written
    }
    home.result({ added: id, title }, `${id.slice(0, 8)}  ${title}`)
    return ok(undefined)
  })

/** What is left here of a note that went to another circle. */
const showKept = async (home: Home, place: Place, moved: MovedItem): Outcome => {
  const note = await readNote(place, moved.id)
  if (!note.ok) return note
  const { id, title, toCircle, atMs } = moved
  home.terminal.say(
    `"${title}" was moved to another circle. This is the copy as it was; "home circle moved" says more.`,
  )
  home.result(
    { id, title, body: note.value.body, movedTo: toCircle, movedAtMs: atMs },
    `# ${title}\n\n${note.value.body}`,
  )
  return ok(undefined)
}

export interface NoteShowOptions {
  readonly note: string
  readonly circle: string | undefined
}

export const showNote = (home: Home, { note: text, circle }: NoteShowOptions): Outcome =>
  withPlace(home, circle, async place => {
    const catalogue = await readCatalogue(place)
    if (!catalogue.ok) return catalogue
    const here = findByTitle(catalogue.value.notes.values(), text, "note")
    const moved = here.ok ? undefined : findMoved(catalogue.value, "note", text)
    if (moved?.ok === true) return showKept(home, place, moved.value)
    if (!here.ok) return here
    const note = await readNote(place, here.value.id)
    if (!note.ok) return note
    const { id, title, tags, updatedAtMs, createdAtMs } = here.value
    const { body, checklist } = note.value
    const tasks = checklist.map(item => `- [${item.done ? "x" : " "}] ${item.text}`)
    home.result(
      {
        id,
        title,
        tags,
        body,
        checklist: checklist.map(item => ({ id: item.id, text: item.text, done: item.done })),
        createdAtMs,
        updatedAtMs: updatedAtMs ?? null,
      },
      [
        `# ${title}`,
        ...(tags.length === 0 ? [] : [tags.map(tag => `#${tag}`).join(" ")]),
        "",
        body,
        ...tasks,
      ].join("\n"),
    )
    return ok(undefined)
  })

export interface NoteListOptions {
  readonly tag: string | undefined
  readonly circle: string | undefined
}

export const listNotes = (home: Home, options: NoteListOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const catalogue = await readCatalogue(place)
    if (!catalogue.ok) return catalogue
    const { tag } = options
    const notes = [...catalogue.value.notes.values()]
      .filter(note => note.trashedAtMs === undefined && (tag === undefined || note.tags.includes(tag)))
      .sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : a.id < b.id ? -1 : 1))
    for (const { id, title, tags, createdAtMs, updatedAtMs } of notes) {
      home.result(
        { id, title, tags, createdAtMs, updatedAtMs: updatedAtMs ?? null },
        `${id.slice(0, 8)}  ${title}${tags.map(each => ` #${each}`).join("")}`,
      )
    }
    return ok(undefined)
  })
