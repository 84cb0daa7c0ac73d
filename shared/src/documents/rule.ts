import ICAL from "ical.js"
import { type Result, err, ok } from "../base/index.js"
import type { WallTime } from "./drafts.js"
import { documentLimits } from "./document-limits.js"

export type Frequency = "daily" | "weekly" | "monthly" | "yearly"

/** A recurrence rule (RFC 5545, section 3.3.10). Empty lists: the part is absent. */
export interface Rule {
  readonly frequency: Frequency
  readonly interval: number
  readonly count: number | undefined
  readonly until: WallTime | undefined
  /** 0 is Sunday. */
  readonly weekStart: number
  readonly months: readonly number[]
  readonly weekNumbers: readonly number[]
  readonly yearDays: readonly number[]
  readonly monthDays: readonly number[]
  /** Ordinal 0: every such weekday of the period; -1 the last. */
  readonly weekdays: readonly { readonly ordinal: number; readonly weekday: number }[]
  readonly hours: readonly number[]
  readonly minutes: readonly number[]
  readonly seconds: readonly number[]
  readonly positions: readonly number[]
}

export type RuleError =
  | { readonly type: "BadRule" }
  /** More often than daily: kept and written out again, but not expanded. */
  | { readonly type: "UnsupportedRule"; readonly frequency: string }

const frequencies: ReadonlyMap<string, Frequency> = new Map([
  ["DAILY", "daily"],
  ["WEEKLY", "weekly"],
  ["MONTHLY", "monthly"],
  ["YEARLY", "yearly"],
])
const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]

const pad = (value: number): string => String(value).padStart(2, "0")

const untilOf = (time: ICAL.Time | null | undefined): WallTime | undefined => {
  if (time === null || time === undefined) return undefined
  const date = `${String(time.year).padStart(4, "0")}-${pad(time.month)}-${pad(time.day)}`
  if (time.isDate) return { date }
  const wall = `${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}`
  return time.zone?.tzid === "UTC" ? { date, time: wall, zone: "UTC" } : { date, time: wall }
}

/**
 * Parses an RRULE's value; a leading "RRULE:" is allowed. ical.js reads it; its iterator is not used, because
 * 2.2.1 never returns for rules without a match (`FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`), takes minutes for large
 * intervals and puts the 30th of February on the 2nd of March.
 */
export const parseRule = (text: string): Result<Rule, RuleError> => {
  if (text.length > documentLimits.title) return err({ type: "BadRule" })
  let recur: ICAL.Recur
  try {
    recur = ICAL.Recur.fromString(text.replace(/^RRULE:/i, "").toUpperCase())
  } catch {
    return err({ type: "BadRule" })
  }
  const frequency = frequencies.get(recur.freq)
  if (!/^[A-Z]+LY$/.test(String(recur.freq))) return err({ type: "BadRule" })
  // Beyond this the arithmetic of dates ends, and nobody's calendar goes there.
  if (recur.interval > 100_000) return err({ type: "BadRule" })
  if (frequency === undefined) return err({ type: "UnsupportedRule", frequency: String(recur.freq) })
  const weekdays = (recur.parts.BYDAY ?? []).map(part => ({
    ordinal: Number(/^[+-]?\d+/.exec(part)?.[0] ?? 0),
    weekday: weekdayNames.indexOf(part.slice(-2)),
  }))
  if (weekdays.some(({ weekday }) => weekday < 0)) return err({ type: "BadRule" })
  return ok({
    frequency,
    interval: Math.max(1, recur.interval),
    count: recur.count ?? undefined,
    until: untilOf(recur.until),
    weekStart: recur.wkst - 1,
    months: recur.parts.BYMONTH ?? [],
    weekNumbers: recur.parts.BYWEEKNO ?? [],
    yearDays: recur.parts.BYYEARDAY ?? [],
    monthDays: recur.parts.BYMONTHDAY ?? [],
    weekdays,
    hours: recur.parts.BYHOUR ?? [],
    minutes: recur.parts.BYMINUTE ?? [],
    seconds: recur.parts.BYSECOND ?? [],
    positions: recur.parts.BYSETPOS ?? [],
  })
}
