import type { PlanDraft, WallTime } from "../drafts.js"
import { utcMs } from "./calendar-date.js"
import type { RawComponent } from "./content-lines.js"
import { minutesOf, parseProperty, ruleOf, textOf, wallTimeOf, type Property } from "./jcal.js"
import { importLimits } from "./limits.js"
import type { Report } from "./report.js"

/** A TZID of this file -> IANA name; warns once about each that it does not know. */
export type ZoneOf = (tzid: string) => string | undefined

/** A draft that does not know yet whether it stands alone: ids and instances are settled over the whole file. */
export interface ReadPlan {
  readonly uid: string
  readonly recurrenceId?: WallTime
  readonly draft: Omit<PlanDraft, "sourceId" | "overrides">
}

/** Have fields of their own, or say nothing that outlives the file (DTSTAMP). */
const ownNames = new Set([
  "UID",
  "DTSTAMP",
  "SUMMARY",
  "DESCRIPTION",
  "DTSTART",
  "DTEND",
  "DUE",
  "DURATION",
  "RRULE",
  "RDATE",
  "EXDATE",
  "RECURRENCE-ID",
  "LOCATION",
  "URL",
  "STATUS",
  "PRIORITY",
  "COMPLETED",
  "CATEGORIES",
])
const repeatable = new Set(["RRULE", "RDATE", "EXDATE", "CATEGORIES"])

/** One VEVENT or VTODO -> draft. What cannot be read is skipped by its line; the rest of the event stays. */
export const readPlan = (component: RawComponent, zoneOf: ZoneOf, report: Report): ReadPlan => {
  const kind = component.name === "VTODO" ? "task" : "event"
  const propertiesByName = new Map<string, Property[]>()
  for (const content of component.properties) {
    const property = parseProperty(content)
    if (typeof property === "string") {
      report.skip(content.line, property)
      continue
    }
    const named = propertiesByName.get(property.name)
    if (named === undefined) propertiesByName.set(property.name, [property])
    else if (named.length < importLimits.datesPerPlan) named.push(property)
    else
      report.skip(
        content.line,
        `${property.name.slice(0, 40)}: the limit is ${importLimits.datesPerPlan} a plan`,
      )
  }
  const all = (name: string): readonly Property[] => propertiesByName.get(name) ?? []
  const text = (name: string): string => textOf(all(name)[0])

  const timesOf = (property: Property): WallTime[] => {
    const tzid = property.parameters.get("tzid")
    const zone = tzid === undefined ? undefined : zoneOf(tzid)
    return property.values.flatMap(value => {
      const time = wallTimeOf(value, zone)
      if (time === undefined) report.skip(property.line, `${property.name}: not a date`)
      return time ?? []
    })
  }
  const time = (name: string): WallTime | undefined => {
    const first = all(name)[0]
    return first === undefined ? undefined : timesOf(first)[0]
  }
  const times = (name: string): readonly WallTime[] => {
    const found = all(name).flatMap(timesOf)
    if (found.length > importLimits.datesPerPlan)
      report.skip(component.line, `${name}: ${found.length} dates, the limit is ${importLimits.datesPerPlan}`)
    return found.slice(0, importLimits.datesPerPlan)
  }

  const rules = all("RRULE").flatMap(property => {
    const rule = ruleOf(property)
    if (rule === undefined) report.skip(property.line, "RRULE: not a rule that can be followed")
    return rule ?? []
  })
  if (rules.length > 1)
    report.warn(component.line, `${rules.length} recurrence rules, only the first is followed`)

  const start = time("DTSTART")
  const end = kind === "event" ? time("DTEND") : undefined
  const due = kind === "task" ? time("DUE") : undefined
  const durationMinutes = all("DURATION")
    .map(property => minutesOf(property.values[0]))
    .find(minutes => minutes !== undefined && minutes >= 0)
  const completed = time("COMPLETED")
  const completedAtMs =
    completed?.zone === "UTC" && completed.time !== undefined
      ? utcMs(completed.date, completed.time)
      : undefined
  const priority = Number(all("PRIORITY")[0]?.values[0] ?? 0)
  const recurrenceId = time("RECURRENCE-ID")
  if (kind === "event" && start === undefined)
    report.warn(component.line, `an event without a readable start`)

  return {
    uid: text("UID").trim(),
    ...(recurrenceId !== undefined && { recurrenceId }),
    draft: {
      kind,
      title: text("SUMMARY"),
      body: text("DESCRIPTION"),
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
      ...(due !== undefined && { due }),
      ...(durationMinutes !== undefined && { durationMinutes }),
      ...(rules[0] !== undefined && { rrule: rules[0] }),
      rdates: times("RDATE"),
      exdates: times("EXDATE"),
      location: text("LOCATION"),
      url: text("URL"),
      status: text("STATUS").toUpperCase(),
      ...(Number.isInteger(priority) && priority >= 1 && priority <= 9 && { priority }),
      ...(completedAtMs !== undefined && { completedAtMs }),
      reminderMinutes: readReminders(component, start ?? due, zoneOf, report),
      categories: all("CATEGORIES").flatMap(
        property => property.values.filter(value => typeof value === "string" && value !== "") as string[],
      ),
      extra: readExtra(propertiesByName, rules.slice(1), report),
      line: component.line,
    },
  }
}

/** Alarms -> minutes before the start (of a task without one: before it is due). */
const readReminders = (
  component: RawComponent,
  anchor: WallTime | undefined,
  zoneOf: ZoneOf,
  report: Report,
): readonly number[] => {
  const minutes = new Set<number>()
  for (const alarm of component.components.filter(({ name }) => name === "VALARM")) {
    const content = alarm.properties.find(({ name }) => name === "TRIGGER")
    const trigger = content === undefined ? undefined : parseProperty(content)
    const before =
      trigger === undefined || typeof trigger === "string"
        ? undefined
        : minutesBefore(trigger, anchor, zoneOf)
    if (before === undefined || before < 0)
      report.skip(alarm.line, "reminder: not at a time before the start")
    else if (minutes.size >= importLimits.remindersPerPlan)
      report.skip(alarm.line, `reminder: the limit is ${importLimits.remindersPerPlan}`)
    else minutes.add(before)
  }
  return [...minutes]
}

/** An absolute trigger counts where both moments stand on the same clock: across zones it would need their rules. */
const minutesBefore = (
  trigger: Property,
  anchor: WallTime | undefined,
  zoneOf: ZoneOf,
): number | undefined => {
  const value = trigger.values[0]
  const relative = minutesOf(value)
  if (relative !== undefined)
    return trigger.parameters.get("related")?.toUpperCase() === "END"
      ? undefined
      : relative === 0
        ? 0
        : -relative
  const tzid = trigger.parameters.get("tzid")
  const at = wallTimeOf(value, tzid === undefined ? undefined : zoneOf(tzid))
  if (at?.time === undefined || anchor?.time === undefined || at.zone !== anchor.zone) return undefined
  return Math.floor((utcMs(anchor.date, anchor.time) - utcMs(at.date, at.time)) / 60_000)
}

/** Properties without a field, as they stood; of those with one, what came a second time. */
const readExtra = (
  propertiesByName: ReadonlyMap<string, readonly Property[]>,
  furtherRules: readonly string[],
  report: Report,
): Readonly<Record<string, string>> => {
  const extra = new Map<string, string>()
  let room = importLimits.extraCharacters
  const keep = (name: string, value: string, line: number): void => {
    if (extra.size >= importLimits.extraProperties || name.length + value.length > room)
      report.skip(line, `${name.slice(0, 40)}: more further properties than a plan keeps`)
    else {
      extra.set(name, value)
      room -= name.length + value.length
    }
  }
  for (const [name, properties] of propertiesByName) {
    const kept = !ownNames.has(name) ? properties : repeatable.has(name) ? [] : properties.slice(1)
    const value = name === "RRULE" ? furtherRules.join("\n") : kept.map(({ raw }) => raw).join("\n")
    if (value !== "") keep(name, value, (kept[0] ?? properties[0])?.line ?? 0)
  }
  return Object.fromEntries(extra)
}
