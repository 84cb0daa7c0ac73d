import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type Result, err, ok, textToBytes } from "@home/shared/base"
import {
  type JsonExport,
  csvOfLedger,
  exportChat,
  exportLedger,
  exportNotes,
  exportPlans,
  familyListName,
  icsOfPlans,
  markdownOfNote,
} from "@home/shared/documents"
import { writeWhole } from "../profile/private-file.js"
import {
  type ShownArea,
  readBook,
  readCatalogue,
  readChats,
  readLedgers,
  readNotes,
  readPlanList,
  readPlanLists,
} from "./areas.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { type Place, withPlace } from "./place.js"

export const exportFormats = ["json", "csv", "ics", "markdown"] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportOptions {
  readonly area: ShownArea
  readonly format: ExportFormat
  /** A file, or for Markdown a folder; absent: standard output. */
  readonly out: string | undefined
  /** Of plans as a calendar; absent: the family's list. */
  readonly list: string | undefined
  readonly circle: string | undefined
}

/** Which forms an area has. */
const formatsOf: Readonly<Record<ShownArea, readonly ExportFormat[]>> = {
  ledger: ["json", "csv"],
  notes: ["json", "markdown"],
  plans: ["json", "ics"],
  chat: ["json"],
}

/** One object per area, stable and documented (shared/src/documents/SPEC.md): what tests and programs read. */
const jsonOf = async (place: Place, area: ShownArea): Promise<Result<JsonExport, Failure>> => {
  switch (area) {
    case "ledger": {
      const [ledgers, book] = [await readLedgers(place), await readBook(place)]
      if (!ledgers.ok) return ledgers
      return book.ok ? ok(exportLedger(ledgers.value, book.value)) : book
    }
    case "notes": {
      const notes = await readNotes(place)
      return notes.ok ? ok(exportNotes(notes.value)) : notes
    }
    case "plans": {
      const lists = await readPlanLists(place)
      return lists.ok ? ok(exportPlans(lists.value)) : lists
    }
    case "chat": {
      const catalogue = await readCatalogue(place)
      if (!catalogue.ok) return catalogue
      const chats = await readChats(place, catalogue.value)
      return chats.ok ? ok(exportChat(chats.value, catalogue.value)) : chats
    }
  }
}

const textOf = async (home: Home, place: Place, options: ExportOptions): Promise<Result<string, Failure>> => {
  if (options.format === "csv") {
    const [ledgers, book] = [await readLedgers(place), await readBook(place)]
    if (!ledgers.ok) return ledgers
    return book.ok ? ok(csvOfLedger(ledgers.value, book.value)) : book
  }
  if (options.format === "ics") {
    const plans = await readPlanList(place, options.list ?? familyListName)
    return plans.ok ? ok(icsOfPlans(plans.value, home.clock.now())) : plans
  }
  const json = await jsonOf(place, options.area)
  return json.ok ? ok(JSON.stringify(json.value)) : json
}

const writeFile = (path: string, text: string): Result<void, Failure> => {
  try {
    writeWhole(path, textToBytes(text), 0o644)
    return ok(undefined)
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown"
    return fail("unreadable", `${path} cannot be written: ${reason}`, { file: path })
  }
}

/** One file per note into a folder, which is made; files of the same name are replaced. */
const exportMarkdown = async (home: Home, place: Place, out: string): Outcome => {
  const notes = await readNotes(place)
  if (!notes.ok) return err(notes.error)
  mkdirSync(out, { recursive: true })
  for (const each of notes.value) {
    const { fileName, text } = markdownOfNote(each)
    const written = writeFile(join(out, fileName), text)
    if (!written.ok) return written
  }
  home.result(
    { area: "notes", format: "markdown", out, notes: notes.value.length },
    `${notes.value.length} notes in ${out}`,
  )
  return ok(undefined)
}

export const exportArea = (home: Home, options: ExportOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { area, format, out } = options
    if (!formatsOf[area].includes(format)) {
      return fail("usage", `${area} is exported as ${formatsOf[area].join(" or ")}, not as ${format}`)
    }
    if (format === "markdown") {
      return out === undefined
        ? fail("usage", "Markdown needs a folder: --out")
        : exportMarkdown(home, place, out)
    }
    const text = await textOf(home, place, options)
    if (!text.ok) return err(text.error)
    if (out === undefined) {
      home.terminal.print(text.value.replace(/\n$/, ""))
      return ok(undefined)
    }
    const written = writeFile(out, format === "json" ? `${text.value}\n` : text.value)
    if (!written.ok) return written
    home.result({ area, format, out }, out)
    return ok(undefined)
  })
