import ICAL from "ical.js"
import type { WallTime } from "../drafts.js"
import { compareText } from "../ledger.js"
import { type PlanItem, type PlanOverride, type Plans, isDone, onceKey } from "../plans.js"
import { occurrenceAt } from "../recurrence.js"
import { parseWall } from "../wall.js"
import { zoneComponent } from "./vtimezone.js"

const statusNames = {
  confirmed: "CONFIRMED",
  tentative: "TENTATIVE",
  open: "NEEDS-ACTION",
  started: "IN-PROCESS",
  cancelled: "CANCELLED",
} as const

/** DATE, DATE-TIME floating, with TZID, or in UTC: RFC 5545, sections 3.3.4 and 3.3.5. */
const addWall = (component: ICAL.Component, name: string, wall: WallTime | undefined): void => {
  if (wall === undefined) return
  const property = new ICAL.Property(name, component)
  if (wall.time === undefined) {
    property.resetType("date")
    property.setValue(ICAL.Time.fromDateString(wall.date))
  } else {
    const utc = wall.zone === "UTC"
    property.setValue(ICAL.Time.fromDateTimeString(`${wall.date}T${wall.time}${utc ? "Z" : ""}`))
    if (wall.zone !== undefined && !utc) property.setParameter("tzid", wall.zone)
  }
  component.addProperty(property)
}

const utcOf = (ms: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(ms), true)

const add = (component: ICAL.Component, name: string, value: string): void => {
  if (value !== "") component.addPropertyWithValue(name, value)
}

/** The iCalendar UID; the instance that an importer put behind it is no part of it. */
const uidOf = (item: PlanItem): string =>
  item.importedFrom?.format === "icalendar" ? item.importedFrom.sourceId : `${item.id}@home.invalid`

const addAlarm = (component: ICAL.Component, minutes: number, title: string): void => {
  const alarm = new ICAL.Component(["valarm", [], []])
  add(alarm, "action", "DISPLAY")
  add(alarm, "description", title === "" ? "-" : title)
  alarm.addPropertyWithValue("trigger", ICAL.Duration.fromSeconds(-60 * minutes))
  component.addSubcomponent(alarm)
}

/** Raw properties that came from a calendar go back as they stood; what no parser takes is left out. */
const addExtra = (component: ICAL.Component, extra: Readonly<Record<string, string>>): void => {
  for (const [key, value] of Object.entries(extra).sort(([a], [b]) => compareText(a, b))) {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(key) || component.hasProperty(key.toLowerCase())) continue
    const property = new ICAL.Property(key.toLowerCase())
    property.resetType("text")
    property.setValue(value)
    component.addProperty(property)
  }
}

const baseOf = (item: PlanItem, atMs: number): ICAL.Component => {
  const component = new ICAL.Component([item.kind === "event" ? "vevent" : "vtodo", [], []])
  add(component, "uid", uidOf(item))
  component.addPropertyWithValue("dtstamp", utcOf(item.editedAtMs ?? item.createdAtMs ?? atMs))
  return component
}

const describe = (
  component: ICAL.Component,
  fields: { readonly title: string; readonly body: string; readonly location: string },
): void => {
  add(component, "summary", fields.title)
  add(component, "description", fields.body)
  add(component, "location", fields.location)
}

const overrideComponent = (
  item: PlanItem,
  key: string,
  override: PlanOverride,
  atMs: number,
): ICAL.Component | undefined => {
  const instance = parseWall(key)
  if (instance === undefined) return undefined
  const component = baseOf(item, atMs)
  addWall(component, "recurrence-id", instance)
  // The length of the series is that of the instance, and floating times stay floating: any zone will do.
  const { start, end } = occurrenceAt(item, instance, "UTC")
  if (item.start !== undefined) addWall(component, "dtstart", start)
  if (item.kind === "event" && (item.end !== undefined || override.end !== undefined))
    addWall(component, "dtend", end)
  if (item.kind === "task")
    addWall(component, "due", override.due ?? (item.start === undefined ? instance : undefined))
  describe(component, {
    title: override.title ?? item.title,
    body: override.body ?? item.body,
    location: override.location ?? item.location,
  })
  add(component, "status", statusNames[override.status ?? item.status])
  return component
}

const itemComponents = (item: PlanItem, atMs: number): readonly ICAL.Component[] => {
  const component = baseOf(item, atMs)
  addWall(component, "dtstart", item.start)
  if (item.kind === "event") addWall(component, "dtend", item.end)
  else addWall(component, "due", item.due)
  describe(component, item)
  if (item.rrule !== undefined) component.addPropertyWithValue("rrule", ICAL.Recur.fromString(item.rrule))
  for (const rdate of item.rdates) addWall(component, "rdate", rdate)
  for (const exdate of item.exdates) addWall(component, "exdate", exdate)
  const once = item.completions.get(onceKey)
  if (once !== undefined) component.addPropertyWithValue("completed", utcOf(once.atMs))
  add(component, "status", isDone(item) ? "COMPLETED" : statusNames[item.status])
  if (item.priority !== undefined) component.addPropertyWithValue("priority", item.priority)
  if (item.tags.length > 0) {
    const categories = new ICAL.Property("categories")
    categories.setValues([...item.tags])
    component.addProperty(categories)
  }
  add(component, "url", item.url)
  for (const minutes of item.reminders) addAlarm(component, minutes, item.title)
  addExtra(component, item.extra)
  const overrides = [...item.overrides].sort(([a], [b]) => compareText(a, b))
  return [
    component,
    ...overrides
      .map(([key, override]) => overrideComponent(item, key, override, atMs))
      .filter(one => one !== undefined),
  ]
}

const zonesOf = (item: PlanItem): readonly WallTime[] =>
  [
    item.start,
    item.end,
    item.due,
    ...item.rdates,
    ...item.exdates,
    ...[...item.overrides].flatMap(([key, { start, end, due }]) => [parseWall(key), start, end, due]),
  ].filter(wall => wall !== undefined)

/**
 * A list as an iCalendar file. "n after completion" has no RRULE: it stays in `X-HOME-REPEAT-AFTER`. Every zone used
 * gets a VTIMEZONE from its first year on. `atMs` stands in for a missing edit time.
 */
export const icsOfPlans = (plans: Plans, atMs: number): string => {
  const calendar = new ICAL.Component(["vcalendar", [], []])
  add(calendar, "version", "2.0")
  add(calendar, "prodid", "-//HOME//HOME//EN")
  const items = [...plans.items.values()]
    .filter(item => item.deletedAtMs === undefined)
    .sort((a, b) => compareText(a.id, b.id))
  const years = new Map<string, number>()
  for (const wall of items.flatMap(zonesOf))
    if (wall.time !== undefined && wall.zone !== undefined && wall.zone !== "UTC")
      years.set(wall.zone, Math.min(years.get(wall.zone) ?? 9999, Number(wall.date.slice(0, 4))))
  for (const [zone, firstYear] of [...years].sort(([a], [b]) => compareText(a, b))) {
    const component = zoneComponent(zone, firstYear)
    if (component !== undefined) calendar.addSubcomponent(component)
  }
  for (const item of items)
    for (const component of itemComponents(item, atMs)) {
      if (item.repeatAfter !== undefined)
        add(component, "x-home-repeat-after", `${item.repeatAfter.count}${item.repeatAfter.unit}`)
      calendar.addSubcomponent(component)
    }
  return `${calendar.toString()}\r\n`
}
