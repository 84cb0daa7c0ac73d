import type { Area, Result } from "@home/shared/base"
import {
  type Entry,
  type Parsed,
  type SchemaError,
  compareEntries,
  createLedgerMemo,
  parseBook,
  parseCatalogue,
  parseChat,
  parseContacts,
  parseLedger,
  parseNote,
  parsePlans,
  parseProfile,
} from "@home/shared/documents"
import type { Doc } from "@home/shared/replica"

export type Parser = (doc: Doc) => Result<Parsed, SchemaError>

/** One for one document: it may remember what it has read. */
export const createParser = (area: Area): Parser => {
  switch (area) {
    case "ledger": {
      const memo = createLedgerMemo()
      return doc => parseLedger(doc, memo)
    }
    case "book":
      return parseBook
    case "catalogue":
      return parseCatalogue
    case "profile":
      return parseProfile
    case "notes":
      return parseNote
    case "plans":
      return parsePlans
    case "chat":
      return parseChat
    case "contacts":
      return parseContacts
  }
}

/** In which order the rows of a collection go out the first time: what a screen shows on top goes first. */
export const firstOrder = (
  area: Area,
  collection: string,
  rows: ReadonlyMap<string, unknown>,
): readonly string[] => {
  if (area !== "ledger" || collection !== "entries") return [...rows.keys()]
  const entries = [...(rows as ReadonlyMap<string, Entry>).values()]
  return entries.sort(compareEntries).map(({ id }) => id)
}
