import * as A from "@automerge/automerge"
import ICAL from "ical.js"
import Papa from "papaparse"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { parseBook } from "../book.js"
import { parseCatalogue } from "../catalogue.js"
import { parseChat, react, sendMessage } from "../chat.js"
import { addEntry, deleteEntry } from "../ledger-commands.js"
import { parseLedger } from "../ledger.js"
import { parseNote } from "../notes.js"
import { addPlan } from "../plan-commands.js"
import { parsePlans } from "../plans.js"
import { after, anna, ben, device, must, sampleEntry, samplePlan } from "../samples.js"
import { csvOfLedger } from "./csv.js"
import { icsOfPlans } from "./ics.js"
import { exportChat, exportLedger, exportNotes, exportPlans } from "./json.js"
import { markdownOfNote } from "./markdown.js"

const book = must(parseBook(device("book", "11")))
const ledgerOf = (order: readonly string[]) => {
  let doc = device("ledger", "11")
  for (const id of order)
    doc = after(doc, draft =>
      addEntry(draft, {
        year: "2026",
        id,
        fields: {
          ...sampleEntry,
          date: id === "a" ? "2026-12-24" : "2026-01-05",
          payee: `=${id}`,
          tags: ["z", "b"],
        },
        by: anna,
        source: { format: "bank", sourceId: id },
      }),
    )
  return doc
}

describe("JSON", () => {
  it("[D80] a ledger entry carries the promised fields, and the order does not depend on how it came", () => {
    const text = JSON.stringify(exportLedger([must(parseLedger(ledgerOf(["a", "b", "c"])))], book))
    expect(JSON.stringify(exportLedger([must(parseLedger(ledgerOf(["c", "a", "b"])))], book))).toBe(text)
    const exported = JSON.parse(text) as { schema: number; area: string; entries: object[] }
    expect([exported.schema, exported.area, exported.entries.length]).toEqual([1, "ledger", 3])
    expect(exported.entries[0]).toEqual({
      id: "b",
      date: "2026-01-05",
      time: null,
      direction: "expense",
      status: "settled",
      amountMinor: 2816,
      currency: "EUR",
      rate: null,
      account: "cash",
      accountId: "cash",
      toAccount: null,
      toAccountId: null,
      toAmountMinor: null,
      payee: "=b",
      note: "",
      category: "groceries",
      categoryId: "groceries",
      tags: ["b", "z"],
      splits: [],
      paidBy: null,
      shares: {},
      receipts: [],
      importedFrom: { format: "bank", sourceId: "b" },
      author: anna.author,
      createdAtMs: anna.nowMs,
      editedBy: null,
      editedAtMs: null,
    })
    const removed = after(ledgerOf(["a", "b"]), draft => deleteEntry(draft, { id: "a", by: anna }))
    expect((exportLedger([must(parseLedger(removed))], book)["entries"] as object[]).length).toBe(1)
  })

  it("[D80] notes, plans and messages have their own lists, in a fixed order", () => {
    const note = {
      entry: { id: "n", title: "T", tags: [], pinned: false, createdAtMs: 1, createdBy: "a" },
      note: undefined,
    }
    expect(exportNotes([note])).toMatchObject({
      area: "notes",
      notes: [{ id: "n", title: "T", body: null, author: "a" }],
    })
    const plans = after(device("plans", "11"), draft =>
      addPlan(draft, { id: "p", fields: samplePlan, body: "b", by: anna }),
    )
    expect(exportPlans([{ list: "family", plans: must(parsePlans(plans)) }])).toMatchObject({
      area: "plans",
      plans: [
        { id: "p", list: "family", start: "2026-03-23T18:00:00[Europe/Berlin]", done: false, body: "b" },
      ],
    })
    let chat = after(device("chat", "11"), draft => sendMessage(draft, { id: "m", text: "hello", by: anna }))
    chat = after(chat, draft => react(draft, { id: "m", emoji: "👍", on: true, by: ben }))
    const catalogue = must(parseCatalogue(device("catalogue", "11")))
    expect(exportChat([{ room: "r", chat: must(parseChat(chat)) }], catalogue)).toMatchObject({
      area: "chat",
      messages: [
        { id: "m", room: "r", text: "hello", reactions: { "👍": [ben.author] }, author: anna.author },
      ],
    })
  })
})

describe("other forms", () => {
  it("[D81] CSV holds one row per entry, exact amounts, and nothing that a spreadsheet would run", () => {
    const rows = Papa.parse<Record<string, string>>(
      csvOfLedger([must(parseLedger(ledgerOf(["a", "b"])))], book),
      { header: true, skipEmptyLines: true },
    ).data
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      id: "b",
      amount: "28.16",
      currency: "EUR",
      payee: "'=b",
      tags: "b; z",
      importedFrom: "bank:b",
    })
  })

  it("[D82] Markdown holds front matter that YAML reads back, the text, and the checklist", () => {
    const doc = A.change(device("notes", "11") as A.Doc<Record<string, unknown>>, root => {
      root["body"] = "# Hello\n\n--- not front matter"
      root["properties"] = { mood: new A.ImmutableString("yes: no") }
      root["checklist"] = {
        i: { text: new A.ImmutableString("milk"), done: true, order: new A.ImmutableString("V") },
      }
    })
    const entry = {
      id: "abcdef0123456789",
      title: 'A/B: "c"?',
      tags: ["早餐"],
      pinned: true,
      createdAtMs: 0,
      createdBy: "",
    }
    const { fileName, text } = markdownOfNote({ entry, note: must(parseNote(doc)) })
    expect(fileName).toBe("A B c abcdef01.md")
    const [, front = "", body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
    expect(parse(front)).toEqual({
      mood: "yes: no",
      title: entry.title,
      tags: ["早餐"],
      pinned: true,
      created: "1970-01-01T00:00:00.000Z",
      id: entry.id,
    })
    expect(body).toBe("# Hello\n\n--- not front matter\n\n- [x] milk\n")
    expect(markdownOfNote({ entry: { ...entry, title: "..\\..\0" }, note: undefined }).fileName).not.toMatch(
      /[\\/\0]|^\.\./,
    )
    // The id is a key of the catalogue: whoever writes there chooses it.
    for (const id of ["../../ab", "/etc/x", "..\\..\\a", "a\0b", "\u202egnp"])
      expect(markdownOfNote({ entry: { ...entry, title: "", id }, note: undefined }).fileName).toMatch(
        /^[0-9a-zA-Z-]*\.md$/,
      )
  })

  it("[D83] a calendar holds zones, rules, changed instances, alarms and what it does not know", () => {
    const monday = { date: "2026-03-30", time: "18:00:00", zone: "Europe/Berlin" }
    const doc = after(device("plans", "11"), draft =>
      addPlan(draft, {
        id: "p",
        fields: {
          ...samplePlan,
          rrule: "FREQ=WEEKLY;BYDAY=MO",
          exdates: [{ ...monday, date: "2026-04-06" }],
          reminders: [15],
          tags: ["sport", "kids"],
        },
        body: "line one\nline two; with, signs",
        by: anna,
        source: { format: "icalendar", sourceId: "uid-1" },
        extra: { "X-COLOUR": "blue" },
        overrides: [
          { instance: monday, override: { title: "Race", start: { ...monday, time: "17:00:00" } } },
        ],
      }),
    )
    const text = icsOfPlans(must(parsePlans(doc)), 0)
    expect(text.split("\r\n").every(line => new TextEncoder().encode(line).length <= 75)).toBe(true)
    const calendar = new ICAL.Component(ICAL.parse(text) as never)
    const [series, changed] = calendar.getAllSubcomponents("vevent")
    const value = (component: ICAL.Component | undefined, name: string) =>
      String(component?.getFirstPropertyValue(name))
    expect([
      value(series, "uid"),
      value(series, "rrule"),
      value(series, "description"),
      value(series, "x-colour"),
    ]).toEqual(["uid-1", "FREQ=WEEKLY;BYDAY=MO", "line one\nline two; with, signs", "blue"])
    expect(series?.getFirstProperty("categories")?.getValues()).toEqual(["kids", "sport"])
    expect([
      value(changed, "recurrence-id"),
      value(changed, "dtstart"),
      value(changed, "dtend"),
      value(changed, "summary"),
    ]).toEqual(["2026-03-30T18:00:00", "2026-03-30T17:00:00", "2026-03-30T18:30:00", "Race"])
    expect(value(series?.getFirstSubcomponent("valarm") ?? undefined, "trigger")).toBe("-PT15M")
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone") as ICAL.Component)
    const offset = (date: string) => zone.utcOffset(ICAL.Time.fromDateTimeString(date)) / 3600
    expect([
      zone.tzid,
      offset("2026-03-28T12:00:00"),
      offset("2026-03-29T12:00:00"),
      offset("2026-12-01T12:00:00"),
      offset("2035-07-01T12:00:00"),
    ]).toEqual(["Europe/Berlin", 1, 2, 1, 2])
  })
})
