import { documentLimits } from "./document-limits.js"
import type { Rule } from "./rule.js"

const dayMs = 86_400_000

/** Days since 1970: the arithmetic of calendars without zones. */
const dayOf = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs)
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

const utcDay = (year: number, month: number, day: number): number => {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return Math.floor(date.getTime() / dayMs)
}

interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
}

const partsOf = (day: number): Parts => {
  const date = new Date(day * dayMs)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7
const weekStartOf = (day: number, weekStart: number): number => day - ((weekdayOf(day) - weekStart + 7) % 7)

/** The first day of week 1: the week with at least four days in the year. */
const firstWeekOf = (year: number, weekStart: number): number => weekStartOf(utcDay(year, 1, 4), weekStart)

const range = (first: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => first + index)

/** The place of a value counted from the front (1...) or the back (-1...) of `length` places. */
const isAt = (wanted: readonly number[], place: number, length: number): boolean =>
  wanted.includes(place) || wanted.includes(place - length - 1)

const matchesWeekday = (rule: Rule, day: number, first: number, length: number): boolean =>
  rule.weekdays.some(({ ordinal, weekday }) => {
    if (weekday !== weekdayOf(day)) return false
    if (ordinal === 0) return true
    const place = Math.floor((day - first) / 7) + 1
    const fromBack = -(Math.floor((first + length - 1 - day) / 7) + 1)
    return ordinal === place || ordinal === fromBack
  })

/** Every BY part that speaks of days, as one filter: RFC 5545's table of "expand" and "limit" comes to the same. */
const matches = (rule: Rule, day: number, start: Parts & { readonly weekday: number }): boolean => {
  const { year, month, day: monthDay } = partsOf(day)
  const { months, monthDays, yearDays, weekNumbers, weekdays, frequency } = rule
  if (months.length > 0 && !months.includes(month)) return false
  const monthLength = utcDay(year, month + 1, 1) - utcDay(year, month, 1)
  if (monthDays.length > 0 && !isAt(monthDays, monthDay, monthLength)) return false
  const yearLength = utcDay(year + 1, 1, 1) - utcDay(year, 1, 1)
  if (yearDays.length > 0 && !isAt(yearDays, day - utcDay(year, 1, 1) + 1, yearLength)) return false
  if (weekdays.length > 0) {
    const byMonth = frequency === "monthly" || (frequency === "yearly" && months.length > 0)
    const [first, length] = byMonth ? [utcDay(year, month, 1), monthLength] : [utcDay(year, 1, 1), yearLength]
    return matchesWeekday(rule, day, first, length)
  }
  if (monthDays.length > 0 || yearDays.length > 0) return true
  // No part names a day: it is the day of the start.
  if (frequency === "weekly" || weekNumbers.length > 0) return weekdayOf(day) === start.weekday
  if (frequency === "monthly") return monthDay === start.day
  if (frequency === "yearly") return monthDay === start.day && (months.length > 0 || month === start.month)
  return true
}

/** The days of period `index` (0 holds the start), before any BY part. */
const daysOfPeriod = (rule: Rule, startDay: number, index: number): readonly number[] => {
  const start = partsOf(startDay)
  const step = index * rule.interval
  if (rule.frequency === "daily") return [startDay + step]
  if (rule.frequency === "weekly") return range(weekStartOf(startDay, rule.weekStart) + 7 * step, 7)
  if (rule.frequency === "monthly") {
    const first = utcDay(start.year, start.month + step, 1)
    return range(first, utcDay(start.year, start.month + step + 1, 1) - first)
  }
  const year = start.year + step
  if (rule.weekNumbers.length === 0)
    return range(utcDay(year, 1, 1), utcDay(year + 1, 1, 1) - utcDay(year, 1, 1))
  const first = firstWeekOf(year, rule.weekStart)
  const weeks = (firstWeekOf(year + 1, rule.weekStart) - first) / 7
  return range(first, 7 * weeks).filter(day =>
    isAt(rule.weekNumbers, Math.floor((day - first) / 7) + 1, weeks),
  )
}

/** Which period the day lies in, at most one too low: where to begin when nothing before it matters. */
const periodOf = (rule: Rule, startDay: number, day: number): number => {
  const [start, wanted] = [partsOf(startDay), partsOf(day)]
  const distance = {
    daily: day - startDay,
    weekly: Math.floor((day - startDay) / 7),
    monthly: (wanted.year - start.year) * 12 + wanted.month - start.month,
    yearly: wanted.year - start.year,
  }[rule.frequency]
  return Math.max(0, Math.floor(distance / rule.interval) - 1)
}

const pad = (value: number): string => String(value).padStart(2, "0")

const timesOf = (rule: Rule, time: string | undefined): readonly (string | undefined)[] => {
  if (time === undefined) return [undefined]
  const part = (given: readonly number[], from: number) =>
    given.length > 0 ? [...new Set(given)].sort((a, b) => a - b).map(pad) : [time.slice(from, from + 2)]
  return part(rule.hours, 0).flatMap(hour =>
    part(rule.minutes, 3).flatMap(minute =>
      part(rule.seconds, 6).map(second => `${hour}:${minute}:${second}`),
    ),
  )
}

export interface LocalTime {
  readonly date: string
  readonly time?: string
}

/**
 * The instances of a rule in order, from `fromDate` (from the start when the rule counts) up to and including
 * `toDate`; UNTIL is the caller's, who knows the zone. A rule that matches nothing ends with its window. Gives
 * `"Truncated"` at the end when `documentLimits.recurrenceSteps` periods were not enough.
 */
export function* ruleTimes(
  rule: Rule,
  start: LocalTime,
  fromDate: string,
  toDate: string,
): Generator<LocalTime | "Truncated", void> {
  const startDay = dayOf(start.date)
  const lastDay = dayOf(toDate)
  const startParts = { ...partsOf(startDay), weekday: weekdayOf(startDay) }
  const times = timesOf(rule, start.time)
  const first = rule.count === undefined ? periodOf(rule, startDay, dayOf(fromDate)) : 0
  let left = rule.count ?? Number.POSITIVE_INFINITY
  for (let step = 0; step < documentLimits.recurrenceSteps; step++) {
    const days = daysOfPeriod(rule, startDay, first + step)
    // A period of more than a year of days does not exist, so a huge interval leaves the window at once.
    if ((days[0] ?? firstDayOf(rule, startDay, first + step)) > lastDay || left <= 0) return
    const all = days
      .filter(day => matches(rule, day, startParts))
      .flatMap(day =>
        times.map(time => (time === undefined ? { date: dateOf(day) } : { date: dateOf(day), time })),
      )
    for (const instance of rule.positions.length === 0 ? all : atPositions(all, rule.positions)) {
      if (compareLocal(instance, start) < 0) continue
      if (left-- <= 0 || dayOf(instance.date) > lastDay) return
      yield instance
    }
  }
  yield "Truncated"
}

/** Where a period begins that has no day left (BYWEEKNO=53 in a year of 52). */
const firstDayOf = (rule: Rule, startDay: number, index: number): number =>
  utcDay(partsOf(startDay).year + index * rule.interval, 1, 1)

const atPositions = <T>(all: readonly T[], positions: readonly number[]): readonly T[] =>
  all.filter((_, index) => isAt(positions, index + 1, all.length))

const compareLocal = (a: LocalTime, b: LocalTime): number => {
  const [one, other] = [`${a.date}T${a.time ?? ""}`, `${b.date}T${b.time ?? ""}`]
  return one < other ? -1 : one > other ? 1 : 0
}
