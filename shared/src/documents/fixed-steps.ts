import { ImmutableString } from "@automerge/automerge/slim"
import type { Area } from "../base/index.js"
import { defaultAccounts, defaultCategories } from "./book-defaults.js"

/** What a fixed change writes; it sees only what the steps before it wrote. */
export type FixedStep = (root: Record<string, unknown>) => void

/** The list and the room that every family has; their empty titles mean "named by the app, in the reader's language". */
export const familyListName = "family"
export const familyRoomId = "0".repeat(32)

export const monthNames = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"] as const

const text = (value: string) => new ImmutableString(value)

/** Every container of the first schema. `containers` stay empty maps. */
const create =
  (area: Area, ...containers: readonly string[]): FixedStep =>
  root => {
    root["area"] = text(area)
    root["schema"] = 1
    for (const container of containers) root[container] = {}
  }

const createBook: FixedStep = root => {
  create("book", "accounts", "categories", "tags", "settings")(root)
  root["accounts"] = Object.fromEntries(
    defaultAccounts.map(({ id, kind }) => [
      id,
      {
        key: text(id),
        name: text(""),
        kind: text(kind),
        currency: text(""),
        openingMinor: 0,
        archived: false,
      },
    ]),
  )
  root["categories"] = Object.fromEntries(
    defaultCategories.map(({ id, kind, icon }) => [
      id,
      { key: text(id), name: text(""), kind: text(kind), icon: text(icon), archived: false },
    ]),
  )
}

const createCatalogue: FixedStep = root => {
  create("catalogue", "notes", "chatMonths", "ledgerYears")(root)
  root["lists"] = { [familyListName]: { title: text(""), kind: text("calendar"), colour: text("") } }
  root["rooms"] = { [familyRoomId]: { title: text("") } }
}

const createLedger: FixedStep = root => {
  create("ledger")(root)
  root["months"] = Object.fromEntries(monthNames.map(month => [month, {}]))
}

const createNote: FixedStep = root => {
  create("notes", "checklist", "attachments", "properties", "imports")(root)
  root["body"] = ""
}

/** Schema 2: a list may be a trip. */
const addTrip: FixedStep = root => {
  root["schema"] = 2
  for (const container of ["trip", "places", "days", "packing", "budget"]) root[container] = {}
}

/** Schema 2: what the family plans to spend, what recurs, and what it wants remembered. */
const addPlanning: FixedStep = root => {
  root["schema"] = 2
  for (const container of ["recurring", "budgets", "carryOver", "payeeRules", "filters"]) root[container] = {}
}

/**
 * The one source of the fixed changes: step n makes change n of every document of the area. Steps are only ever
 * appended, and `fixed-bytes.ts` is made again (`UPDATE=1 npx vitest run shared/src/documents/areas.test.ts`).
 */
export const fixedSteps: Readonly<Record<Area, readonly FixedStep[]>> = {
  catalogue: [createCatalogue],
  profile: [create("profile", "profile")],
  book: [createBook, addPlanning],
  ledger: [createLedger],
  notes: [createNote],
  plans: [create("plans", "items"), addTrip],
  chat: [create("chat", "messages", "reactions")],
  contacts: [create("contacts", "own", "met")],
}
