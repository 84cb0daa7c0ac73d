import * as A from "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Area, type Result, areas } from "../base/index.js"
import { createDocument, schemaOf } from "./areas.js"
import { addAccount, parseBook } from "./book.js"
import { meetContact, parseContacts } from "./contacts.js"
import { parseCatalogue } from "./catalogue.js"
import { addList, addNote } from "./catalogue-commands.js"
import { parseChat, react, sendMessage } from "./chat.js"
import { addEntry } from "./ledger-commands.js"
import { parseLedger } from "./ledger.js"
import { addChecklistItem, editBody, importBody, parseNote } from "./notes.js"
import { addPlan } from "./plan-commands.js"
import { parsePlans } from "./plans.js"
import { editProfile, parseProfile } from "./profile.js"
import type { Parsed, SchemaError } from "./reading.js"
import { type TestDoc, anna, device, must, refusal, sampleEntry, samplePlan } from "./samples.js"

const parsers: Readonly<Record<Area, (doc: unknown) => Result<Parsed, SchemaError>>> = {
  catalogue: parseCatalogue,
  profile: parseProfile,
  book: parseBook,
  ledger: parseLedger,
  notes: parseNote,
  plans: parsePlans,
  chat: parseChat,
  contacts: parseContacts,
}

const id = "aa".repeat(16)
const commands: Readonly<Record<Area, readonly ((draft: unknown) => Result<unknown, unknown>)[]>> = {
  catalogue: [
    draft => addNote(draft, { id, title: "t", tags: [], by: anna }),
    draft => addList(draft, { id, title: "t", kind: "trip", colour: "", by: anna }),
  ],
  profile: [draft => editProfile(draft, { displayName: "Anna" })],
  book: [
    draft =>
      addAccount(draft, id, { name: "a", kind: "cash", currency: "", openingMinor: 0, archived: false }),
  ],
  ledger: [draft => addEntry(draft, { year: "2026", id, fields: sampleEntry, by: anna })],
  notes: [
    draft => editBody(draft, "text"),
    draft => importBody(draft, { text: "x", format: "markdown", properties: {} }),
    draft => addChecklistItem(draft, { id, text: "t", order: "V", by: anna }),
  ],
  plans: [draft => addPlan(draft, { id, fields: samplePlan, body: "", by: anna })],
  chat: [
    draft => sendMessage(draft, { id, text: "t", by: anna }),
    draft => react(draft, { id, emoji: "👍", on: true, by: anna }),
  ],
  contacts: [
    draft => meetContact(draft, { family: "aa".repeat(32), contact: "bb".repeat(32), card: "01", by: anna }),
  ],
}

/** A document as a newer (or careless) version may have left it. */
const spoiled = (area: Area, spoil: (root: Record<string, unknown>) => void): TestDoc =>
  A.change(createDocument(area, "77".repeat(16)) as A.Doc<Record<string, unknown>>, root => spoil(root))

describe("reading what others wrote", () => {
  it.each(areas)("[D4] a fresh %s document reads without an issue, and only as itself", area => {
    expect(must(parsers[area](device(area, "11")))).toMatchObject({
      schema: schemaOf(area),
      readOnly: false,
      issues: [],
    })
    for (const other of areas.filter(candidate => candidate !== area))
      expect(parsers[other](device(area, "11"))).toEqual({
        ok: false,
        error: { type: "WrongArea", expected: other },
      })
  })

  it.each(areas)("[D4] nothing that is handed to the reader of %s makes it throw", area => {
    const values = fc.anything({ withDate: true, withTypedArray: true, maxDepth: 4 })
    const roots = fc.tuple(
      values,
      fc.dictionary(
        fc.constantFrom(
          "months",
          "items",
          "messages",
          "reactions",
          "notes",
          "rooms",
          "lists",
          "accounts",
          "categories",
          "tags",
          "settings",
          "body",
          "checklist",
          "budget",
          "profile",
        ),
        fc.oneof(
          values,
          fc.dictionary(
            fc.constantFrom("01", id, "x"),
            fc.oneof(
              values,
              fc.dictionary(
                fc.constantFrom(
                  id,
                  "title",
                  "kind",
                  "tags",
                  "splits",
                  "shares",
                  "overrides",
                  "date",
                  "amountMinor",
                ),
                values,
              ),
            ),
          ),
        ),
      ),
    )
    fc.assert(
      fc.property(roots, ([plainValue, fields]) => {
        expect(typeof parsers[area](plainValue).ok).toBe("boolean")
        const result = parsers[area]({ area, schema: 1, ...fields })
        expect(result.ok).toBe(true)
        if (result.ok) expect(result.value.issues.length).toBeLessThanOrEqual(200)
      }),
      { numRuns: 80 },
    )
  })

  it("[D4] one bad item is reported and skipped, its neighbours are read, unknown fields do no harm", () => {
    const doc = spoiled("ledger", root => {
      must(addEntry(root, { year: "2026", id, fields: sampleEntry, by: anna }))
      const march = (root["months"] as Record<string, Record<string, unknown>>)["03"] ?? {}
      march["bad-date"] = { ...(JSON.parse(JSON.stringify(sampleEntry)) as object), date: "yesterday" }
      march["bad-amount"] = { date: "2026-03-01", direction: "expense", amountMinor: 1.5, currency: "EUR" }
      march["no-map"] = 7
      const entry = march[id] as Record<string, unknown>
      entry["mood"] = { of: "version 9" }
      entry["payee"] = 42
    })
    const ledger = must(parseLedger(doc))
    expect([...ledger.entries.keys()]).toEqual([id])
    expect(ledger.entries.get(id)).toMatchObject({ payee: "", amountMinor: 2816 })
    const paths = ledger.issues.map(({ path }) => path.replace("months/03/", ""))
    expect(paths).toEqual(
      expect.arrayContaining(["bad-date/date", "bad-amount/amountMinor", "no-map", `${id}/payee`]),
    )
  })

  it.each(areas)("[D5] a %s document of a newer version is shown, and refuses every command", area => {
    const doc = spoiled(area, root => {
      root["schema"] = schemaOf(area) + 1
    })
    expect(must(parsers[area](doc))).toMatchObject({ readOnly: true, issues: [] })
    for (const command of commands[area]) expect(refusal(doc, command)).toEqual({ type: "NewerSchema" })
  })

  it.each(areas)(
    "[D6] commands on a %s document that is none, or without its containers, change nothing",
    area => {
      for (const command of commands[area]) {
        const empty = A.init<unknown>({ actor: "12".repeat(16) })
        expect(refusal(empty, command)).toEqual({ type: "NotADocument" })
        const hollow = spoiled(area, root => {
          for (const key of Object.keys(root)) if (key !== "area" && key !== "schema") root[key] = 1
        })
        expect(refusal(hollow, command)).toEqual({ type: "NotADocument" })
      }
    },
  )

  it("[D7] what commands write are registers; shared text is only in the bodies of notes and plans", () => {
    const shared: string[] = []
    const walk = (value: unknown, path: string): void => {
      if (typeof value === "string") shared.push(path.replaceAll(id, "id"))
      else if (typeof value === "object" && value !== null && !(value instanceof A.ImmutableString))
        for (const [key, item] of Object.entries(value)) walk(item, `${path}/${key}`)
    }
    for (const area of areas) {
      const doc = A.change(device(area, "11"), draft => {
        for (const command of commands[area]) must(command(draft))
      })
      walk(doc, area)
    }
    expect(shared.sort()).toEqual(["notes/body", "plans/items/id/body"])
  })
})
