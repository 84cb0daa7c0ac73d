import "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseBook } from "../book.js"
import { parseLedger } from "../ledger.js"
import { deleteEntry, editEntry } from "../ledger-commands.js"
import {
  type TestDoc,
  after,
  anna,
  ben,
  device,
  forkOf,
  mergeOf,
  must,
  refusal,
  sampleEntry,
} from "../samples.js"
import { type Due, datesOf, dueInstances } from "./recurring.js"
import {
  type Schedule,
  addInstance,
  addRecurring,
  editRecurring,
  setRecurringRemoved,
  skipInstance,
} from "./recurring-commands.js"

const id = "d1".repeat(16)
const monthly: Schedule = { rrule: "FREQ=MONTHLY", automatic: true }
const rent = { ...sampleEntry, date: "2026-01-31", payee: "Rent", tags: ["home"] }
const withRent = (schedule: Schedule = monthly): TestDoc =>
  after(device("book", "11"), draft => addRecurring(draft, { id, fields: rent, schedule, by: anna }))
const rentOf = (doc: TestDoc) => {
  const item = must(parseBook(doc)).recurring.get(id)
  if (item === undefined) throw new Error("no rent")
  return item
}
const dueOf = (book: TestDoc, today: string, ledger?: TestDoc): readonly Due[] => {
  const entries = ledger === undefined ? new Map<string, unknown>() : must(parseLedger(ledger)).entries
  return dueInstances(must(parseBook(book)).recurring.values(), {
    today,
    limit: 100,
    has: entry => entries.has(entry),
  })
}
const enter = (ledger: TestDoc, due: readonly Due[], by = anna): TestDoc =>
  due.reduce(
    (doc, one) =>
      after(doc, draft =>
        addInstance(draft, {
          year: "2026",
          recurring: one.recurring.id,
          date: one.date,
          fields: one.fields,
          by,
        }),
      ),
    ledger,
  )

describe("recurring entries", () => {
  it("[D100] what is due are the rule's days until today that are in no ledger yet", () => {
    const due = dueOf(withRent(), "2026-05-31")
    expect(due.map(({ date }) => date)).toEqual(["2026-01-31", "2026-03-31", "2026-05-31"])
    const ledger = enter(device("ledger", "11"), due.slice(0, 2))
    expect(dueOf(withRent(), "2026-05-31", ledger).map(({ date }) => date)).toEqual(["2026-05-31"])
    expect(must(parseLedger(ledger)).entries.get(due[0]?.entryId ?? "")).toMatchObject({
      date: "2026-01-31",
      payee: "Rent",
      tags: ["home"],
      importedFrom: { format: "recurring", sourceId: `${id}@2026-01-31` },
    })
  })

  it("[D101] two devices that enter what is due at once enter it once, in any interleaving", () => {
    const moves = fc.array(fc.record({ second: fc.boolean(), take: fc.nat(12) }), { maxLength: 12 })
    fc.assert(
      fc.property(moves, fc.boolean(), (steps, isBackward) => {
        const book = withRent({ rrule: "FREQ=WEEKLY", automatic: true })
        let [one, two] = [device("ledger", "22"), device("ledger", "33")]
        for (const { second, take } of steps) {
          const own = second ? two : one
          const next = enter(own, dueOf(book, "2026-04-30", own).slice(0, take), second ? ben : anna)
          if (second) two = next
          else one = next
        }
        ;[one, two] = [
          enter(one, dueOf(book, "2026-04-30", one)),
          enter(two, dueOf(book, "2026-04-30", two), ben),
        ]
        const merged = isBackward ? mergeOf(two, one) : mergeOf(one, two)
        const entries = [...must(parseLedger(merged)).entries.values()]
        const dates = datesOf(rentOf(book), { from: "2026-01-01", to: "2026-04-30" }, 100)
        expect(entries.map(({ date }) => date).sort()).toEqual(dates)
        expect(dueOf(book, "2026-04-30", merged)).toEqual([])
      }),
      { numRuns: 6 },
    )
  })

  it("[D101] an instance that one device corrects and the other enters stays corrected, and can be removed for good", () => {
    const [due] = dueOf(withRent(), "2026-01-31")
    if (due === undefined) throw new Error("nothing due")
    const corrected = after(enter(device("ledger", "22"), [due]), draft =>
      editEntry(draft, { year: "2026", id: due.entryId, patch: { amountMinor: 1 }, by: anna }),
    )
    const plain = enter(device("ledger", "33"), [due], ben)
    for (const merged of [mergeOf(corrected, plain), mergeOf(plain, corrected)]) {
      expect(must(parseLedger(merged)).entries.get(due.entryId)?.amountMinor).toBe(1)
      const removed = after(forkOf(merged, "44"), draft => deleteEntry(draft, { id: due.entryId, by: ben }))
      expect(dueOf(withRent(), "2026-01-31", removed)).toEqual([])
    }
  })

  it("[D102] a day is skipped and taken in again; two members who skip two days skip both", () => {
    const doc = withRent()
    const skip = (at: TestDoc, date: string, skipped = true) =>
      after(at, draft => skipInstance(draft, { id, date, skipped }))
    const merged = mergeOf(skip(forkOf(doc, "22"), "2026-01-31"), skip(forkOf(doc, "33"), "2026-03-31"))
    expect(dueOf(merged, "2026-05-31").map(({ date }) => date)).toEqual(["2026-05-31"])
    expect(dueOf(skip(merged, "2026-03-31", false), "2026-04-01").map(({ date }) => date)).toEqual([
      "2026-03-31",
    ])
  })

  it("[D102] it ends after its last day, or is taken away and brought back", () => {
    const doc = withRent({ ...monthly, lastDate: "2026-03-31" })
    expect(dueOf(doc, "2026-12-31").map(({ date }) => date)).toEqual(["2026-01-31", "2026-03-31"])
    const removed = after(doc, draft => setRecurringRemoved(draft, { id, removed: true, by: ben }))
    expect(dueOf(removed, "2026-12-31")).toEqual([])
    const back = after(removed, draft => setRecurringRemoved(draft, { id, removed: false, by: ben }))
    expect(dueOf(back, "2026-12-31")).toHaveLength(2)
  })

  it("[D102] an edit changes what is to come; a new first day leaves the days before it", () => {
    const patch = { amountMinor: 5000, date: "2026-06-15" }
    const doc = after(withRent(), draft =>
      editRecurring(draft, {
        id,
        patch,
        schedule: { rrule: "FREQ=WEEKLY;INTERVAL=2", automatic: false },
        by: ben,
      }),
    )
    expect(rentOf(doc)).toMatchObject({ automatic: false, fields: { amountMinor: 5000 } })
    expect(dueOf(doc, "2026-06-30").map(({ date }) => date)).toEqual(["2026-06-15", "2026-06-29"])
  })

  it.each<[string, Partial<Schedule>, object]>([
    ["a rule with COUNT", { rrule: "FREQ=DAILY;COUNT=3" }, { field: "rrule" }],
    ["a rule with UNTIL", { rrule: "FREQ=DAILY;UNTIL=20260401" }, { field: "rrule" }],
    ["an hourly rule", { rrule: "FREQ=HOURLY" }, { field: "rrule" }],
    ["no rule", { rrule: "often" }, { field: "rrule" }],
    ["a last day that is none", { lastDate: "2026-02-30" }, { field: "lastDate" }],
  ])("[D103] %s is refused, and nothing is changed", (_, schedule, error) => {
    const add = (draft: unknown) =>
      addRecurring(draft, { id, fields: rent, schedule: { ...monthly, ...schedule }, by: anna })
    expect(refusal(device("book", "11"), add)).toMatchObject(error)
    expect(
      refusal(withRent(), draft => editRecurring(draft, { id, patch: {}, schedule, by: anna })),
    ).toMatchObject(error)
  })

  it("[D103] its entry is checked like any other, and its id leaves room for a day", () => {
    const add =
      (patch: object, own = id) =>
      (draft: unknown) =>
        addRecurring(draft, { id: own, fields: { ...rent, ...patch }, schedule: monthly, by: anna })
    const empty = device("book", "11")
    expect(refusal(empty, add({ amountMinor: -1 }))).toMatchObject({ field: "amountMinor" })
    expect(refusal(empty, add({ direction: "transfer" }))).toMatchObject({ field: "toAccount" })
    expect(refusal(empty, add({}, "a".repeat(49)))).toMatchObject({ field: "id" })
    expect(refusal(withRent(), add({}))).toMatchObject({ type: "AlreadyExists" })
    expect(
      refusal(withRent(), draft => skipInstance(draft, { id: "none", date: "2026-01-31", skipped: true })),
    ).toMatchObject({
      type: "NotFound",
    })
  })
})
