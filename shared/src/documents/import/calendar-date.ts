const two = (value: number): string => String(value).padStart(2, "0")

const daysInMonth = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

/** YYYY-MM-DD from year 1000, or `undefined` for a day that no calendar has. */
export const dateOf = (year: number, month: number, day: number): string | undefined =>
  year >= 1000 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    ? `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`
    : undefined

/** HH:MM:SS, or `undefined`. A leap second is told as the second before it. */
export const timeOf = (hour: number, minute: number, second: number): string | undefined =>
  hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60
    ? `${two(hour)}:${two(minute)}:${two(Math.min(second, 59))}`
    : undefined

/** Milliseconds since 1970 of a date and time in UTC. */
export const utcMs = (date: string, time: string): number => {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number)
  const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
