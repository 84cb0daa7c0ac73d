import ICAL from "ical.js"
import type { WallTime } from "../drafts.js"
import { dateOf, timeOf } from "./calendar-date.js"
import type { ContentLine } from "./content-lines.js"

/** One property as ical.js reads it (jCal, RFC 7265, section 3.4), its values still unchecked. */
export interface Property {
  readonly line: number
  readonly name: string
  /** Lower-case names. */
  readonly parameters: ReadonlyMap<string, string>
  readonly values: readonly unknown[]
  /** What stood behind the name: parameters and value, for what has no field. */
  readonly raw: string
}

/** A content line -> property; the reason as a text when ical.js refuses it. */
export const parseProperty = ({ line, name, text }: ContentLine): Property | string => {
  let parsed: unknown
  try {
    // Values of rules are without regard to case (RFC 5545, section 2), ical.js wants them upper.
    parsed = ICAL.parse.property(name === "RRULE" ? text.toUpperCase() : text)
  } catch (error) {
    // ical.js throws its own errors and, on damaged values, whatever its string handling meets.
    return error instanceof Error && error.name !== "TypeError"
      ? error.message.slice(0, 120)
      : "not a readable property"
  }
  if (!Array.isArray(parsed) || name === "") return "not a readable property"
  const [, parameters, , ...values] = parsed as unknown[]
  const byName = new Map<string, string>()
  for (const [key, value] of Object.entries(parameters ?? {}))
    if (typeof value === "string") byName.set(key, value)
  const raw = text.slice(text.search(/[:;]/))
  return { line, name, parameters: byName, values, raw: raw.startsWith(":") ? raw.slice(1) : raw }
}

export const textOf = (property: Property | undefined): string => {
  const value = property?.values[0]
  return typeof value === "string" ? value : ""
}

/**
 * A jCal date or date-time -> wall time. ical.js gives whatever digits stood there ("1997-11-02T::" for a date that
 * was not marked as one), so every part is checked; `undefined` for a moment that no calendar has.
 */
export const wallTimeOf = (value: unknown, zone: string | undefined): WallTime | undefined => {
  const text: unknown = Array.isArray(value) ? (value as unknown[])[0] : value
  if (typeof text !== "string") return undefined
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T::|T(\d\d):(\d\d):(\d\d)(Z?))?$/.exec(text)
  if (match === null) return undefined
  const date = dateOf(Number(match[1]), Number(match[2]), Number(match[3]))
  if (date === undefined || match[4] === undefined) return date === undefined ? undefined : { date }
  const time = timeOf(Number(match[4]), Number(match[5]), Number(match[6]))
  if (time === undefined) return undefined
  const where = match[7] === "Z" ? "UTC" : zone
  return where === undefined ? { date, time } : { date, time, zone: where }
}

/** A duration (RFC 5545, section 3.3.6) -> whole minutes towards zero; negative means before. */
export const minutesOf = (value: unknown): number | undefined => {
  if (typeof value !== "string") return undefined
  const match =
    /^([+-]?)P(?=.*\d)(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/.exec(
      value,
    )
  if (match === null) return undefined
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map(part => Number(part ?? "0"))
  const total =
    (weeks ?? 0) * 10_080 +
    (days ?? 0) * 1_440 +
    (hours ?? 0) * 60 +
    (minutes ?? 0) +
    Math.floor((seconds ?? 0) / 60)
  return match[1] === "-" && total !== 0 ? -total : total
}

/**
 * The text of a recurrence rule when it can be followed: a frequency, interval and count of at least one, and
 * nothing that ical.js refuses. The text itself is kept, for it says more than one library's reading of it.
 */
export const ruleOf = ({ values, raw, parameters }: Property): string | undefined => {
  const rule: unknown = values[0]
  if (typeof rule !== "object" || rule === null || !("freq" in rule)) return undefined
  const text = (parameters.size === 0 ? raw : raw.slice(raw.lastIndexOf(":") + 1)).trim().toUpperCase()
  const named = (name: string): string | undefined => new RegExp(`(?:^|;)${name}=([^;]*)`).exec(text)?.[1]
  if (text.length > 500 || !/^[A-Z0-9=;,:+-]+$/.test(text)) return undefined
  for (const name of ["INTERVAL", "COUNT"]) if (!/^[1-9]\d{0,5}$/.test(named(name) ?? "1")) return undefined
  if (!/^\d{8}(T\d{6}Z?)?$/.test(named("UNTIL") ?? "20000101")) return undefined
  return text
}
