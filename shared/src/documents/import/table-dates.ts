import { dateOf } from "./calendar-date.js"

export const tableDateOrders = ["ymd", "dmy", "mdy"] as const
export type TableDateOrder = (typeof tableDateOrders)[number]

const monthByName: ReadonlyMap<string, number> = new Map(
  [
    "jan january januar janvier enero",
    "feb february februar fév février febrero",
    "mar march mär märz mars marzo mrz",
    "apr april avr avril abril",
    "may mai mayo",
    "jun june juni juin junio",
    "jul july juli juil juillet julio",
    "aug august août agosto",
    "sep sept september septembre septiembre",
    "oct october okt oktober octobre octubre",
    "nov november novembre noviembre",
    "dec december dez dezember déc décembre diciembre",
  ].flatMap((names, index) => names.split(" ").map(name => [name, index + 1] as const)),
)

/** Two digits are of this century until 69, as POSIX has it. */
const fullYear = (text: string): number => {
  const year = Number(text)
  return text.length > 2 ? year : year < 69 ? 2000 + year : 1900 + year
}

const timeIn = (text: string): string | undefined => {
  const [, hour, minute, second] = /(?:^|[T\s])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?/.exec(text) ?? []
  return hour === undefined ? undefined : `${hour.padStart(2, "0")}:${minute}:${second ?? "00"}`
}

/**
 * A day as banks write it: 2026-03-01, 2026/3/1, 20260301, 2026年3月1日, 1.3.2026, 03/01/26, 1 Mar 2026, Mar 1, 2026;
 * what follows may be a time. `order` decides only what three numbers leave open.
 */
export const parseTableDate = (
  text: string,
  order: TableDateOrder,
): { readonly date: string; readonly time?: string } | undefined => {
  const date = parseDay(text.trim(), order)
  if (date === undefined) return undefined
  const time = timeIn(text)
  return time === undefined ? { date } : { date, time }
}

const parseDay = (text: string, order: TableDateOrder): string | undefined => {
  const compact = /^(\d{4})(\d{2})(\d{2})(?!\d)/.exec(text)
  if (compact !== null) return dateOf(Number(compact[1]), Number(compact[2]), Number(compact[3]))
  const first = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)/.exec(text)
  if (first !== null) return dateOf(Number(first[1]), Number(first[2]), Number(first[3]))
  const named =
    /^(\d{1,2})\.?[-\s/]*(\p{L}+)\.?[-\s/]*(\d{4}|\d{2})(?!\d)/u.exec(text) ??
    /^(\p{L}+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})/u.exec(text)
  if (named !== null) {
    const [, one = "", two = "", year = ""] = named
    const month = monthByName.get((/^\d/.test(one) ? two : one).toLowerCase())
    return month === undefined
      ? undefined
      : dateOf(fullYear(year), month, Number(/^\d/.test(one) ? one : two))
  }
  const three = /^(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4}|\d{2})(?!\d)/.exec(text)
  if (three === null) return undefined
  const [, one = "", two = "", last = ""] = three
  if (order === "ymd")
    return last.length === 2 ? dateOf(fullYear(one.padStart(2, "0")), Number(two), Number(last)) : undefined
  const [day, month] = order === "dmy" ? [one, two] : [two, one]
  return dateOf(fullYear(last), Number(month), Number(day))
}

const backward = (dates: readonly string[]): number =>
  dates.filter((date, index) => index > 0 && date < (dates[index - 1] ?? date)).length

/**
 * The order that gives the most real days; of several the one whose days go only one way, forward or back; of several
 * again day first. `sure`: no other order reads as many.
 */
export const guessDateOrder = (
  cells: readonly string[],
): { readonly order: TableDateOrder; readonly sure: boolean } => {
  // With points between the numbers the day comes first everywhere.
  const given = cells.filter(cell => cell !== "")
  if (given.length > 0 && given.every(cell => /^\d{1,2}\.\d{1,2}\.\d{2,4}/.test(cell)))
    return { order: "dmy", sure: true }
  const tried = (["dmy", "mdy", "ymd"] as const).map(order => {
    const dates = cells.flatMap(cell => parseTableDate(cell, order)?.date ?? [])
    const turns = Math.min(backward(dates), backward(dates.toReversed()))
    return { order, count: dates.length, turns, read: dates.join() }
  })
  const best = tried.reduce((a, b) =>
    b.count > a.count || (b.count === a.count && b.turns < a.turns) ? b : a,
  )
  return {
    order: best.order,
    sure: tried.every(({ count, read }) => count < best.count || read === best.read),
  }
}
