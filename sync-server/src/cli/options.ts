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

export const parseZone = (text: string): string => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new InvalidArgumentError("an IANA time zone, such as Europe/Berlin")
  }
}
