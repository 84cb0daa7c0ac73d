import { ok } from "@home/shared/base"
import {
  type BlobRef,
  type EntryFields,
  type ImportedEntry,
  addEntry,
  addInstance,
  attachReceipt,
  deleteEntry,
  detachReceipt,
  editEntry,
  importEntries,
  noteLedgerYear,
  restoreEntry,
} from "@home/shared/documents"
import type { BeforeCommand, Command } from "./command.js"

const area = "ledger"

/** Without it no other device would know that there is a document for the year. */
const noteYear = (year: string): readonly BeforeCommand[] => [
  { document: { area: "catalogue", name: "" }, run: draft => noteLedgerYear(draft, year) },
]

const add: Command<{ readonly id: string; readonly fields: EntryFields }> = {
  area,
  before: noteYear,
  run: (draft, { id, fields }, { by, document }) => addEntry(draft, { year: document, id, fields, by }),
}

const edit: Command<{ readonly id: string; readonly patch: Partial<EntryFields> }> = {
  area,
  run: (draft, { id, patch }, { by, document }) => editEntry(draft, { year: document, id, patch, by }),
}

const remove: Command<{ readonly id: string }> = {
  area,
  run: (draft, { id }, { by }) => deleteEntry(draft, { id, by }),
}

const restore: Command<{ readonly id: string }> = {
  area,
  run: (draft, { id }, { by }) => restoreEntry(draft, { id, by }),
}

/** The day of a recurring entry; who enters it first does not matter. */
const enterInstance: Command<{
  readonly recurring: string
  readonly date: string
  readonly fields: EntryFields
}> = {
  area,
  before: noteYear,
  run: (draft, input, { by, document }) => addInstance(draft, { ...input, year: document, by }),
}

/** The file is here already, on disk: the engine's `keepFile` has given its ref. */
const attach: Command<{ readonly id: string; readonly receipt: BlobRef }> = {
  area,
  run: (draft, { id, receipt }, { by }) => attachReceipt(draft, { id, receipt, by }),
}

const detach: Command<{ readonly id: string; readonly receiptId: string }> = {
  area,
  run: (draft, { id, receiptId }, { by }) => detachReceipt(draft, { id, receiptId, by }),
}

/** Some hundred rows at a time: the journal keeps them until they are on disk. */
const importRows: Command<{ readonly format: string; readonly rows: readonly ImportedEntry[] }> = {
  area,
  before: noteYear,
  run: (draft, input, { by, document }) => {
    const added = importEntries(draft, { ...input, year: document, by })
    return added.ok ? ok(undefined) : added
  },
}

/** On the document of a year, such as "2026". */
export const ledgerCommands = {
  addEntry: add,
  editEntry: edit,
  deleteEntry: remove,
  restoreEntry: restore,
  attachReceipt: attach,
  detachReceipt: detach,
  addInstance: enterInstance,
  importEntries: importRows,
}
