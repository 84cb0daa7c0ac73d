import { InvalidArgumentError } from "commander"
import type { Result } from "@home/shared/base"
import type { Failure } from "./failure.js"

/** A parser of ours as commander wants it: what it refuses is a usage error that names the option. */
export const argumentOf =
  <T>(parse: (text: string) => Result<T, Failure>) =>
  (text: string): T => {
    const parsed = parse(text)
    if (parsed.ok) return parsed.value
    throw new InvalidArgumentError(parsed.error.message)
  }

/** Seconds, as people write them; gives milliseconds. */
export const parseSeconds = (text: string): number => {
  const seconds = Number(text)
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
    throw new InvalidArgumentError("a number of seconds, above 0")
  }
  return Math.ceil(seconds * 1000)
}

/** A day, as the end of something: gives its last millisecond on this machine's wall. */
export const parseLastDay = (text: string): number => {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number)
  const next = new Date(year ?? NaN, (month ?? 0) - 1, (day ?? 0) + 1)
  const last = new Date(next.getTime() - 1)
  if (last.getMonth() + 1 !== month || last.getDate() !== day)
    throw new InvalidArgumentError("a day, such as 2026-12-24")
  return last.getTime()
}

export const parseZone = (text: string): string => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new InvalidArgumentError("an IANA time zone, such as Europe/Berlin")
  }
}

export const parseCount = (text: string): number => {
  const count = Number(text)
  if (!/^\d{1,9}$/.test(text) || count < 1) throw new InvalidArgumentError("a whole number, above 0")
  return count
}

/** For options that may be said more than once. */
export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text]
