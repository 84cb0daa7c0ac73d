import type { WallTime } from "./drafts.js"

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/
const timePattern = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/
const wallPattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\[([A-Za-z0-9_+\-/]{1,64})\])?)?$/

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

/** A day that the calendar has, YYYY-MM-DD, from year 1000. */
export const isDate = (text: string): boolean => {
  const match = datePattern.exec(text)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

/** HH:MM:SS, without leap seconds. */
export const isTime = (text: string): boolean => timePattern.test(text)

/**
 * One register holds date, time and zone together, so that concurrent edits never mix two times into a third:
 * `2026-03-01` (all day), `2026-03-01T10:00:00` (floating), `2026-03-01T10:00:00[Europe/Berlin]` (RFC 9557
 * without the offset: the wall time is the truth, the offset follows from the zone).
 */
export const formatWall = (wall: WallTime): string =>
  wall.time === undefined
    ? wall.date
    : `${wall.date}T${wall.time}${wall.zone === undefined ? "" : `[${wall.zone}]`}`

export const parseWall = (text: string): WallTime | undefined => {
  const match = wallPattern.exec(text)
  const [, date, time, zone] = match ?? []
  if (date === undefined || !isDate(date)) return undefined
  if (time === undefined) return { date }
  if (!isTime(time)) return undefined
  return zone === undefined ? { date, time } : { date, time, zone }
}

const dayMs = 86_400_000

/** The day `days` after `date`. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** The day `months` later; the 31st becomes the month's last day where it has none. */
export const addMonths = (date: string, months: number): string => {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months
  const [year, month] = [Math.floor(count / 12), (count % 12) + 1]
  const day = Math.min(Number(date.slice(8, 10)), daysIn(year, month))
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
}
