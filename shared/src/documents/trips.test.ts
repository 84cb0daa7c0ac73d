import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { exportPlans } from "./export/json.js"
import { orderBetween } from "./order.js"
import { parsePlans } from "./plans.js"
import { type TestDoc, after, anna, ben, device, forkOf, mergeOf, must, refusal } from "./samples.js"
import {
  addBudgetItem,
  addPackingItem,
  addPlace,
  deleteBudgetItem,
  deletePlace,
  editBudgetItem,
  editPackingItem,
  editPlace,
  editTrip,
  putPlace,
  removePackingItem,
  restoreBudgetItem,
  restorePlace,
  setTripDay,
} from "./trip-commands.js"
import { type Trip, placesOn } from "./trip.js"

type Command = Parameters<typeof after>[1]

const list = () => device("plans", "11")
const run = (doc: TestDoc, ...commands: readonly Command[]): TestDoc => commands.reduce(after, doc)
const tripIn = (doc: TestDoc): Trip => {
  const plans = must(parsePlans(doc))
  expect(plans.issues).toEqual([])
  return plans.trip
}

const museum = { name: "Museum", address: "1 Island", url: "https://example.org", note: "closed on Mondays" }
const place =
  (id: string, fields = museum): Command =>
  draft =>
    addPlace(draft, { id, fields, by: anna })
const tent =
  (id: string, order = "V"): Command =>
  draft =>
    addPackingItem(draft, { id, text: "Tent", order, by: anna })
const ferry = { category: "Ferry", amountMinor: 12_050, currency: "SEK" }
const cost =
  (id: string, fields = ferry): Command =>
  draft =>
    addBudgetItem(draft, { id, fields, by: anna })
const edit =
  (id: string, patch: Partial<typeof museum>, by = anna): Command =>
  draft =>
    editPlace(draft, { id, patch, by })
const put =
  (id: string, date: string | undefined, order = "V", by = anna): Command =>
  draft =>
    putPlace(draft, { id, date, order, by })

describe("a trip", () => {
  it("[D91] has dates, a note, a currency and what is planned for a day; each is changed and cleared alone", () => {
    const dates = { first: "2026-07-01", last: "2026-07-14" }
    const doc = run(
      list(),
      draft => editTrip(draft, { dates, note: "by train", currency: "SEK" }),
      draft => setTripDay(draft, "2026-07-02", "walk"),
      draft => setTripDay(draft, "2026-07-03", "swim"),
    )
    const days = new Map([
      ["2026-07-02", "walk"],
      ["2026-07-03", "swim"],
    ])
    expect(tripIn(doc)).toMatchObject({ dates, note: "by train", currency: "SEK", days })
    const cleared = run(
      doc,
      draft => editTrip(draft, { dates: undefined }),
      draft => setTripDay(draft, "2026-07-02", ""),
    )
    expect(tripIn(cleared)).toMatchObject({ dates: undefined, note: "by train" })
    expect([...tripIn(cleared).days.keys()]).toEqual(["2026-07-03"])
  })

  it("[D91] refuses days that do not exist or stand the wrong way round", () => {
    for (const dates of [
      { first: "2026-02-29", last: "2026-03-01" },
      { first: "2026-03-02", last: "2026-03-01" },
      { first: "2026-03-01", last: "" },
      { first: "2026-03-01", last: "2026-03-02/2026-03-03" },
    ])
      expect(refusal(list(), draft => editTrip(draft, { dates, note: "x" }))).toMatchObject({
        field: "dates",
      })
    expect(refusal(list(), draft => editTrip(draft, { currency: "euro" }))).toMatchObject({
      field: "currency",
    })
    expect(refusal(list(), draft => setTripDay(draft, "2026-13-01", "x"))).toMatchObject({ field: "date" })
  })

  it("[D91] of two who move it at once one wins whole", () => {
    const spans = [
      { first: "2026-07-01", last: "2026-07-14" },
      { first: "2026-08-01", last: "2026-08-03" },
    ] as const
    const doc = list()
    const one = after(forkOf(doc, "22"), draft => editTrip(draft, { dates: spans[0] }))
    const two = after(forkOf(doc, "33"), draft => editTrip(draft, { dates: spans[1], note: "late" }))
    const { dates } = tripIn(mergeOf(one, two))
    expect(spans).toContainEqual(dates)
    expect(tripIn(mergeOf(two, one)).dates).toEqual(dates)
  })

  it("[D91] dates that another version wrote wrongly are reported and count as none", () => {
    const doc = A.change(list() as A.Doc<Record<string, Record<string, unknown>>>, root => {
      const trip = root["trip"]
      if (trip !== undefined) trip["dates"] = new A.ImmutableString("2026-07-14/2026-07-01")
    })
    const { trip, issues } = must(parsePlans(doc))
    expect([trip.dates, issues.map(({ path }) => path)]).toEqual([undefined, ["trip/dates"]])
  })
})

describe("places", () => {
  it("[D92] read back as entered, change field by field, and come back after removal", () => {
    const doc = run(list(), place("p1"))
    expect(tripIn(doc).places.get("p1")).toEqual({ id: "p1", ...museum, order: "" })
    const one = run(forkOf(doc, "22"), edit("p1", { name: "Old museum" }))
    const two = run(forkOf(doc, "33"), edit("p1", { note: "open" }, ben))
    const merged = mergeOf(one, two)
    expect(tripIn(merged).places.get("p1")).toMatchObject({ name: "Old museum", note: "open" })
    const removed = after(merged, draft => deletePlace(draft, { id: "p1", by: ben }))
    expect(tripIn(removed).places.get("p1")?.deletedAtMs).toBe(ben.nowMs)
    expect(placesOn(tripIn(removed), undefined)).toEqual([])
    const restored = after(removed, draft => restorePlace(draft, { id: "p1", by: anna }))
    expect(placesOn(tripIn(restored), undefined).map(({ name }) => name)).toEqual(["Old museum"])
  })

  it.each<[string, Partial<typeof museum>, string]>([
    ["without a name", { name: " " }, "name"],
    ["with a link that runs", { url: "javascript:alert(1)" }, "url"],
    ["with an endless address", { address: "x".repeat(501) }, "address"],
    ["with an endless note", { note: "x".repeat(128 * 1024 + 1) }, "note"],
  ])("[D92] a place %s is refused", (_, fields, field) => {
    expect(refusal(list(), place("p1", { ...museum, ...fields }))).toMatchObject({ field })
    expect(refusal(run(list(), place("p1")), edit("p1", fields))).toMatchObject({ field })
  })

  it("[D93] stand on their day in the order that people give, also between two", () => {
    const day = "2026-07-02"
    const [first, last] = [
      orderBetween(undefined, undefined),
      orderBetween(orderBetween(undefined, undefined), undefined),
    ]
    const doc = run(
      list(),
      ...["p1", "p2", "p3", "p4"].map(id => place(id)),
      put("p1", day, last),
      put("p2", day, first),
      put("p3", "2026-07-03"),
    )
    const onDay = (from: TestDoc, date: string | undefined) =>
      placesOn(tripIn(from), date).map(({ id }) => id)
    expect([onDay(doc, day), onDay(doc, "2026-07-03"), onDay(doc, undefined)]).toEqual([
      ["p2", "p1"],
      ["p3"],
      ["p4"],
    ])
    const between = orderBetween(first, last)
    const one = run(forkOf(doc, "22"), put("p4", day, between))
    const two = run(forkOf(doc, "33"), put("p3", day, between, ben))
    for (const merged of [mergeOf(one, two), mergeOf(two, one)])
      expect(onDay(merged, day)).toEqual(["p2", "p3", "p4", "p1"])
    expect(onDay(run(forkOf(doc, "44"), put("p1", undefined)), undefined)).toEqual(["p4", "p1"])
    expect(refusal(doc, put("p1", "2026-06-31"))).toMatchObject({ field: "date" })
    expect(refusal(doc, put("p1", day, ""))).toMatchObject({ field: "order" })
  })
})

describe("packing", () => {
  it("[D94] is ordered and ticked as a checklist, and says who takes it", () => {
    const doc = run(list(), tent("i1", "k"), tent("i2", "V"), draft =>
      editPackingItem(draft, "i1", { takenBy: ben.author }),
    )
    const one = after(forkOf(doc, "22"), draft => editPackingItem(draft, "i1", { done: true }))
    const two = after(forkOf(doc, "33"), draft => editPackingItem(draft, "i1", { text: "Big tent" }))
    const merged = mergeOf(one, two)
    expect(tripIn(merged).packing).toEqual([
      { id: "i2", text: "Tent", done: false, order: "V" },
      { id: "i1", text: "Big tent", done: true, order: "k", takenBy: ben.author },
    ])
    const given = run(
      merged,
      draft => editPackingItem(draft, "i1", { takenBy: undefined }),
      draft => removePackingItem(draft, "i2"),
    )
    expect(tripIn(given).packing).toEqual([{ id: "i1", text: "Big tent", done: true, order: "k" }])
    for (const [patch, field] of [
      [{ takenBy: "Anna Smith" }, "takenBy"],
      [{ order: "" }, "order"],
      [{ text: "x".repeat(501) }, "text"],
    ] as const)
      expect(refusal(doc, draft => editPackingItem(draft, "i1", patch))).toMatchObject({ field })
  })
})

describe("the budget", () => {
  it("[D95] keeps whole amounts, each in its own currency; what is removed comes back", () => {
    const doc = run(list(), cost("b1"), cost("b2", { ...ferry, category: "Food", currency: "EUR" }), draft =>
      editBudgetItem(draft, { id: "b1", patch: { amountMinor: 0 }, by: ben }),
    )
    expect([...tripIn(doc).budget.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: "b1", category: "Ferry", amountMinor: 0, currency: "SEK" },
      { id: "b2", category: "Food", amountMinor: 12_050, currency: "EUR" },
    ])
    const removed = after(doc, draft => deleteBudgetItem(draft, { id: "b1", by: ben }))
    expect(tripIn(removed).budget.get("b1")?.deletedAtMs).toBe(ben.nowMs)
    const restored = after(removed, draft => restoreBudgetItem(draft, { id: "b1", by: ben }))
    expect(tripIn(restored).budget.get("b1")?.deletedAtMs).toBeUndefined()
  })

  it.each<[string, Partial<typeof ferry>, string]>([
    ["half a cent", { amountMinor: 0.5 }, "amountMinor"],
    ["less than nothing", { amountMinor: -1 }, "amountMinor"],
    ["more than can be summed", { amountMinor: 1_000_000_000_001 }, "amountMinor"],
    ["no number", { amountMinor: NaN }, "amountMinor"],
    ["a currency by its sign", { currency: "€" }, "currency"],
    ["no category", { category: "" }, "category"],
  ])("[D95] %s is refused", (_, fields, field) => {
    expect(refusal(list(), cost("b1", { ...ferry, ...fields }))).toMatchObject({ field })
    expect(
      refusal(run(list(), cost("b1")), draft => editBudgetItem(draft, { id: "b1", patch: fields, by: anna })),
    ).toMatchObject({ field })
  })

  it("[D95] an item that cannot be read is reported, the others stand", () => {
    const doc = A.change(run(list(), cost("b1")) as A.Doc<Record<string, Record<string, unknown>>>, root => {
      const budget = root["budget"]
      if (budget === undefined) return
      budget["b2"] = { category: new A.ImmutableString("x"), amountMinor: "12", currency: "EUR" }
      budget["b3"] = { amountMinor: 12, currency: new A.ImmutableString("euro") }
    })
    const { trip, issues } = must(parsePlans(doc))
    expect([...trip.budget.keys()]).toEqual(["b1"])
    expect(issues.map(({ path }) => path).sort()).toEqual(["budget/b2/amountMinor", "budget/b3/currency"])
  })
})

describe("commands of a trip", () => {
  const on = (id: string): readonly Command[] => [
    edit(id, { name: "x" }),
    put(id, "2026-07-01"),
    draft => deletePlace(draft, { id, by: anna }),
    draft => restorePlace(draft, { id, by: anna }),
    draft => editPackingItem(draft, id, { done: true }),
    draft => removePackingItem(draft, id),
    draft => editBudgetItem(draft, { id, patch: { category: "x" }, by: anna }),
    draft => deleteBudgetItem(draft, { id, by: anna }),
    draft => restoreBudgetItem(draft, { id, by: anna }),
  ]
  const adding = (id: string): readonly Command[] => [place(id), tent(id), cost(id)]
  const bare: readonly Command[] = [
    draft => editTrip(draft, { note: "x" }),
    draft => setTripDay(draft, "2026-07-01", "x"),
  ]

  it("[D96] name what is not there, and do not overwrite what is", () => {
    const doc = run(list(), ...adding("x1"))
    for (const command of on("x2")) expect(refusal(doc, command)).toEqual({ type: "NotFound", id: "x2" })
    for (const command of adding("x1"))
      expect(refusal(doc, command)).toEqual({ type: "AlreadyExists", id: "x1" })
    for (const command of adding("No Id")) expect(refusal(doc, command)).toMatchObject({ field: "id" })
  })

  it("[D96] are refused elsewhere and by a newer schema", () => {
    const newer = A.change(run(list(), ...adding("x1")) as A.Doc<Record<string, unknown>>, root => {
      root["schema"] = 99
    })
    for (const command of [...on("x1"), ...adding("x2"), ...bare]) {
      expect(refusal(newer, command)).toEqual({ type: "NewerSchema" })
      expect(refusal(device("notes", "11"), command)).toEqual({ type: "NotADocument" })
    }
  })
})

describe("the export of a trip", () => {
  it("[D97] names what stands in it, and no list that is none", () => {
    const doc = run(
      list(),
      draft => editTrip(draft, { dates: { first: "2026-07-01", last: "2026-07-02" }, currency: "SEK" }),
      draft => setTripDay(draft, "2026-07-02", "walk"),
      place("p2"),
      place("p1"),
      place("p3"),
      put("p1", "2026-07-01"),
      draft => deletePlace(draft, { id: "p3", by: anna }),
      tent("i1"),
      cost("b1"),
      cost("b2"),
      draft => deleteBudgetItem(draft, { id: "b2", by: anna }),
    )
    const lists = [
      { list: "trip", plans: must(parsePlans(doc)) },
      { list: "family", plans: must(parsePlans(list())) },
      {
        list: "gone",
        plans: must(
          parsePlans(run(list(), place("p1"), draft => deletePlace(draft, { id: "p1", by: anna }))),
        ),
      },
    ]
    expect(exportPlans(lists.values())).toEqual({
      schema: 1,
      area: "plans",
      plans: [],
      trips: [
        {
          list: "trip",
          first: "2026-07-01",
          last: "2026-07-02",
          note: "",
          currency: "SEK",
          days: { "2026-07-02": "walk" },
          places: [
            { id: "p1", ...museum, date: "2026-07-01", order: "V" },
            { id: "p2", ...museum, date: null, order: "" },
          ],
          packing: [{ id: "i1", text: "Tent", done: false, takenBy: null }],
          budget: [{ id: "b1", ...ferry }],
        },
      ],
    })
  })
})
