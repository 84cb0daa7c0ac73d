import * as A from "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Area, Result } from "../base/index.js"
import { parseChat, deleteMessage, editMessage, react, sendMessage } from "./chat.js"
import type { Entry } from "./entry.js"
import { addEntry, deleteEntry, editEntry, restoreEntry } from "./ledger-commands.js"
import { parseLedger } from "./ledger.js"
import { addChecklistItem, editBody, editChecklistItem, parseNote, removeChecklistItem } from "./notes.js"
import { orderBetween } from "./order.js"
import {
  addPlan,
  completeTask,
  deletePlan,
  editInstance,
  editPlan,
  setInstanceRemoved,
} from "./plan-commands.js"
import { parsePlans } from "./plans.js"
import type { Parsed, SchemaError } from "./reading.js"
import { type TestDoc, anna, ben, device, forkOf, must, sampleEntry, samplePlan } from "./samples.js"
import {
  addBudgetItem,
  addPackingItem,
  addPlace,
  deleteBudgetItem,
  putPlace,
  removePackingItem,
} from "./trip-commands.js"

type Command = (draft: unknown) => Result<unknown, unknown>

const ids = ["i1", "i2", "i3"]
const idOf = fc.constantFrom(...ids)
const minor = fc.integer({ min: 0, max: 9999 })
const by = fc.constantFrom(anna, ben)
const year = "2026"
const instance = { date: "2026-03-30", time: "18:00:00", zone: "Europe/Berlin" }

const splitsOf = (amountMinor: number, cut: number) => {
  const first = Math.min(cut, amountMinor)
  return [
    { category: "a", amountMinor: first, note: "" },
    { category: "b", amountMinor: amountMinor - first, note: "" },
  ]
}

/** Commands with any of three ids, whose items may or may not be there: many are refused, and that is part of it. */
const worlds: readonly {
  readonly area: Area
  readonly commands: fc.Arbitrary<Command>
  readonly parse: (doc: unknown) => Result<Parsed, SchemaError>
  readonly shape: (doc: unknown) => unknown
}[] = [
  {
    area: "ledger",
    parse: parseLedger,
    shape: doc => [...must(parseLedger(doc)).entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    commands: fc.oneof(
      fc.tuple(idOf, minor, by, fc.constantFrom("2026-01-01", "2026-12-31"), fc.boolean()).map(
        ([id, amountMinor, who, date, imported]): Command =>
          draft =>
            addEntry(draft, {
              year,
              id,
              fields: { ...sampleEntry, amountMinor, date },
              by: who,
              source: imported ? { format: "f", sourceId: id } : undefined,
            }),
      ),
      fc.tuple(idOf, minor, minor, by).map(
        ([id, amountMinor, cut, who]): Command =>
          draft =>
            editEntry(draft, {
              year,
              id,
              patch: { amountMinor, splits: splitsOf(amountMinor, cut) },
              by: who,
            }),
      ),
      fc.tuple(idOf, minor, by).map(
        ([id, amountMinor, who]): Command =>
          draft =>
            editEntry(draft, {
              year,
              id,
              patch: { amountMinor, splits: [], shares: { [who.author]: amountMinor } },
              by: who,
            }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            editEntry(draft, { year, id, patch: { direction: "transfer", toAccount: "bank" }, by: who }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            editEntry(draft, {
              year,
              id,
              patch: { direction: "income", toAccount: undefined, tags: [who.author] },
              by: who,
            }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            deleteEntry(draft, { id, by: who }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            restoreEntry(draft, { id, by: who }),
      ),
    ),
  },
  {
    area: "plans",
    parse: parsePlans,
    shape: doc => {
      const { items, trip } = must(parsePlans(doc))
      return { items: [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), trip }
    },
    commands: fc.oneof(
      fc.tuple(idOf, fc.constantFrom("event", "task"), by).map(
        ([id, kind, who]): Command =>
          draft =>
            addPlan(draft, {
              id,
              fields: {
                ...samplePlan,
                kind: kind === "task" ? "task" : "event",
                rrule: "FREQ=WEEKLY",
                status: "open",
              },
              body: "b",
              by: who,
            }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            editPlan(draft, {
              id,
              patch: { assignees: [who.author], start: instance, end: undefined },
              by: who,
            }),
      ),
      fc.tuple(idOf, fc.constantFrom("x", "y"), by).map(
        ([id, title, who]): Command =>
          draft =>
            editInstance(draft, { id, instance, patch: { title, start: instance }, by: who }),
      ),
      fc.tuple(idOf, fc.boolean(), by).map(
        ([id, removed, who]): Command =>
          draft =>
            setInstanceRemoved(draft, { id, instance, removed, by: who }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            completeTask(draft, { id, instance, date: "2026-03-30", by: who }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            deletePlan(draft, { id, by: who }),
      ),
      fc
        .tuple(idOf, by, fc.constantFrom("2026-03-30", undefined))
        .map(([id, who, date]): Command => draft => {
          const fields = { name: id, address: "", url: "", note: who.author }
          const added = addPlace(draft, { id, fields, by: who })
          return added.ok ? added : putPlace(draft, { id, date, order: "V", by: who })
        }),
      fc.tuple(idOf, minor, by).map(([id, amountMinor, who]): Command => draft => {
        const fields = { category: id, amountMinor, currency: "EUR" }
        const added = addBudgetItem(draft, { id, fields, by: who })
        return added.ok ? added : deleteBudgetItem(draft, { id, by: who })
      }),
      fc.tuple(idOf, by).map(([id, who]): Command => draft => {
        const added = addPackingItem(draft, { id, text: id, order: "V", by: who })
        return added.ok ? added : removePackingItem(draft, id)
      }),
    ),
  },
  {
    area: "notes",
    parse: parseNote,
    shape: doc => must(parseNote(doc)),
    commands: fc.oneof(
      fc.string({ maxLength: 12 }).map(
        (text): Command =>
          draft =>
            editBody(draft, text),
      ),
      fc.tuple(idOf, fc.constantFrom(undefined, "V")).map(
        ([id, before]): Command =>
          draft =>
            addChecklistItem(draft, { id, text: id, order: orderBetween(before, undefined), by: anna }),
      ),
      fc.tuple(idOf, fc.boolean()).map(
        ([id, ticked]): Command =>
          draft =>
            editChecklistItem(draft, id, { done: ticked }),
      ),
      idOf.map(
        (id): Command =>
          draft =>
            removeChecklistItem(draft, id),
      ),
    ),
  },
  {
    area: "chat",
    parse: parseChat,
    shape: doc => must(parseChat(doc)).messages,
    commands: fc.oneof(
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            sendMessage(draft, { id, text: "hello", by: who }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            editMessage(draft, { id, text: "again", by: who }),
      ),
      fc.tuple(idOf, by).map(
        ([id, who]): Command =>
          draft =>
            deleteMessage(draft, { id, by: who }),
      ),
      fc.tuple(idOf, fc.boolean(), by).map(
        ([id, on, who]): Command =>
          draft =>
            react(draft, { id, emoji: "👍", on, by: who }),
      ),
    ),
  },
]

let accepted = 0

const run = (doc: TestDoc, commands: readonly Command[]): TestDoc =>
  commands.reduce(
    (current, command) =>
      A.change(current, draft => {
        if (command(draft).ok) accepted += 1
      }),
    doc,
  )

describe.each(worlds)("two devices that both go on in $area", ({ area, commands, parse, shape }) => {
  it("[D90] merge in either order to one readable document, without an issue but for parts that no longer sum", () => {
    accepted = 0
    let programs = 0
    const program = fc.array(commands, { maxLength: 8 })
    fc.assert(
      fc.property(program, program, program, (before, one, other) => {
        programs += 1
        const start = run(device(area, "11"), before)
        const left = run(forkOf(start, "22"), one)
        const right = run(forkOf(start, "33"), other)
        const [a, b] = [A.merge(forkOf(left, "44"), right), A.merge(forkOf(right, "55"), left)]
        expect(shape(a)).toEqual(shape(b))
        const issues = must(parse(a)).issues.filter(({ path }) => !/\/(splits|shares|toAccount)$/.test(path))
        expect(issues).toEqual([])
      }),
      { numRuns: 40 },
    )
    // Most commands find nothing to act on; if all did, this would prove nothing.
    expect(accepted).toBeGreaterThan(2 * programs)
  })
})

describe("no command", () => {
  it("[D90] of another device makes an entry vanish", () => {
    const ledger = worlds[0]
    if (ledger === undefined) throw new Error("no ledger")
    const program = fc.array(ledger.commands, { maxLength: 10 })
    fc.assert(
      fc.property(program, program, (one, other) => {
        const left = run(device("ledger", "22"), one)
        const right = run(device("ledger", "33"), other)
        const entriesOf = (doc: TestDoc): ReadonlyMap<string, Entry> => must(parseLedger(doc)).entries
        const merged = entriesOf(A.merge(forkOf(left, "44"), right))
        for (const id of [...entriesOf(left).keys(), ...entriesOf(right).keys()])
          expect(merged.has(id)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
