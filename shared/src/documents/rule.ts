import { type Result, err, ok } from "../base/index.js"
import { documentLimits } from "./document-limits.js"
import type { WallTime } from "./drafts.js"
import { isDate, isTime } from "./wall.js"

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

/** More often than daily: known, and not expanded. */
const otherFrequencies = ["SECONDLY", "MINUTELY", "HOURLY"]

/** Lowest and highest value of each list of numbers. */
const ranges = {
  BYMONTH: [0, 12],
  BYWEEKNO: [-53, 53],
  BYYEARDAY: [-366, 366],
  BYMONTHDAY: [-31, 31],
  BYHOUR: [0, 23],
  BYMINUTE: [0, 59],
  BYSECOND: [0, 60],
  BYSETPOS: [-366, 366],
} as const

/** `UNTIL`: a date, or a time on the wall or (`Z`) in UTC. */
const untilOf = (text: string): WallTime | undefined => {
  const [, year, month, day, hour, minute, second, utc] =
    /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(Z?))?$/.exec(text) ?? []
  const date = `${year}-${month}-${day}`
  if (!isDate(date)) return undefined
  if (hour === undefined) return { date }
  const time = `${hour}:${minute}:${second}`
  if (!isTime(time)) return undefined
  return utc === "Z" ? { date, time, zone: "UTC" } : { date, time }
}

const weekdayOf = (text: string): Rule["weekdays"][number] | undefined => {
  const [, ordinal, name = ""] = /^([+-]?(?:5[0-3]|[1-4]\d|[1-9]))?(SU|MO|TU|WE|TH|FR|SA)$/.exec(text) ?? []
  return name === "" ? undefined : { ordinal: Number(ordinal ?? 0), weekday: weekdayNames.indexOf(name) }
}

/** Every item by `read`; undefined when one of them is none. */
const listOf = <T>(
  text: string | undefined,
  read: (item: string) => T | undefined,
): readonly T[] | undefined => {
  const items = text === undefined ? [] : text.split(",").map(read)
  return items.every(item => item !== undefined) ? items : undefined
}

const wholeOf = (text: string): number | undefined => (/^[+-]?\d{1,9}$/.test(text) ? Number(text) : undefined)

/**
 * Parses an RRULE's value (RFC 5545, section 3.3.10); a leading "RRULE:" is allowed, parts of other standards are passed
 * over. ical.js reads the same rules (a test compares the two), and weighs more than the ledger that repeats by them; its
 * iterator is not used either: 2.2.1 never returns for rules without a match (`FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`),
 * takes minutes for large intervals and puts the 30th of February on the 2nd of March.
 */
export const parseRule = (text: string): Result<Rule, RuleError> => {
  const bad = err({ type: "BadRule" } as const)
  if (text.length > documentLimits.title) return bad
  const parts = new Map<string, string>()
  for (const part of text
    .replace(/^RRULE:/i, "")
    .toUpperCase()
    .split(";")) {
    const at = part.indexOf("=")
    if (at > 0) parts.set(part.slice(0, at), part.slice(at + 1))
  }
  const name = parts.get("FREQ") ?? ""
  const frequency = frequencies.get(name)
  if (frequency === undefined && !otherFrequencies.includes(name)) return bad

  const numbers = (part: keyof typeof ranges): readonly number[] | undefined =>
    listOf(parts.get(part), item => {
      const value = wholeOf(item)
      const [least, most] = ranges[part]
      return value !== undefined && value >= least && value <= most ? value : undefined
    })
  const single = <T>(part: string, read: (value: string) => T | undefined): T | undefined | "bad" => {
    const value = parts.get(part)
    return value === undefined ? undefined : (read(value) ?? "bad")
  }
  const interval = single("INTERVAL", wholeOf)
  const count = single("COUNT", wholeOf)
  const until = single("UNTIL", untilOf)
  const weekStart = single("WKST", value => {
    const weekday = weekdayNames.indexOf(value)
    return weekday < 0 ? undefined : weekday
  })
  const weekdays = listOf(parts.get("BYDAY"), weekdayOf)
  const [months, weekNumbers, yearDays] = [numbers("BYMONTH"), numbers("BYWEEKNO"), numbers("BYYEARDAY")]
  const [monthDays, positions] = [numbers("BYMONTHDAY"), numbers("BYSETPOS")]
  const [hours, minutes, seconds] = [numbers("BYHOUR"), numbers("BYMINUTE"), numbers("BYSECOND")]
  if (interval === "bad" || count === "bad" || until === "bad" || weekStart === "bad") return bad
  if (weekdays === undefined || months === undefined || weekNumbers === undefined) return bad
  if (yearDays === undefined || monthDays === undefined || positions === undefined) return bad
  if (hours === undefined || minutes === undefined || seconds === undefined) return bad
  // Beyond this the arithmetic of dates ends, and nobody's calendar goes there.
  if (interval !== undefined && interval > 100_000) return bad
  if (frequency === undefined) return err({ type: "UnsupportedRule", frequency: name })
  return ok({
    frequency,
    interval: Math.max(1, interval ?? 1),
    count,
    until,
    weekStart: weekStart ?? 1,
    months,
    weekNumbers,
    yearDays,
    monthDays,
    weekdays,
    hours,
    minutes,
    seconds,
    positions,
  })
}
