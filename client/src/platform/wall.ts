/** A day on this device's wall, YYYY-MM-DD. */
export const dayOf = (at: Date): string => {
  const two = (value: number): string => String(value).padStart(2, "0")
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The last millisecond of a day, YYYY-MM-DD, on this device's wall. */
export const endOfDayMs = (isoDay: string): number => {
  const [year = 0, month = 1, day = 1] = isoDay.split("-").map(Number)
  return new Date(year, month - 1, day + 1).getTime() - 1
}
