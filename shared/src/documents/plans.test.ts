import "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  editInstance,
  addPlan,
  completeTask,
  deletePlan,
  editPlan,
  editPlanBody,
  reopenTask,
  restorePlan,
  setInstanceRemoved,
} from "./plan-commands.js"
import { type PlanFields, type PlanItem, isDone, parsePlans } from "./plans.js"
import { expandPlan, nextDue } from "./recurrence.js"
import { after, anna, ben, device, forkOf, mergeOf, must, refusal, samplePlan } from "./samples.js"
import { wallToMs } from "./zones.js"

const id = "p1".repeat(8)
const withPlan = (fields: Partial<PlanFields> = {}) =>
  after(device("plans", "11"), draft =>
    addPlan(draft, { id, fields: { ...samplePlan, ...fields }, body: "bring towels", by: anna }),
  )
const itemOf = (doc: unknown, own = id): PlanItem => {
  const item = must(parsePlans(doc)).items.get(own)
  if (item === undefined) throw new Error("no item")
  return item
}
const chore: Partial<PlanFields> = {
  kind: "task",
  status: "open",
  start: undefined,
  end: undefined,
  due: { date: "2026-03-02" },
}
const monday = { date: "2026-03-30", time: "18:00:00", zone: "Europe/Berlin" }

describe("plans", () => {
  it("[D40] a plan reads back as it was entered", () => {
    const full: PlanFields = {
      ...samplePlan,
      rrule: "FREQ=WEEKLY;BYDAY=MO",
      rdates: [{ date: "2026-05-01" }],
      exdates: [monday],
      assignees: [anna.author, ben.author],
      priority: 1,
      reminders: [-5, 15, 1440],
      tags: ["sport"],
      location: "Pool",
      url: "https://example.org",
      status: "tentative",
    }
    expect(itemOf(withPlan(full))).toMatchObject({ ...full, id, body: "bring towels", author: anna.author })
    expect(must(parsePlans(withPlan(full))).issues).toEqual([])
  })

  it.each<[string, Partial<PlanFields>, string]>([
    ["an event without a start", { start: undefined, end: undefined }, "start"],
    [
      "an end before the start",
      { end: { date: "2026-03-23", time: "17:00:00", zone: "Europe/Berlin" } },
      "end",
    ],
    ["a day that ends at an hour", { start: { date: "2026-03-23" } }, "end"],
    [
      "a zone that is none",
      { start: { date: "2026-03-23", time: "18:00:00", zone: "Mars/Olympus" } },
      "start",
    ],
    ["a rule that is none", { rrule: "FREQ=NEVER" }, "rrule"],
    ["an event after completion", { repeatAfter: { count: 3, unit: "d" } }, "repeatAfter"],
    ["never after completion", { ...chore, repeatAfter: { count: 0, unit: "d" } }, "repeatAfter"],
    ["priority 0", { priority: 0 }, "priority"],
    ["half a minute", { reminders: [0.5] }, "reminders"],
    ["somebody who is no id", { assignees: ["Anna Smith"] }, "assignees"],
  ])("[D40] %s is refused, and nothing is changed", (_, fields, field) => {
    const error = { type: "InvalidField", field }
    expect(
      refusal(device("plans", "11"), draft =>
        addPlan(draft, { id, fields: { ...samplePlan, ...fields }, body: "", by: anna }),
      ),
    ).toMatchObject(error)
    expect(refusal(withPlan(), draft => editPlan(draft, { id, patch: fields, by: anna }))).toMatchObject(
      error,
    )
  })

  it("[D40] fields are changed one by one, cleared by undefined, and sets merge", () => {
    const doc = withPlan({ location: "Pool", priority: 3 })
    const one = after(forkOf(doc, "22"), draft =>
      editPlan(draft, { id, patch: { assignees: [anna.author], priority: undefined }, by: anna }),
    )
    const two = after(forkOf(doc, "33"), draft =>
      editPlan(draft, { id, patch: { assignees: [ben.author], title: "Diving" }, by: ben }),
    )
    expect(itemOf(mergeOf(one, two))).toMatchObject({
      title: "Diving",
      priority: undefined,
      location: "Pool",
      assignees: [anna.author, ben.author],
    })
  })

  it("[D41] completing an instance does not end the series", () => {
    const doc = withPlan({ ...chore, rrule: "FREQ=DAILY" })
    const completed = after(doc, draft =>
      completeTask(draft, { id, instance: { date: "2026-03-03" }, date: "2026-03-04", by: ben }),
    )
    const window = {
      fromMs: wallToMs({ date: "2026-03-02" }, "UTC"),
      toMs: wallToMs({ date: "2026-03-05" }, "UTC"),
      zone: "UTC",
      limit: 9,
    }
    const done = expandPlan(itemOf(completed), window).occurrences.map(({ completion }) => completion?.date)
    expect(done).toEqual([undefined, "2026-03-04", undefined])
    expect(isDone(itemOf(completed))).toBe(false)
    const reopened = after(completed, draft =>
      reopenTask(draft, { id, instance: { date: "2026-03-03" }, by: ben }),
    )
    expect(itemOf(reopened).completions.size).toBe(0)
  })

  it("[D41] a task that does not recur is done once; an instance must be named for one that does, and only then", () => {
    const doc = withPlan(chore)
    expect(
      refusal(doc, draft => completeTask(draft, { id, instance: monday, date: "2026-03-04", by: ben })),
    ).toMatchObject({ field: "instance" })
    expect(
      refusal(withPlan({ ...chore, rrule: "FREQ=DAILY" }), draft =>
        completeTask(draft, { id, date: "2026-03-04", by: ben }),
      ),
    ).toMatchObject({ field: "instance" })
    expect(
      refusal(withPlan(), draft => completeTask(draft, { id, date: "2026-03-04", by: ben })),
    ).toMatchObject({ field: "id" })
    expect(
      isDone(itemOf(after(doc, draft => completeTask(draft, { id, date: "2026-03-04", by: ben })))),
    ).toBe(true)
  })

  it("[D41] two members who do a chore at once agree on when it is due next", () => {
    const doc = withPlan({ ...chore, repeatAfter: { count: 3, unit: "d" } })
    const due = { date: "2026-03-02" }
    const one = after(forkOf(doc, "22"), draft =>
      completeTask(draft, { id, instance: due, date: "2026-03-05", by: anna }),
    )
    const two = after(forkOf(doc, "33"), draft =>
      completeTask(draft, { id, instance: due, date: "2026-03-05", by: ben }),
    )
    expect(nextDue(itemOf(mergeOf(one, two)))).toEqual({ date: "2026-03-08" })
    expect(nextDue(itemOf(mergeOf(two, one)))).toEqual({ date: "2026-03-08" })
  })

  it("[D42] two members who change one instance lose neither change", () => {
    const doc = withPlan({ rrule: "FREQ=WEEKLY" })
    const one = after(forkOf(doc, "22"), draft =>
      editInstance(draft, { id, instance: monday, patch: { title: "Race" }, by: anna }),
    )
    const two = after(forkOf(doc, "33"), draft =>
      editInstance(draft, {
        id,
        instance: monday,
        patch: { location: "Lake", start: { ...monday, time: "17:00:00" } },
        by: ben,
      }),
    )
    const merged = mergeOf(one, two)
    expect([...itemOf(merged).overrides.values()]).toEqual([
      { title: "Race", location: "Lake", start: { ...monday, time: "17:00:00" } },
    ])
    const back = after(merged, draft =>
      editInstance(draft, {
        id,
        instance: monday,
        patch: { title: undefined, location: undefined, start: undefined },
        by: ben,
      }),
    )
    expect(itemOf(back).overrides.size).toBe(0)
    expect(
      refusal(withPlan(), draft => editInstance(draft, { id, instance: monday, patch: {}, by: ben })),
    ).toMatchObject({ field: "instance" })
  })

  it("[D42] an instance is taken out and put back", () => {
    const removed = after(withPlan({ rrule: "FREQ=WEEKLY" }), draft =>
      setInstanceRemoved(draft, { id, instance: monday, removed: true, by: anna }),
    )
    expect(itemOf(removed).exdates).toEqual([monday])
    expect(
      itemOf(
        after(removed, draft =>
          setInstanceRemoved(draft, { id, instance: monday, removed: false, by: anna }),
        ),
      ).exdates,
    ).toEqual([])
  })

  it("[D43] a part belongs to a task of the list, and never to itself or its own parts", () => {
    const names = ["a", "b", "c"]
    let doc = device("plans", "11")
    for (const [index, own] of names.entries())
      doc = after(doc, draft =>
        addPlan(draft, {
          id: own,
          fields: {
            ...samplePlan,
            ...chore,
            ...(index === 0 ? {} : { parent: names[index - 1] }),
          } as PlanFields,
          body: "",
          by: anna,
        }),
      )
    for (const parent of [...names, "nobody"])
      expect(refusal(doc, draft => editPlan(draft, { id: "a", patch: { parent }, by: anna }))).toMatchObject({
        field: "parent",
      })
    expect(
      itemOf(
        after(doc, draft => editPlan(draft, { id: "c", patch: { parent: "a" }, by: anna })),
        "c",
      ).parent,
    ).toBe("a")
  })

  it("[D44] a removed plan comes back; its text is typed together", () => {
    const doc = withPlan()
    const removed = after(doc, draft => deletePlan(draft, { id, by: anna }))
    expect(itemOf(removed).deletedAtMs).toBe(anna.nowMs)
    const restored = after(removed, draft => restorePlan(draft, { id, by: anna }))
    expect(itemOf(restored).deletedAtMs).toBeUndefined()
    const one = after(forkOf(restored, "22"), draft => editPlanBody(draft, id, "please bring towels"))
    const two = after(forkOf(restored, "33"), draft => editPlanBody(draft, id, "bring towels and soap"))
    expect(itemOf(mergeOf(one, two)).body).toBe("please bring towels and soap")
  })

  it("[D45] a list has room for a trip from its first day", () => {
    const { trip } = must(parsePlans(device("plans", "11")))
    expect(trip).toEqual({
      note: "",
      currency: "",
      days: new Map(),
      places: new Map(),
      packing: [],
      budget: new Map(),
    })
  })

  it("[D40] whatever is entered and accepted reads back without an issue", () => {
    const walls = fc.option(
      fc.record({
        date: fc.constantFrom("2026-01-31", "2026-03-29", "2026-10-25"),
        time: fc.constantFrom("00:00:00", "02:30:00"),
        zone: fc.constantFrom("UTC", "Europe/Berlin"),
      }),
      { nil: undefined },
    )
    fc.assert(
      fc.property(
        fc.constantFrom("event", "task"),
        walls,
        walls,
        walls,
        fc.constantFrom(undefined, "FREQ=DAILY", "FREQ=SECONDLY", "x"),
        (kind, start, end, due, rrule) => {
          const doc = device("plans", "11")
          const fields = { ...samplePlan, kind, start, end, due, rrule, status: "open" } as PlanFields
          let accepted = false
          try {
            const next = after(doc, draft => addPlan(draft, { id, fields, body: "", by: anna }))
            accepted = true
            expect(must(parsePlans(next)).issues).toEqual([])
            expect(itemOf(next)).toMatchObject({ kind, start, end, due, rrule })
          } catch (error) {
            if (accepted) throw error
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
