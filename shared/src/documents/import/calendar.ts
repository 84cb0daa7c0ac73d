import { ok, type Result } from "../../base/index.js"
import type { ParsedImport, PlanDraft, WallTime } from "../drafts.js"
import { formatWall } from "../wall.js"
import { readComponents, type RawComponent } from "./content-lines.js"
import { tooLarge, unreadable, type ImportError } from "./import-error.js"
import { parseProperty, textOf } from "./jcal.js"
import { createKeys, shortKey } from "./keys.js"
import { importLimits } from "./limits.js"
import { readPlan, type ReadPlan, type ZoneOf } from "./plan-draft.js"
import { Report } from "./report.js"
import { decodeText, splitLines } from "./text.js"
import { ianaZone } from "./tzid.js"

/**
 * iCalendar (RFC 5545) -> plans. Values are read by ical.js, property by property, so that one damaged line costs
 * that line; the structure is read here. Journals, free-busy and time zone definitions are no plans.
 *
 * `sums` counts the components that were read, `VEVENT` and `VTODO`: each is a plan, or an override inside one, or a
 * double of one that is listed in `skipped`.
 */
export const parseCalendar = (bytes: Uint8Array): Result<ParsedImport, ImportError> => {
  if (bytes.length > importLimits.calendarBytes)
    return tooLarge("bytes of a calendar", bytes.length, importLimits.calendarBytes)
  const report = new Report()
  const { text, encoding } = decodeText(bytes, false)
  if (encoding !== "utf-8") report.warn(0, `the file is not UTF-8, read as ${encoding}`)
  const components = flatten(readComponents(splitLines(text), report))
  if (components.length === 0) return unreadable(1, "no calendar component (BEGIN:VCALENDAR)")
  const raws = components.filter(({ name }) => name === "VEVENT" || name === "VTODO")
  if (raws.length > importLimits.calendarComponents)
    return tooLarge("events and tasks", raws.length, importLimits.calendarComponents)

  const zoneOf = createZoneOf(components, report)
  const seen = new Set<string>()
  const plans: ReadPlan[] = []
  for (const raw of raws) {
    const plan = readPlan(raw, zoneOf, report)
    const signature = plan.uid === "" ? undefined : signatureOf(raw)
    if (signature !== undefined && seen.has(signature)) report.skip(raw.line, "the same event stands above")
    else plans.push(plan)
    if (signature !== undefined) seen.add(signature)
  }
  const counts = Object.fromEntries(
    ["VEVENT", "VTODO"].map(name => [
      name,
      { count: raws.filter(raw => raw.name === name).length, amountMinor: 0 },
    ]),
  )
  return ok({
    format: "icalendar",
    draft: { area: "plans", plans: joinOverrides(plans, report) },
    ...report.done(),
    sums: counts,
  })
}

const flatten = (component: RawComponent): readonly RawComponent[] =>
  component.components.flatMap(child => [child, ...flatten(child)])

/** DTSTAMP is when the file was written: it differs between two exports of one event. */
const signatureOf = (raw: RawComponent): string =>
  [raw.name, ...raw.properties.filter(({ name }) => name !== "DTSTAMP").map(({ text }) => text)].join("\n")

const createZoneOf = (components: readonly RawComponent[], report: Report): ZoneOf => {
  const locationByTzid = new Map<string, string>()
  for (const zone of components.filter(({ name }) => name === "VTIMEZONE")) {
    const valueOf = (wanted: string): string => {
      const content = zone.properties.find(({ name }) => name === wanted)
      const property = content === undefined ? undefined : parseProperty(content)
      return typeof property === "string" ? "" : textOf(property) || (property?.raw ?? "")
    }
    locationByTzid.set(valueOf("TZID"), valueOf("X-LIC-LOCATION"))
  }
  const zoneByTzid = new Map<string, string | undefined>()
  return tzid => {
    if (!zoneByTzid.has(tzid)) {
      const zone = ianaZone(tzid) ?? ianaZone(locationByTzid.get(tzid) ?? "")
      zoneByTzid.set(tzid, zone)
      if (zone === undefined)
        report.warn(
          0,
          `unknown time zone "${tzid.slice(0, 60)}": its times are kept as they stand on the wall`,
        )
    }
    return zoneByTzid.get(tzid)
  }
}

/**
 * Changed instances go into the event whose UID they bear; one whose event is not in the file becomes a plan of its
 * own, and so does a second change of the same instance: nothing is lost. A repeated UID with other content is
 * told apart by its occurrence.
 */
const joinOverrides = (plans: readonly ReadPlan[], report: Report): readonly PlanDraft[] => {
  const key = createKeys()
  const masterByUid = new Map<
    string,
    { readonly overrides: Map<string, { recurrenceId: WallTime; draft: PlanDraft }> }
  >()
  const joined: {
    plan: Omit<PlanDraft, "overrides">
    overrides: Map<string, { recurrenceId: WallTime; draft: PlanDraft }>
  }[] = []
  const alone = (sourceId: string, { draft, recurrenceId }: ReadPlan): void => {
    const extra =
      recurrenceId === undefined ? draft.extra : { ...draft.extra, "RECURRENCE-ID": formatWall(recurrenceId) }
    joined.push({ plan: { sourceId, ...draft, extra }, overrides: new Map() })
  }
  for (const plan of plans.filter(({ recurrenceId }) => recurrenceId === undefined)) {
    const { draft, uid } = plan
    const nameless = `${draft.kind}|${draft.start ? formatWall(draft.start) : ""}|${draft.due ? formatWall(draft.due) : ""}|${shortKey(draft.title)}`
    alone(key(uid === "" ? nameless : shortKey(uid)), plan)
    const last = joined.at(-1)
    if (uid !== "" && last !== undefined && !masterByUid.has(`${draft.kind}|${uid}`))
      masterByUid.set(`${draft.kind}|${uid}`, last)
    else if (uid !== "") report.warn(draft.line, `the UID was used above by another ${draft.kind}`)
  }
  for (const plan of plans) {
    const { draft, uid, recurrenceId } = plan
    if (recurrenceId === undefined) continue
    const at = formatWall(recurrenceId)
    const sourceId = key(`${shortKey(uid)}@${at}`)
    const overrides = masterByUid.get(`${draft.kind}|${uid}`)?.overrides
    if (overrides === undefined || overrides.has(at) || overrides.size >= importLimits.overridesPerPlan)
      alone(sourceId, plan)
    else overrides.set(at, { recurrenceId, draft: { sourceId, ...draft, overrides: [] } })
  }
  return joined.map(({ plan, overrides }) => ({ ...plan, overrides: [...overrides.values()] }))
}
