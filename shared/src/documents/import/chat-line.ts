import { dateOf, timeOf } from "./calendar-date.js"

export type DateOrder = "day-month-year" | "month-day-year" | "year-month-day"

/** The head of a message as it stands; which number is the day only the whole file tells. */
export interface ChatHead {
  readonly numbers: readonly [number, number, number]
  /** The first number has four digits. */
  readonly yearFirst: boolean
  /** HH:MM:SS */
  readonly time: string
  /** Behind the head: "Name: text", or a system message. */
  readonly rest: string
}

// Direction marks stand before heads, names and texts; a narrow or fixed space may stand wherever a space does.
const marks = "[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]*"
const space = "[ \\u00a0\\u202f]"
const date = "(\\d{1,4})([./-]) ?(\\d{1,2})\\2 ?(\\d{1,4})\\.?"
const half = "(上午|下午|凌晨|早上|清晨|中午|晚上)"
const meridiem = `(?:${space}?([ap])\\.?${space}?m\\.?)`
const time = `${half}?${space}?(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?${meridiem}?`
const moment = `${date},?${space}?${marks}${time}`
const android = new RegExp(`^${marks}${moment}${space}-${space}${marks}(.*)$`, "isu")
const ios = new RegExp(`^${marks}\\[${moment}\\]${space}?${marks}(.*)$`, "isu")

/** 12 a.m. is midnight, 12 p.m. noon; "00:08 a. m." and "15:00 PM" occur and mean what their hour says. */
const hourOf = (hour: number, letter: string | undefined, chinese: string | undefined): number => {
  const afternoon =
    letter?.toLowerCase() === "p" ||
    chinese === "下午" ||
    chinese === "晚上" ||
    (chinese === "中午" && hour < 6)
  const morning =
    letter?.toLowerCase() === "a" ||
    chinese === "上午" ||
    chinese === "凌晨" ||
    chinese === "早上" ||
    chinese === "清晨"
  if (afternoon && hour < 12) return hour + 12
  return morning && hour === 12 ? 0 : hour
}

/** "20/01/19, 11:23 - ..." (Android) or "[20.01.19, 11:23:45] ..." (iOS); `undefined`: the line goes on with the message above. */
export const parseChatHead = (line: string): ChatHead | undefined => {
  if (!/^[^0-9]{0,6}\d/.test(line)) return undefined
  const match = android.exec(line) ?? ios.exec(line)
  if (match === null) return undefined
  const [
    ,
    first = "",
    ,
    second = "",
    third = "",
    chinese,
    hour = "",
    minute = "",
    seconds,
    letter,
    rest = "",
  ] = match
  const time = timeOf(hourOf(Number(hour), letter, chinese), Number(minute), Number(seconds ?? "0"))
  if (time === undefined) return undefined
  return {
    numbers: [Number(first), Number(second), Number(third)],
    yearFirst: first.length === 4,
    time,
    rest,
  }
}

const fullYear = (year: number): number => (year < 100 ? 2000 + year : year)

export const headDate = (
  { numbers: [a, b, c], yearFirst }: ChatHead,
  order: DateOrder,
): string | undefined => {
  if (yearFirst !== (order === "year-month-day")) return undefined
  if (order === "year-month-day") return dateOf(a, b, c)
  return order === "day-month-year" ? dateOf(fullYear(c), b, a) : dateOf(fullYear(c), a, b)
}

export interface OrderChoice {
  readonly order: DateOrder
  /** Why it is a guess; absent when only one order gives real dates. */
  readonly doubt?: string
}

/**
 * The order that gives the most real dates; if two give as many, the one in which the messages go back in time
 * less often, for exports are in order; if that is equal too, day first, as in most of the world.
 */
export const chooseOrder = (heads: readonly ChatHead[]): OrderChoice => {
  const score = (order: DateOrder): { order: DateOrder; dates: number; backwards: number } => {
    let [dates, backwards, before] = [0, 0, ""]
    for (const head of heads) {
      const date = headDate(head, order)
      if (date === undefined) continue
      dates++
      const moment = date + head.time
      if (moment < before) backwards++
      before = moment
    }
    return { order, dates, backwards }
  }
  const [best, next] = (["day-month-year", "month-day-year", "year-month-day"] as const)
    .map(score)
    .sort((a, b) => b.dates - a.dates || a.backwards - b.backwards)
  if (best === undefined || next === undefined || best.dates !== next.dates)
    return { order: best?.order ?? "day-month-year" }
  const why =
    best.backwards === next.backwards ? "nothing in the file tells" : "that keeps the messages in order"
  return {
    order: best.order,
    doubt: `the dates fit ${best.order} and ${next.order}: read as ${best.order}, ${why}`,
  }
}
