import type { Locale } from "./locale.js"

/** How dates, numbers and money are written in one language. All times are milliseconds since 1970, shown here and now. */
export interface Formats {
  number(value: number): string
  /** 0.25 -> "25%" */
  percent(fraction: number): string
  bytes(sizeBytes: number): string
  /** Minor units of an ISO 4217 currency: 1250, "EUR" -> "€12.50". */
  money(amountMinor: number, currency: string, options?: { readonly sign?: "always" | "auto" }): string
  /** Digits behind the decimal point of a currency: 2 for EUR, 0 for JPY. */
  currencyDigits(currency: string): number
  /** "21 Nov 2026" */
  date(timeMs: number): string
  /** A day without a zone, `2026-11-21`; `long` has the weekday: "Saturday, 21 November". */
  day(isoDay: string, style?: "short" | "long"): string
  /** `2026-11` -> "November 2026" */
  month(isoMonth: string): string
  /** `2026-11` -> "Nov 26": for the foot of a chart. */
  monthShort(isoMonth: string): string
  time(timeMs: number): string
  dateTime(timeMs: number): string
  /** "3 minutes ago", "in 2 days"; seconds are "now". */
  ago(timeMs: number, nowMs: number): string
  list(parts: readonly string[]): string
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * dayMs],
  ["month", 30 * dayMs],
  ["day", dayMs],
  ["hour", hourMs],
  ["minute", minuteMs],
]

/** Formatters are dear to make and cheap to use: one of each kind. */
const remember = <Key, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<Key, Value>()
  return key => {
    const found = known.get(key) ?? make(key)
    known.set(key, found)
    return found
  }
}

/** A zoneless day as the instant that UTC formatters write as that day. */
const instantOf = (isoDay: string): Date => new Date(`${isoDay}T00:00:00Z`)

export const createFormats = (locale: Locale): Formats => {
  const numbers = new Intl.NumberFormat(locale)
  const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 })
  const currencyFormat = remember((key: string) => {
    const [currency = "", sign] = key.split(" ")
    return new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      signDisplay: sign === "always" ? "exceptZero" : "auto",
    })
  })
  const dates = remember(
    (options: "date" | "time" | "dateTime" | "short" | "long" | "month" | "monthShort") =>
      new Intl.DateTimeFormat(
        locale,
        {
          date: { dateStyle: "medium" } as const,
          time: { timeStyle: "short" } as const,
          dateTime: { dateStyle: "medium", timeStyle: "short" } as const,
          short: { day: "numeric", month: "short", timeZone: "UTC" } as const,
          long: { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" } as const,
          monthShort: { month: "short", year: "2-digit", timeZone: "UTC" } as const,
          month: { month: "long", year: "numeric", timeZone: "UTC" } as const,
        }[options],
      ),
  )
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })
  const lists = new Intl.ListFormat(locale)
  const digits = remember(
    (currency: string) => currencyFormat(`${currency} auto`).resolvedOptions().maximumFractionDigits ?? 2,
  )
  const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const
  const byteFormat = remember(
    (step: number) =>
      new Intl.NumberFormat(locale, {
        style: "unit",
        unit: byteUnits[step] ?? "byte",
        // The short form has no plural: "762 byte".
        unitDisplay: step === 0 ? "long" : "short",
        maximumFractionDigits: step === 0 ? 0 : 1,
      }),
  )

  return {
    number: value => numbers.format(value),
    percent: fraction => percents.format(fraction),
    bytes: sizeBytes => {
      const step = sizeBytes < 1 ? 0 : Math.min(Math.floor(Math.log10(sizeBytes) / 3), byteUnits.length - 1)
      return byteFormat(step).format(sizeBytes / 1000 ** step)
    },
    money: (amountMinor, currency, { sign = "auto" } = {}) =>
      currencyFormat(`${currency} ${sign}`).format(amountMinor / 10 ** digits(currency)),
    currencyDigits: digits,
    date: timeMs => dates("date").format(timeMs),
    day: (isoDay, style = "short") => dates(style).format(instantOf(isoDay)),
    month: isoMonth => dates("month").format(instantOf(`${isoMonth}-01`)),
    monthShort: isoMonth => dates("monthShort").format(instantOf(`${isoMonth}-01`)),
    time: timeMs => dates("time").format(timeMs),
    dateTime: timeMs => dates("dateTime").format(timeMs),
    ago: (timeMs, nowMs) => {
      const distanceMs = timeMs - nowMs
      const [unit, lengthMs] = units.find(([, lengthMs]) => Math.abs(distanceMs) >= lengthMs) ?? ["second", 1]
      return relative.format(unit === "second" ? 0 : Math.round(distanceMs / lengthMs), unit)
    },
    list: parts => lists.format(parts),
  }
}
