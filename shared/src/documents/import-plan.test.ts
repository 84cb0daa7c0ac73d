import { createHash } from "node:crypto"
import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { must, type TestDoc, anna, ben, device } from "./samples.js"
import { parseBook } from "./book.js"
import { documentsOf, parseCatalogue } from "./catalogue.js"
import { parseChat } from "./chat.js"
import type { EntryDraft, ImportDraft, MessageDraft, NoteDraft, ParsedImport, PlanDraft } from "./drafts.js"
import { planImport } from "./import-plan.js"
import { type ImportContext, rowsPerStep } from "./import-step.js"
import { parseLedger } from "./ledger.js"
import { editBody, parseNote } from "./notes.js"
import { parsePlans } from "./plans.js"
import { conflictsOf } from "./conflicts.js"

const hash: ImportContext["hash"] = (domain, ...parts) => {
  const sha = createHash("sha256")
  for (const part of [Buffer.from(domain), ...parts]) sha.update(`${part.length}:`).update(part)
  return new Uint8Array(sha.digest())
}
const context = (by: { author: string; nowMs: number }): ImportContext => ({
  hash,
  ...by,
  zone: "Europe/Berlin",
})

const entry = (index: number, fields: Partial<EntryDraft> = {}): EntryDraft => ({
  sourceId: `T${index}`,
  date: `2026-0${1 + (index % 9)}-01`,
  direction: "expense",
  status: "settled",
  amountMinor: index,
  currency: "CNY",
  payee: `Shop ${index % 7}`,
  note: "",
  account: "余额宝",
  category: "餐饮美食",
  tags: [],
  line: index,
  ...fields,
})
const note = (path: string, body: string): NoteDraft => ({
  sourceId: path,
  title: path,
  body,
  tags: ["garden"],
  createdAtMs: 5,
  properties: { mood: "good" },
  links: [],
})
const plan = (fields: { readonly [Key in keyof PlanDraft]?: PlanDraft[Key] | undefined } = {}): PlanDraft =>
  ({
    sourceId: "uid-1",
    kind: "event",
    title: "Choir",
    body: "bring scores",
    start: { date: "2026-03-23", time: "18:00:00", zone: "Europe/Berlin" },
    durationMinutes: 90,
    rrule: "FREQ=WEEKLY",
    rdates: [],
    exdates: [],
    overrides: [],
    location: "Hall",
    url: "",
    status: "CONFIRMED",
    reminderMinutes: [15],
    categories: ["music"],
    extra: { "X-COLOUR": "blue" },
    line: 1,
    ...fields,
  }) as PlanDraft
const message = (index: number): MessageDraft => ({
  sourceId: `m${index}`,
  author: index % 2 === 0 ? "Anna" : "Oma",
  sentAt: { date: index < 2 ? "2026-10-31" : "2026-11-02", time: "23:30:00" },
  text: `hello ${index}`,
  system: false,
  line: index,
})
const parsed = (draft: ImportDraft): ParsedImport => ({
  format: "test",
  draft,
  skipped: [],
  warnings: [],
  sums: {},
})

type Family = Map<string, TestDoc>
const key = (document: { area: string; name: string }) => `${document.area}/${document.name}`

/** A device that imports, with one actor for all its documents. */
const importInto = (
  family: Family,
  draft: ImportDraft,
  byte: string,
  by = anna,
  extra: Partial<ImportContext> = {},
) => {
  const { steps, skipped } = planImport(parsed(draft), { ...context(by), ...extra })
  let added = 0
  const sizes: number[] = []
  for (const step of steps) {
    const doc = family.get(key(step.document)) ?? device(step.document.area, byte)
    sizes.push(step.rows)
    family.set(
      key(step.document),
      A.change(doc, root => {
        added += must(step.apply(root))
      }),
    )
  }
  return { added, skipped, sizes }
}

const mergeFamilies = (one: Family, other: Family): Family => {
  const merged: Family = new Map()
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(name), other.get(name)]
    const doc = a !== undefined && b !== undefined ? A.merge(A.clone(a), b) : (a ?? b)
    if (doc !== undefined) merged.set(name, doc)
  }
  return merged
}

const drafts: Readonly<Record<string, ImportDraft>> = {
  ledger: { area: "ledger", entries: Array.from({ length: 40 }, (_, index) => entry(index)) },
  notes: { area: "notes", notes: [note("a.md", "# Tomatoes\n"), note("b/c.md", ""), note("d.md", "早")] },
  plans: {
    area: "plans",
    plans: [
      plan(),
      plan({
        sourceId: "uid-2",
        kind: "task",
        status: "COMPLETED",
        completedAtMs: 1_770_000_000_000,
        rrule: undefined,
      }),
    ],
  },
  chat: { area: "chat", room: "Family", messages: [0, 1, 2, 3].map(message) },
}

describe.each(Object.keys(drafts))("importing %s", area => {
  const draft = drafts[area] as ImportDraft
  const rows =
    "entries" in draft
      ? draft.entries
      : "notes" in draft
        ? draft.notes
        : "plans" in draft
          ? draft.plans
          : draft.messages

  it("[D70] twice adds nothing the second time", () => {
    const family: Family = new Map()
    const first = importInto(family, draft, "11")
    const heads = [...family.values()].map(doc => A.getHeads(doc))
    // A note without text has nothing to fill, but counts as filled.
    expect(first.added).toBe(rows.length)
    expect(importInto(family, draft, "11", ben).added).toBe(0)
    expect([...family.values()].map(doc => A.getHeads(doc))).toEqual(heads)
  })

  it("[D70] on two devices at once is importing once", () => {
    const [one, other, alone]: [Family, Family, Family] = [new Map(), new Map(), new Map()]
    importInto(one, draft, "11")
    importInto(other, draft, "22", ben)
    importInto(alone, draft, "33")
    const merged = mergeFamilies(one, other)
    expect([...merged.keys()].sort()).toEqual([...alone.keys()].sort())
    const counted = (family: Family) =>
      [...family]
        .map(([name, doc]) => [name, sizeOf(name, doc)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
    expect(counted(merged)).toEqual(counted(alone))
    expect(importInto(merged, draft, "44").added).toBe(0)
  })
})

const sizeOf = (name: string, doc: TestDoc): unknown => {
  if (name.startsWith("ledger/"))
    return [...must(parseLedger(doc)).entries.values()].map(one => one.amountMinor).sort((a, b) => a - b)
  if (name.startsWith("notes/")) return must(parseNote(doc)).body
  if (name.startsWith("plans/")) return [...must(parsePlans(doc)).items.values()].map(one => one.body)
  if (name.startsWith("chat/")) return must(parseChat(doc)).messages.map(({ text }) => text)
  if (name.startsWith("book/"))
    return [...must(parseBook(doc)).accounts.values()].map(({ name: own }) => own).sort()
  return documentsOf(must(parseCatalogue(doc)))
}

describe("import plans", () => {
  it("[D71] a step is at most a thousand rows of one document, and every valid row is in one", () => {
    const entries = Array.from({ length: 1100 }, (_, index) => entry(index, { date: "2026-05-01" }))
    const family: Family = new Map()
    const { added, sizes } = importInto(family, { area: "ledger", entries }, "11")
    expect([added, Math.max(...sizes), sizes]).toEqual([1100, rowsPerStep, [0, 0, 1000, 100]])
    expect(must(parseLedger(family.get("ledger/2026"))).entries.size).toBe(1100)
  })

  it("[D72] what is no valid item is named by its line; neutral and closed rows stay", () => {
    const entries = [
      entry(1, { date: "2026-02-30" }),
      entry(2, { direction: "neutral" }),
      entry(3, { status: "closed" }),
      entry(4, { direction: "transfer", account: "" }),
      entry(5, { amountMinor: -5 }),
    ]
    const family: Family = new Map()
    const { added, skipped } = importInto(family, { area: "ledger", entries }, "11")
    expect([added, skipped.map(({ line }) => line)]).toEqual([3, [1, 5]])
    const ledger = must(parseLedger(family.get("ledger/2026")))
    expect(ledger.issues).toEqual([])
    expect([...ledger.entries.values()].map(({ importedFrom }) => importedFrom?.sourceId).sort()).toEqual([
      "T2",
      "T3",
      "T4",
    ])
  })

  it("[D72] accounts and categories of the file are made once, or found by name in the book", () => {
    const family: Family = new Map()
    importInto(family, drafts["ledger"] as ImportDraft, "11")
    const book = must(parseBook(family.get("book/")))
    const account = [...book.accounts.values()].find(({ name }) => name === "余额宝")
    expect(account).toMatchObject({ currency: "CNY", openingMinor: 0 })
    const again: Family = new Map()
    importInto(
      again,
      { area: "ledger", entries: [entry(1, { sourceId: "new", category: "groceries" })] },
      "22",
      ben,
      { book },
    )
    expect(again.get("book/")).toEqual(device("book", "22"))
    const [only] = must(parseLedger(again.get("ledger/2026"))).entries.values()
    expect(only).toMatchObject({ account: account?.id, category: "groceries" })
  })

  it("[D31] one folder imported on two devices stands in each note once, and an edit to either copy is not lost", () => {
    const [one, other]: [Family, Family] = [new Map(), new Map()]
    const folder = drafts["notes"] as ImportDraft
    importInto(one, folder, "11")
    importInto(other, folder, "22", ben)
    const [name] = [...one].find(
      ([path, doc]) => path.startsWith("notes/") && must(parseNote(doc)).body.startsWith("#"),
    ) ?? [""]
    one.set(
      name,
      A.change(
        one.get(name) ?? device("notes", "11"),
        draft => void must(editBody(draft, "# Tomatoes and beans\n")),
      ),
    )
    const merged = mergeFamilies(one, other).get(name)
    const values = conflictsOf(merged, ["body"]).map(({ value }) => value)
    expect(values.sort()).toEqual(["# Tomatoes\n", "# Tomatoes and beans\n"].sort())
    expect(values).toContain(must(parseNote(merged)).body)
    expect([...must(parseNote(merged)).properties]).toEqual([["mood", "good"]])
  })

  it("[D73] a calendar's instances, completions and unknown properties come along", () => {
    const override = plan({
      title: "Choir outdoors",
      start: { date: "2026-03-31", time: "19:00:00", zone: "Europe/Berlin" },
    })
    const series = plan({
      overrides: [{ recurrenceId: { date: "2026-03-30", time: "16:00:00", zone: "UTC" }, draft: override }],
      exdates: [{ date: "2026-04-06", time: "18:00:00", zone: "Europe/Berlin" }],
    })
    const task = plan({
      sourceId: "t",
      kind: "task",
      status: "COMPLETED",
      completedAtMs: 1_770_000_000_000,
      extra: { "X-A": "a".repeat(9000), "X-B": "b" },
    })
    const unknownZone = plan({
      sourceId: "z",
      start: { date: "2026-03-23", time: "18:00:00", zone: "Mars/Olympus" },
    })
    const family: Family = new Map()
    importInto(
      family,
      {
        area: "plans",
        plans: [series, task, unknownZone, plan({ sourceId: "bad", rrule: "FREQ=NEVER", line: 9 })],
      },
      "11",
    )
    const items = [...must(parsePlans(family.get("plans/family"))).items.values()]
    const of = (sourceId: string) => items.find(one => one.importedFrom?.sourceId === sourceId)
    expect(of("uid-1")).toMatchObject({
      title: "Choir",
      end: { date: "2026-03-23", time: "19:30:00", zone: "Europe/Berlin" },
      reminders: [15],
      tags: ["music"],
      extra: { "X-COLOUR": "blue" },
    })
    const own = of("uid-1")?.overrides.get("2026-03-30T18:00:00[Europe/Berlin]")
    expect(own).toMatchObject({ title: "Choir outdoors", start: override.start })
    expect(own).not.toHaveProperty("location")
    expect(of("t")?.completions.get("once")).toMatchObject({ atMs: 1_770_000_000_000 })
    expect(Object.keys(of("t")?.extra ?? {})).not.toContain("X-A")
    expect(of("z")?.start).toEqual({ date: "2026-03-23", time: "18:00:00" })
    expect(of("bad")).toBeUndefined()
  })

  it("[D74] messages go into the months of their moments, with names that are no member kept as names", () => {
    const family: Family = new Map()
    importInto(family, drafts["chat"] as ImportDraft, "11", anna, {
      memberOf: name => (name === "Anna" ? anna.author : undefined),
    })
    const room = [...must(parseCatalogue(family.get("catalogue/"))).rooms.values()].find(
      ({ title }) => title === "Family",
    )
    expect(room?.months).toEqual(["2026-10", "2026-11"])
    const { messages } = must(parseChat(family.get(`chat/${room?.id}/2026-10`)))
    expect(messages.map(({ author, authorName }) => [author, authorName]).sort()).toEqual([
      ["", "Oma"],
      [anna.author, "Anna"],
    ])
  })
})
