import ICAL from "ical.js"
import { isZone, msToWall, offsetMs } from "../zones.js"

const dayMs = 86_400_000
/** How many years of changes are written: readers that know the IANA name use their own table anyway. */
const yearsWritten = 15

/** The moment between two days at which the offset changes, to the second, by halving. */
const changeBetween = (zone: string, fromMs: number, toMs: number): number => {
  let [low, high] = [fromMs, toMs]
  const before = offsetMs(zone, low)
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (offsetMs(zone, middle) === before) low = middle
    else high = middle
  }
  return high
}

const utcOffset = (ms: number): ICAL.UtcOffset => ICAL.UtcOffset.fromSeconds(Math.round(ms / 1000))

const observance = (zone: string, atMs: number, fromMs: number, toMs: number): ICAL.Component => {
  const component = new ICAL.Component([toMs > fromMs ? "daylight" : "standard", [], []])
  // The onset is written in the wall time that ends there.
  const wall = msToWall(atMs - 1000, zone)
  const seconds = Date.parse(`${wall.date}T${wall.time}Z`) + 1000
  component.addPropertyWithValue(
    "dtstart",
    ICAL.Time.fromDateTimeString(new Date(seconds).toISOString().slice(0, 19)),
  )
  component.addPropertyWithValue("tzoffsetfrom", utcOffset(fromMs))
  component.addPropertyWithValue("tzoffsetto", utcOffset(toMs))
  return component
}

/** A VTIMEZONE (RFC 5545, section 3.6.5) from what Intl knows: one observance per change, from the year before `firstYear`. */
export const zoneComponent = (zone: string, firstYear: number): ICAL.Component | undefined => {
  if (!isZone(zone)) return undefined
  const component = new ICAL.Component(["vtimezone", [], []])
  component.addPropertyWithValue("tzid", zone)
  const startMs = Date.UTC(firstYear - 1, 0, 1)
  const endMs = Date.UTC(firstYear + yearsWritten, 0, 1)
  const first = offsetMs(zone, startMs)
  component.addSubcomponent(observance(zone, startMs, first, first))
  for (let at = startMs; at < endMs; at += 7 * dayMs) {
    const [from, to] = [offsetMs(zone, at), offsetMs(zone, at + 7 * dayMs)]
    if (from !== to)
      component.addSubcomponent(observance(zone, changeBetween(zone, at, at + 7 * dayMs), from, to))
  }
  return component
}
