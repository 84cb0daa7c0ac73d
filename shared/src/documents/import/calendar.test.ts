import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { ParsedImport, PlanDraft } from "../drafts.js"
import { parseCalendar } from "./calendar.js"
import { importLimits } from "./limits.js"

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

describe("calendars", () => {
  it("[I20] an event with its fields", () => {
    expect(
      only(
        event(
          "UID:a1",
          "DTSTAMP:20240101T000000Z",
          "DTSTART;TZID=Europe/Berlin:20240506T190000",
          "DTEND;TZID=Europe/Berlin:20240506T203000",
          "SUMMARY:Choir\\, room 2",
          "DESCRIPTION:Bring\\nnotes and a very",
          "  long pencil",
          "LOCATION:School",
          "URL:https://example.org/a;b",
          "STATUS:confirmed",
          "CATEGORIES:Music,Kids",
          "CATEGORIES:Evening",
          "CLASS:PRIVATE",
          "ATTENDEE;CN=Ann:mailto:ann@example.org",
          "ATTENDEE:mailto:bo@example.org",
        ),
      ),
    ).toEqual({
      sourceId: "a1",
      kind: "event",
      title: "Choir, room 2",
      body: "Bring\nnotes and a very long pencil",
      start: { date: "2024-05-06", time: "19:00:00", zone: "Europe/Berlin" },
      end: { date: "2024-05-06", time: "20:30:00", zone: "Europe/Berlin" },
      rdates: [],
      exdates: [],
      overrides: [],
      location: "School",
      url: "https://example.org/a;b",
      status: "CONFIRMED",
      reminderMinutes: [],
      categories: ["Music", "Kids", "Evening"],
      extra: { CLASS: "PRIVATE", ATTENDEE: ";CN=Ann:mailto:ann@example.org\nmailto:bo@example.org" },
      line: 3,
    })
  })

  it("[I20] a task with its fields", () => {
    expect(
      only(
        calendar(
          "BEGIN:VTODO",
          "UID:t1",
          "SUMMARY:Taxes",
          "DUE:20240531T235959Z",
          "PRIORITY:1",
          "STATUS:COMPLETED",
          "COMPLETED:20240530T101500Z",
          "PERCENT-COMPLETE:100",
          "END:VTODO",
        ),
      ),
    ).toMatchObject({
      sourceId: "t1",
      kind: "task",
      due: { date: "2024-05-31", time: "23:59:59", zone: "UTC" },
      priority: 1,
      completedAtMs: Date.UTC(2024, 4, 30, 10, 15),
      extra: { "PERCENT-COMPLETE": "100" },
    })
  })

  it("[I20] every event and task is counted: a plan, an override, or a double that is skipped", () => {
    const read = calendar(
      "BEGIN:VEVENT",
      "UID:x",
      "DTSTART:20240101T100000",
      "RRULE:FREQ=DAILY",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:x",
      "RECURRENCE-ID:20240102T100000",
      "DTSTART:20240102T110000",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:x",
      "DTSTAMP:20240909T000000Z",
      "DTSTART:20240101T100000",
      "RRULE:FREQ=DAILY",
      "END:VEVENT",
      "BEGIN:VTODO",
      "UID:x",
      "SUMMARY:t",
      "END:VTODO",
      "BEGIN:VJOURNAL",
      "UID:j",
      "END:VJOURNAL",
    )
    expect(read.sums).toEqual({ VEVENT: { count: 3, amountMinor: 0 }, VTODO: { count: 1, amountMinor: 0 } })
    expect(plansOf(read).map(({ kind, overrides }) => [kind, overrides.length])).toEqual([
      ["event", 1],
      ["task", 0],
    ])
    expect(read.skipped).toEqual([{ line: 13, reason: "the same event stands above" }])
  })

  it("[I21] several calendars, and events outside of any", () => {
    const one = [
      "BEGIN:VCALENDAR",
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART:20240101",
      "END:VEVENT",
      "END:VCALENDAR",
    ]
    expect(
      plansOf(
        parsed(
          ...one,
          "",
          ...one.map(line => line.replace("UID:1", "UID:2")),
          "BEGIN:VEVENT",
          "UID:3",
          "DTSTART:20240101",
          "END:VEVENT",
        ),
      ).map(({ sourceId }) => sourceId),
    ).toEqual(["1", "2", "3"])
  })

  it("[I21] what is not ended still counts, with a warning; a stray END means nothing", () => {
    const read = parsed(
      "BEGIN:VCALENDAR",
      "END:VTODO",
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART:20240101",
      "BEGIN:VALARM",
      "TRIGGER:-PT5M",
    )
    expect(only(read)).toMatchObject({ sourceId: "1", reminderMinutes: [5] })
    expect(read.warnings.map(inWords)).toEqual([
      "line 2: END:VTODO without a beginning",
      "line 1: VCALENDAR has no end, something of it may be missing",
      "line 3: VEVENT has no end, something of it may be missing",
      "line 6: VALARM has no end, something of it may be missing",
    ])
  })

  it("[I25] changed instances go into their event; one without an event is a plan of its own", () => {
    const read = calendar(
      "BEGIN:VEVENT",
      "UID:a",
      "RECURRENCE-ID;TZID=Europe/Berlin:20240108T100000",
      "SUMMARY:moved",
      "DTSTART;TZID=Europe/Berlin:20240109T100000",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:a",
      "SUMMARY:weekly",
      "DTSTART;TZID=Europe/Berlin:20240101T100000",
      "RRULE:FREQ=WEEKLY",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:b",
      "RECURRENCE-ID:20240203",
      "SUMMARY:orphan",
      "DTSTART:20240204",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:a",
      "RECURRENCE-ID;TZID=Europe/Berlin:20240108T100000",
      "SUMMARY:moved again",
      "DTSTART;TZID=Europe/Berlin:20240110T100000",
      "END:VEVENT",
    )
    expect(plansOf(read)).toMatchObject([
      {
        sourceId: "a",
        title: "weekly",
        overrides: [
          {
            recurrenceId: { date: "2024-01-08", time: "10:00:00", zone: "Europe/Berlin" },
            draft: { sourceId: "a@2024-01-08T10:00:00[Europe/Berlin]", title: "moved", overrides: [] },
          },
        ],
      },
      { sourceId: "b@2024-02-03", title: "orphan", extra: { "RECURRENCE-ID": "2024-02-03" } },
      { sourceId: "a@2024-01-08T10:00:00[Europe/Berlin]#1", title: "moved again" },
    ])
  })

  it("[I26] a damaged line costs that line", () => {
    const read = event(
      "UID:1",
      "rubbish",
      "SUMMARY;x:y",
      "DTSTART:20240101",
      "DTEND:20240101T10300Z",
      "DESCRIPTION:fine",
    )
    expect(only(read)).toMatchObject({ sourceId: "1", body: "fine", start: { date: "2024-01-01" } })
    expect(read.skipped.map(({ line }) => line)).toEqual([5, 6, 8])
    expect(read.skipped[0]?.reason).toContain("invalid line")
  })

  it("[I28] properties without a field are kept up to a bound, the rest is skipped by line", () => {
    const many = Array.from({ length: importLimits.extraProperties + 2 }, (_, at) => `X-P${at}:v`)
    const read = event("UID:1", "DTSTART:20240101", ...many)
    expect(Object.keys(only(read).extra)).toHaveLength(importLimits.extraProperties)
    expect(read.skipped).toHaveLength(2)
    expect(
      event("UID:1", "DTSTART:20240101", `X-LONG:${"x".repeat(importLimits.extraCharacters)}`).skipped,
    ).toMatchObject([{ line: 6 }])
  })

  it("[I29] without a UID the id is made of kind, times and title, and equal events are both kept", () => {
    const nameless = ["BEGIN:VEVENT", "DTSTART:20240101T100000Z", "SUMMARY:Tea", "END:VEVENT"]
    expect(plansOf(calendar(...nameless, ...nameless)).map(({ sourceId }) => sourceId)).toEqual([
      "event|2024-01-01T10:00:00[UTC]||Tea",
      "event|2024-01-01T10:00:00[UTC]||Tea#1",
    ])
  })

  it("[I29] one UID for two different events: both are kept, with a warning", () => {
    const read = calendar(
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART:20240101",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART:20240102",
      "END:VEVENT",
    )
    expect(plansOf(read).map(({ sourceId }) => sourceId)).toEqual(["1", "1#1"])
    expect(read.warnings.map(inWords)).toEqual(["line 7: the UID was used above by another event"])
  })

  it("[I4] another encoding is guessed and said", () => {
    const latin = Uint8Array.from(
      "BEGIN:VEVENT\nUID:1\nDTSTART:20240101\nSUMMARY:Caf\xe9 \nEND:VEVENT",
      letter => letter.charCodeAt(0),
    )
    const result = parseCalendar(latin)
    expect(result.ok && result.value).toMatchObject({
      draft: { plans: [{ title: "Café " }] },
      warnings: [{ line: 0, reason: "the file is not UTF-8, read as windows-1252" }],
    })
  })

  it("[I3] what is said about a broken file is bounded and counted", () => {
    const read = event(
      "UID:1",
      "DTSTART:20240101",
      ...Array.from({ length: importLimits.reports + 7 }, () => "rubbish"),
    )
    expect(read.skipped).toHaveLength(importLimits.reports)
    expect(read.warnings.map(inWords)).toEqual(["7 further remarks are not listed"])
  })

  it("[I1] text without any component is unreadable", () => {
    expect(parseCalendar(textToBytes("SUMMARY:x"))).toMatchObject({
      ok: false,
      error: { type: "Unreadable" },
    })
  })
})
