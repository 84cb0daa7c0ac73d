import type { WallTime } from "./drafts.js"

const formats = new Map<string, Intl.DateTimeFormat>()

/** Formatters are slow to make: one per zone is kept. Throws for an unknown zone. */
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  })
  formats.set(zone, format)
  return format
}

/** An IANA name that this engine knows. */
export const isZone = (zone: string): boolean => {
  if (zone.length > 64) return false
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** What a wall in the zone shows at that moment, as if it were UTC. */
const shownMs = (zone: string, ms: number): number => {
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(ms)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** Milliseconds that the zone is ahead of UTC at that moment. */
export const offsetMs = (zone: string, ms: number): number => shownMs(zone, ms) - Math.floor(ms / 1000) * 1000

const dayMs = 86_400_000

/**
 * The moment of a wall time; `floatingZone` is where floating times and days are read. An hour that occurs twice
 * is the first one; one that does not occur is read with the offset before the gap (RFC 5545, section 3.3.5).
 * An unknown zone is read as floating: a wrong hour shown beats an appointment not shown.
 */
export const wallToMs = (wall: WallTime, floatingZone: string): number => {
  const zone =
    wall.zone !== undefined && wall.time !== undefined && isZone(wall.zone) ? wall.zone : floatingZone
  const shown = Date.parse(`${wall.date}T${wall.time ?? "00:00:00"}Z`)
  const before = offsetMs(zone, shown - dayMs)
  const after = offsetMs(zone, shown + dayMs)
  if (offsetMs(zone, shown - before) === before) return shown - before
  if (offsetMs(zone, shown - after) === after) return shown - after
  return shown - before
}

/** The wall time in `zone` at a moment. */
export const msToWall = (ms: number, zone: string): Required<WallTime> => {
  const text = new Date(shownMs(zone, ms)).toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 19), zone }
}
