import fc from "fast-check"
import ICAL from "ical.js"
import { describe, expect, it } from "vitest"
import { documentLimits } from "./document-limits.js"
import type { WallTime } from "./drafts.js"
import { type PlanItem, instanceKey } from "./plans.js"
import { type Window, expandPlan, expandPlans, nextDue } from "./recurrence.js"
import { type Rule, parseRule } from "./rule.js"
import { ruleTimes } from "./rule-days.js"
import { must, samplePlan } from "./samples.js"
import { addDays, addMonths, formatWall, isDate, parseWall } from "./wall.js"
import { isZone, msToWall, wallToMs } from "./zones.js"

const item = (fields: Partial<PlanItem>): PlanItem => ({
  ...samplePlan,
  id: "p",
  body: "",
  overrides: new Map(),
  completions: new Map(),
  extra: {},
  author: "",
  createdAtMs: 0,
  ...fields,
})
const window = (from: string, to: string, zone = "Europe/Berlin"): Window => ({
  fromMs: wallToMs({ date: from }, zone),
  toMs: wallToMs({ date: to }, zone),
  zone,
  limit: 1000,
})
const startsOf = (plan: PlanItem, from: string, to: string, zone?: string) =>
  expandPlan(plan, window(from, to, zone)).occurrences.map(({ startMs }) =>
    new Date(startMs).toISOString().slice(0, 16),
  )
const at = (text: string): WallTime => {
  const wall = parseWall(text)
  if (wall === undefined) throw new Error(text)
  return wall
}

describe("wall times", () => {
  it("[D50] one text holds date, time and zone, and nothing that no calendar has", () => {
    for (const text of [
      "2026-03-01",
      "2026-03-01T10:00:00",
      "2026-03-01T10:00:00[Europe/Berlin]",
      "2024-02-29",
    ])
      expect(formatWall(at(text))).toBe(text)
    for (const text of [
      "2026-02-29",
      "2026-3-1",
      "2026-03-01T24:00:00",
      "2026-03-01T10:00",
      "2026-03-01[UTC]",
      "0999-01-01",
      "x",
    ])
      expect(parseWall(text)).toBeUndefined()
    expect([isDate("2000-02-29"), isDate("1900-02-29"), isDate("2026-00-10")]).toEqual([true, false, false])
    expect([
      addDays("2026-12-31", 1),
      addMonths("2026-01-31", 1),
      addMonths("2024-03-31", -1),
      addMonths("2026-11-30", 14),
    ]).toEqual(["2027-01-01", "2026-02-28", "2024-02-29", "2028-01-30"])
  })

  it.each([
    ["2026-03-28T12:00:00[Europe/Berlin]", "2026-03-28T11:00"],
    ["2026-03-29T12:00:00[Europe/Berlin]", "2026-03-29T10:00"],
    // 02:30 does not occur: read with the offset before the gap.
    ["2026-03-29T02:30:00[Europe/Berlin]", "2026-03-29T01:30"],
    // 02:30 occurs twice: the first.
    ["2026-10-25T02:30:00[Europe/Berlin]", "2026-10-25T00:30"],
    ["2026-07-01T08:00:00[Asia/Shanghai]", "2026-07-01T00:00"],
    ["2026-07-01T08:00:00[Asia/Kathmandu]", "2026-07-01T02:15"],
    ["2026-07-01T08:00:00[UTC]", "2026-07-01T08:00"],
    // Floating, all day, or of an unknown zone: the reader's.
    ["2026-07-01T08:00:00", "2026-07-01T12:00"],
    ["2026-07-01", "2026-07-01T04:00"],
    ["2026-07-01T08:00:00[Mars/Olympus]", "2026-07-01T12:00"],
  ])("[D50] %s is %sZ", (text, expected) => {
    expect(new Date(wallToMs(at(text), "America/New_York")).toISOString().slice(0, 16)).toBe(expected)
  })

  it("[D50] a moment's wall time is that moment again, but in the hour that occurs twice", () => {
    expect([isZone("Europe/Berlin"), isZone("Europe/Nowhere")]).toEqual([true, false])
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom("Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe"),
        (seconds, zone) => {
          const ms = seconds * 1000
          const difference = ms - wallToMs(msToWall(ms, zone), "UTC")
          expect([0, 1_800_000, 3_600_000]).toContain(difference)
        },
      ),
    )
  })
})

describe("series", () => {
  const weekly = item({ rrule: "FREQ=WEEKLY;BYDAY=MO" })

  it("[D51] an hour on the wall stays that hour through summer and winter time", () => {
    expect(startsOf(weekly, "2026-03-23", "2026-04-07")).toEqual([
      "2026-03-23T17:00",
      "2026-03-30T16:00",
      "2026-04-06T16:00",
    ])
    expect(startsOf(weekly, "2026-10-19", "2026-11-03")).toEqual([
      "2026-10-19T16:00",
      "2026-10-26T17:00",
      "2026-11-02T17:00",
    ])
  })

  it("[D51] all-day series fall on days, wherever they are read", () => {
    const birthday = item({
      start: { date: "2020-02-29" },
      end: { date: "2020-03-01" },
      rrule: "FREQ=YEARLY",
    })
    expect(startsOf(birthday, "2021-01-01", "2029-01-01", "Asia/Shanghai")).toEqual([
      "2024-02-28T16:00",
      "2028-02-28T16:00",
    ])
    const daily = item({ start: { date: "2026-03-27" }, end: undefined, rrule: "FREQ=DAILY" })
    const hours = expandPlan(daily, window("2026-03-28", "2026-03-31")).occurrences.map(
      ({ startMs, endMs }) => (endMs - startMs) / 3_600_000,
    )
    expect(hours).toEqual([24, 23, 24])
  })

  it("[D51] UNTIL in UTC ends by the moment, as a day by the end of the day; COUNT counts from the start", () => {
    expect(
      startsOf(item({ rrule: "FREQ=DAILY;UNTIL=20260325T170000Z" }), "2026-03-01", "2026-05-01"),
    ).toHaveLength(3)
    expect(
      startsOf(item({ rrule: "FREQ=DAILY;UNTIL=20260325T165959Z" }), "2026-03-01", "2026-05-01"),
    ).toHaveLength(2)
    expect(startsOf(item({ rrule: "FREQ=DAILY;UNTIL=20260325" }), "2026-03-01", "2026-05-01")).toHaveLength(3)
    expect(startsOf(item({ rrule: "FREQ=DAILY;COUNT=10" }), "2026-03-30", "2026-05-01")).toHaveLength(3)
  })

  it("[D52] exdates take out, rdates put in, in whatever form they are written", () => {
    const plan = item({
      rrule: "FREQ=WEEKLY;BYDAY=MO",
      exdates: [at("2026-03-30T16:00:00[UTC]"), at("2026-04-06"), at("2026-04-13T18:00:00[Europe/Berlin]")],
      rdates: [at("2026-04-08T09:00:00[Europe/Berlin]")],
    })
    expect(startsOf(plan, "2026-03-23", "2026-04-21")).toEqual([
      "2026-03-23T17:00",
      "2026-04-08T07:00",
      "2026-04-20T16:00",
    ])
    expect(startsOf(item({ rdates: [at("2026-05-01")] }), "2026-03-01", "2026-06-01")).toHaveLength(2)
  })

  it("[D52] a changed instance shows where it was moved to, and nowhere else", () => {
    const monday = "2026-03-30T18:00:00[Europe/Berlin]"
    const overrides = new Map([[monday, { start: at("2026-04-01T08:00:00[Europe/Berlin]"), title: "Moved" }]])
    const plan = item({ rrule: "FREQ=WEEKLY;BYDAY=MO", overrides })
    expect(startsOf(plan, "2026-03-30", "2026-03-31")).toEqual([])
    const [moved] = expandPlan(plan, window("2026-04-01", "2026-04-02")).occurrences
    expect(moved).toMatchObject({
      instance: at(monday),
      override: { title: "Moved" },
      endMs: (moved?.startMs ?? 0) + 5_400_000,
    })
    const far = item({
      rrule: "FREQ=DAILY",
      overrides: new Map([
        ["2026-03-24T18:00:00[Europe/Berlin]", { start: at("2040-01-01T08:00:00[Europe/Berlin]") }],
      ]),
    })
    expect(startsOf(far, "2040-01-01", "2040-01-02")).toEqual(["2040-01-01T07:00", "2040-01-01T17:00"])
    expect(startsOf(item({ rrule: "FREQ=WEEKLY;BYDAY=TU", overrides }), "2026-04-01", "2026-04-02")).toEqual(
      [],
    )
  })

  it("[D52] what began before the window and still runs is in it; what ended is not", () => {
    const night = item({
      start: at("2026-03-23T22:00:00[Europe/Berlin]"),
      end: at("2026-03-24T06:00:00[Europe/Berlin]"),
    })
    expect(startsOf(night, "2026-03-24", "2026-03-25")).toHaveLength(1)
    expect(startsOf(item({}), "2026-03-24", "2026-03-25")).toHaveLength(0)
    expect(startsOf(item({ deletedAtMs: 1 }), "2026-03-23", "2026-03-24")).toHaveLength(0)
  })

  it("[D53] n after completion: the next one follows from the last day it was done", () => {
    const done = (...dates: string[]) =>
      new Map(dates.map(date => [instanceKey({ date }), { date, atMs: 0, by: "" }] as const))
    const task = item({
      kind: "task",
      start: undefined,
      end: undefined,
      due: { date: "2026-01-31" },
      repeatAfter: { count: 1, unit: "m" },
    })
    expect(nextDue(task)).toEqual({ date: "2026-01-31" })
    expect(nextDue({ ...task, completions: done("2026-01-31", "2026-01-15") })).toEqual({
      date: "2026-02-28",
    })
    expect(
      nextDue({ ...task, completions: done("2026-03-10"), repeatAfter: { count: 2, unit: "w" } }),
    ).toEqual({ date: "2026-03-24" })
    expect(nextDue(item({}))).toBeUndefined()
    expect(startsOf({ ...task, completions: done("2026-03-10") }, "2026-04-10", "2026-04-11")).toHaveLength(1)
  })
})

describe("bounds", () => {
  it.each([
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYSETPOS=9;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=99999",
    "FREQ=YEARLY;INTERVAL=100000",
    "FREQ=YEARLY;BYWEEKNO=54",
  ])("[D54] %s comes to an end and gives nothing", rrule => {
    expect(startsOf(item({ rrule }), "2026-04-01", "2030-01-01")).toEqual([])
  })

  it("[D54] too many are cut and said to be cut; a far window needs no walk from the start", () => {
    const hourly = item({ rrule: "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12" })
    const cut = expandPlan(hourly, { ...window("2026-04-01", "2030-01-01"), limit: 50 })
    expect([cut.occurrences.length, cut.truncated]).toEqual([50, true])
    expect(startsOf(item({ rrule: "FREQ=DAILY" }), "2326-04-01", "2326-04-02")).toHaveLength(1)
    const counted = expandPlan(
      item({ rrule: "FREQ=DAILY;COUNT=1000000" }),
      window("2326-04-01", "2326-04-02"),
    )
    expect(counted).toEqual({ occurrences: [], truncated: true })
    expect(documentLimits.recurrenceSteps).toBeLessThan(300 * 365)
  })

  it("[D54] bad rules are refused; what is more often than daily is kept as its first instance", () => {
    for (const rule of [
      "FREQ=NEVER",
      "",
      "BYDAY=MO",
      "FREQ=DAILY;INTERVAL=999999999",
      `FREQ=DAILY;BYDAY=${"MO,".repeat(300)}`,
    ])
      expect(parseRule(rule)).toEqual({ ok: false, error: { type: "BadRule" } })
    expect(parseRule("FREQ=MINUTELY")).toMatchObject({ error: { type: "UnsupportedRule" } })
    expect(startsOf(item({ rrule: "FREQ=MINUTELY" }), "2026-03-01", "2026-05-01")).toHaveLength(1)
  })

  it("[D54] many plans are one list in order", () => {
    const plans = [item({ id: "b" }), item({ id: "a" }), item({ id: "c", rrule: "FREQ=DAILY" })]
    const { occurrences, truncated } = expandPlans(plans, { ...window("2026-03-23", "2026-03-26"), limit: 4 })
    expect([occurrences.map(({ id }) => id).join(""), truncated]).toEqual(["abcc", true])
  })
})

describe("against ical.js", () => {
  const start = { date: "2026-01-15", time: "10:00:00" }
  const ours = (rule: Rule, count: number) => {
    const dates: string[] = []
    for (const one of ruleTimes(rule, start, start.date, "2150-01-01")) {
      if (dates.length === count || one === "Truncated") break
      dates.push(one.date)
    }
    return dates
  }
  const theirs = (text: string, count: number) => {
    const iterator = ICAL.Recur.fromString(text).iterator(ICAL.Time.fromDateTimeString("2026-01-15T10:00:00"))
    const dates: string[] = []
    for (
      let next = iterator.next();
      next !== null && next !== undefined && dates.length < count;
      next = iterator.next()
    )
      dates.push(next.toString().slice(0, 10))
    return dates
  }
  const days = fc.uniqueArray(fc.constantFrom("MO", "TU", "WE", "TH", "FR", "SA", "SU"), {
    minLength: 1,
    maxLength: 4,
  })
  const monthDays = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { minLength: 1, maxLength: 3 })
  const ends = fc.constantFrom("", ";COUNT=7", ";UNTIL=20270601T100000Z")
  const rules = fc.oneof(
    fc.constant("FREQ=DAILY"),
    days.map(list => `FREQ=WEEKLY;BYDAY=${list.join(",")}`),
    days.map(list => `FREQ=WEEKLY;WKST=SU;BYDAY=${list.join(",")}`),
    monthDays.map(list => `FREQ=MONTHLY;BYMONTHDAY=${list.join(",")}`),
    fc
      .tuple(fc.constantFrom(1, 2, 3, 4, -1, -2), days)
      .map(([nth, [day = "MO"]]) => `FREQ=MONTHLY;BYDAY=${nth}${day}`),
    days.map(list => `FREQ=MONTHLY;BYDAY=${list.join(",")};BYSETPOS=-1`),
    fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
      .map(([month, day]) => `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${day}`),
    fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom("1MO", "-1SU", "2TH"))
      .map(([month, day]) => `FREQ=YEARLY;BYMONTH=${month};BYDAY=${day}`),
  )

  it("[D55] the rules that people write give the instances that ical.js gives", () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 4 }), ends, (rule, interval, end) => {
        const text = `${rule};INTERVAL=${interval}${end}`
        const parsed = must(parseRule(text))
        const until = parsed.until
        const own = ours(parsed, 12).filter(date => until === undefined || date <= until.date)
        expect([text, own]).toEqual([text, theirs(text, 12)])
      }),
      { numRuns: 150 },
    )
  })

  it.each([
    // RFC 5545, section 3.8.5.3, from 2 September 1997.
    [
      "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
      "1997-01-01",
      ["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01", "2000-04-09"],
    ],
    ["FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", ["1997-05-12", "1998-05-11", "1999-05-17"]],
    ["FREQ=YEARLY;BYDAY=20MO", "1997-05-19", ["1997-05-19", "1998-05-18", "1999-05-17"]],
    [
      "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
      "1997-09-02",
      ["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"],
    ],
    [
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
      "1996-11-05",
      ["1996-11-05", "2000-11-07", "2004-11-02"],
    ],
    [
      "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
      "1997-09-04",
      ["1997-09-04", "1997-10-07", "1997-11-06"],
    ],
    ["FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", ["1997-09-28", "1997-10-29", "1997-11-28"]],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
      "1997-08-05",
      ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
      "1997-08-05",
      ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
    ],
  ])("[D55] %s as RFC 5545 says", (text, date, expected) => {
    const dates = [...ruleTimes(must(parseRule(text)), { date }, date, "2005-01-01")].map(one =>
      one === "Truncated" ? one : one.date,
    )
    expect(dates.slice(0, expected.length)).toEqual(expected)
  })
})
