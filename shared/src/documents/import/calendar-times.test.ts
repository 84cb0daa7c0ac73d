import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { ParsedImport, PlanDraft } from "../drafts.js"
import { parseCalendar } from "./calendar.js"

const parsed = (...lines: readonly string[]): ParsedImport => {
  const result = parseCalendar(textToBytes(lines.join("\r\n")))
  if (!result.ok) throw new Error(result.error.reason)
  return result.value
}
const calendar = (...lines: readonly string[]): ParsedImport =>
  parsed("BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR")
const event = (...lines: readonly string[]): ParsedImport => calendar("BEGIN:VEVENT", ...lines, "END:VEVENT")
const plansOf = ({ draft }: ParsedImport): readonly PlanDraft[] => (draft.area === "plans" ? draft.plans : [])
const only = (read: ParsedImport): PlanDraft => {
  const [plan, ...more] = plansOf(read)
  if (plan === undefined || more.length > 0) throw new Error(`${plansOf(read).length} plans`)
  return plan
}

describe("times in calendars", () => {
  it("[I22] times: a day, floating, UTC, in a zone; a date that is not marked as one; no date at all", () => {
    const start = (line: string): unknown => only(event("UID:1", line)).start
    expect(start("DTSTART;VALUE=DATE:20240229")).toEqual({ date: "2024-02-29" })
    expect(start("DTSTART:20240229")).toEqual({ date: "2024-02-29" })
    expect(start("DTSTART:20240229T080910")).toEqual({ date: "2024-02-29", time: "08:09:10" })
    expect(start("DTSTART:20240229T080910Z")).toEqual({ date: "2024-02-29", time: "08:09:10", zone: "UTC" })
    expect(start("DTSTART;TZID=Asia/Shanghai:20240229T080910")).toEqual({
      date: "2024-02-29",
      time: "08:09:10",
      zone: "Asia/Shanghai",
    })
    for (const bad of ["20230229T080910", "2024", "20240229T8091", "20240229T250000", "", "soon"]) {
      const read = event("UID:1", `DTSTART:${bad}`)
      expect(only(read).start).toBeUndefined()
      expect(read.skipped).toEqual([{ line: 5, reason: "DTSTART: not a date" }])
      expect(read.warnings.map(inWords)).toEqual(["line 3: an event without a readable start"])
    }
  })

  it("[I23] zones: Windows names, prefixed names, UTC's names, the file's own X-LIC-LOCATION", () => {
    const zone = (tzid: string): string | undefined =>
      only(
        calendar(
          "BEGIN:VTIMEZONE",
          "TZID:Our town",
          "X-LIC-LOCATION:Europe/Vienna",
          "END:VTIMEZONE",
          "BEGIN:VEVENT",
          "UID:1",
          `DTSTART;TZID=${tzid}:20240101T100000`,
          "END:VEVENT",
        ),
      ).start?.zone
    expect(
      [
        "China Standard Time",
        "W. Europe Standard Time",
        "/mozilla.org/20050126_1/Europe/Berlin",
        "Etc/GMT",
        "US-Eastern",
        "Our town",
        '"America/New_York"',
      ].map(zone),
    ).toEqual([
      "Asia/Shanghai",
      "Europe/Berlin",
      "Europe/Berlin",
      "UTC",
      "US/Eastern",
      "Europe/Vienna",
      "America/New_York",
    ])
  })

  it("[I23] an unknown zone leaves its times on the wall and warns once", () => {
    const read = event(
      "UID:1",
      "DTSTART;TZID=Middle/Earth:20240101T100000",
      "DTEND;TZID=Middle/Earth:20240101T110000",
    )
    expect(only(read)).toMatchObject({ start: { date: "2024-01-01", time: "10:00:00" } })
    expect(only(read).start).not.toHaveProperty("zone")
    expect(read.warnings.map(inWords)).toEqual([
      'unknown time zone "Middle/Earth": its times are kept as they stand on the wall',
    ])
  })

  it("[I24] rules, added and excluded dates", () => {
    expect(
      only(
        event(
          "UID:1",
          "DTSTART:20240101T100000",
          "RRULE:FREQ=WEEKLY;BYDAY=MO,we;UNTIL=20240601T000000Z",
          "RDATE:20240105T100000,20240106T100000",
          "RDATE;VALUE=PERIOD:20240107T100000Z/PT1H",
          "EXDATE;VALUE=DATE:20240108",
          "EXDATE;TZID=Europe/Berlin:20240110T100000",
        ),
      ),
    ).toMatchObject({
      rrule: "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20240601T000000Z",
      rdates: [
        { date: "2024-01-05", time: "10:00:00" },
        { date: "2024-01-06", time: "10:00:00" },
        { date: "2024-01-07", time: "10:00:00", zone: "UTC" },
      ],
      exdates: [{ date: "2024-01-08" }, { date: "2024-01-10", time: "10:00:00", zone: "Europe/Berlin" }],
    })
  })

  it("[I24] of several rules the first is followed, the others are kept, and a warning says so", () => {
    const read = event("UID:1", "DTSTART:20240101", "RRULE:FREQ=WEEKLY", "RRULE:FREQ=MONTHLY;BYDAY=SU")
    expect(only(read)).toMatchObject({ rrule: "FREQ=WEEKLY", extra: { RRULE: "FREQ=MONTHLY;BYDAY=SU" } })
    expect(read.warnings.map(inWords)).toEqual(["line 3: 2 recurrence rules, only the first is followed"])
  })

  it("[I24] a rule that cannot be followed is skipped, the event stays", () => {
    for (const rule of [
      "FREQ=OFTEN",
      "INTERVAL=2",
      "FREQ=DAILY;INTERVAL=0",
      "FREQ=DAILY;COUNT=-1",
      "FREQ=DAILY;BYMONTH=0",
      "FREQ=WEEKLY;UNTIL=2024",
      `FREQ=DAILY;BYDAY=${"MO,".repeat(500)}MO`,
      "",
    ]) {
      const read = event("UID:1", "DTSTART:20240101", `RRULE:${rule}`)
      expect(only(read)).not.toHaveProperty("rrule")
      expect(read.skipped.map(({ line }) => line)).toEqual([6])
    }
  })

  it("[I27] reminders are minutes before the start; what is no such time is skipped", () => {
    const alarm = (trigger: string): readonly string[] => [
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      trigger,
      "END:VALARM",
    ]
    const read = event(
      "UID:1",
      "DTSTART:20240101T100000Z",
      ...alarm("TRIGGER:-PT15M"),
      ...alarm("TRIGGER;RELATED=START:-P1DT1H"),
      ...alarm("TRIGGER:PT0S"),
      ...alarm("TRIGGER;VALUE=DATE-TIME:20240101T093000Z"),
      ...alarm("TRIGGER:-PT15M"),
      ...alarm("TRIGGER:PT5M"),
      ...alarm("TRIGGER;RELATED=END:-PT5M"),
      ...alarm("X-NO:trigger"),
    )
    expect(only(read).reminderMinutes).toEqual([15, 1500, 0, 30])
    expect(read.skipped.map(({ line }) => line)).toEqual([26, 30, 34])
  })

  it("[I27] durations are whole minutes; a negative or malformed one is none", () => {
    const minutes = (value: string): number | undefined =>
      only(event("UID:1", "DTSTART:20240101", `DURATION:${value}`)).durationMinutes
    expect(["P1D", "PT90M", "P1W", "PT1H30M59S", "-PT5M", "P", "PT", "1H"].map(minutes)).toEqual([
      1440,
      90,
      10080,
      90,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
