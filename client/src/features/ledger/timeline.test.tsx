import { describe, expect, it } from "vitest"
import { type Entry, type Filter, noFilter } from "@home/shared/documents"
import { createEntryIndex } from "../../state/entry-index.js"
import { finish } from "../../ui/in-slices.js"
import { createFilteredMonths } from "./filtered-months.js"
import { ruleOn } from "./recurring-sheet.js"
import { createMonthFlows, createTimeline, flowsOf } from "./timeline.js"

const entry = (id: string, date: string, patch: Partial<Entry> = {}): Entry => ({
  id,
  date,
  direction: "expense",
  status: "settled",
  amountMinor: 100,
  currency: "EUR",
  account: "cash",
  payee: "",
  note: "",
  category: "",
  tags: [],
  splits: [],
  shares: {},
  receipts: [],
  author: "anna",
  createdAtMs: 0,
  ...patch,
})

describe("the list of entries", () => {
  it("has a head for each month and day, newest first, and keeps rows that did not change", () => {
    const index = createEntryIndex()
    for (const one of [entry("a", "2026-02-01"), entry("b", "2026-03-02"), entry("c", "2026-03-02")])
      index.put(one)
    const timeline = createTimeline()
    const first = finish(timeline(index.months(), flowsOf(index.list())))
    expect(first.map(({ type, key }) => `${type} ${key}`)).toEqual([
      "Month 2026-03",
      "Day 2026-03-02",
      "Entry b",
      "Entry c",
      "Month 2026-02",
      "Day 2026-02-01",
      "Entry a",
    ])
    index.put(entry("c", "2026-03-02", { payee: "Baker" }))
    const second = finish(timeline(index.months(), flowsOf(index.list())))
    expect(second[2]).toBe(first[2])
    expect(second[3]).not.toBe(first[3])
    expect(second[0]).not.toBe(first[0])
    expect(second.slice(4)).toEqual(first.slice(4))
    expect(second.slice(4).every((row, at) => row === first[at + 4])).toBe(true)
  })

  it("follows an entry that moves to another day, is removed, comes back, or is gone", () => {
    const index = createEntryIndex()
    index.put(entry("a", "2026-02-01"))
    index.put(entry("a", "2026-03-01"))
    expect(index.list().map(({ date }) => date)).toEqual(["2026-03-01"])
    index.put(entry("a", "2026-03-01", { deletedAtMs: 1 }))
    expect([index.list(), index.byId.has("a")]).toEqual([[], true])
    index.put(entry("a", "2026-03-01"))
    expect(index.list()).toHaveLength(1)
    expect(index.list()).toBe(index.list())
    index.drop("a")
    expect([index.list(), index.byId.size]).toEqual([[], 0])
  })

  it("sums what a filter leaves, without transfers and what never was paid", () => {
    const flows = flowsOf([
      entry("a", "2026-03-01"),
      entry("b", "2026-03-02", { direction: "income", amountMinor: 5 }),
      entry("c", "2026-03-03", { direction: "transfer" }),
      entry("d", "2026-03-03", { status: "closed" }),
    ])
    expect(flows.get("2026-03")?.get("EUR")).toEqual({ incomeMinor: 5, expenseMinor: 100 })
  })

  it("of a search keeps what is left the same array while the same is left, and looks at no more than that", () => {
    const index = createEntryIndex()
    index.put(entry("a", "2026-02-01", { payee: "Baker" }))
    index.put(entry("b", "2026-02-02", { payee: "Bank" }))
    index.put(entry("c", "2026-03-01", { payee: "Baker" }))
    const looked: string[] = []
    const textOf = ({ id, payee }: Entry): string => {
      looked.push(id)
      return payee.toLowerCase()
    }
    const filtered = createFilteredMonths()
    const find = (text: string, more: Partial<Filter> = {}) => {
      looked.length = 0
      return finish(filtered(index.months(), { ...noFilter, ...more, text }, textOf))
    }
    expect(find("ba")).toEqual(index.months())
    expect(find("ba")[0]).toBe(index.months()[0])
    const bakers = find("bak")
    expect(bakers.flat().map(({ id }) => id)).toEqual(["c", "a"])
    expect(find("baker")[1]).toBe(bakers[1])
    expect(looked).toEqual(["c", "a"])
    expect(
      find("ban")
        .flat()
        .map(({ id }) => id),
    ).toEqual(["b"])
    index.put(entry("d", "2026-03-02", { payee: "Bank" }))
    expect(
      find("bank")
        .flat()
        .map(({ id }) => id),
    ).toEqual(["d", "b"])
    expect(
      find("bank", { to: "2026-02-28" })
        .flat()
        .map(({ id }) => id),
    ).toEqual(["b"])
    expect(
      find("ban")
        .flat()
        .map(({ id }) => id),
    ).toEqual(["d", "b"])
    const monthFlows = createMonthFlows()
    const flows = (months: Parameters<typeof monthFlows>[0]) => finish(monthFlows(months))
    expect(flows(index.months())).toEqual(flowsOf(index.list()))
    expect(flows(index.months()).get("2026-02")).toBe(flows(index.months()).get("2026-02"))
  })

  it("a month without the 31st has its last day instead", () => {
    expect(ruleOn("FREQ=MONTHLY", "2026-01-15")).toBe("FREQ=MONTHLY")
    expect(ruleOn("FREQ=MONTHLY", "2026-01-31")).toBe("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1")
    expect(ruleOn("FREQ=WEEKLY", "2026-01-31")).toBe("FREQ=WEEKLY")
  })
})
