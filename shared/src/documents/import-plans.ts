import { documentLimits } from "./document-limits.js"
import type { PlanDraft, WallTime } from "./drafts.js"
import { type Said, said } from "./remark.js"
import { familyListName } from "./fixed-steps.js"
import {
  type ImportContext,
  type ImportPlan,
  type ImportStep,
  applyRows,
  batches,
  importId,
} from "./import-step.js"
import { addPlan } from "./plan-commands.js"
import { checkPlan } from "./plan-draft.js"
import { type Completion, type PlanFields, type PlanOverride, type PlanStatus, onceKey } from "./plans.js"
import { isZone, msToWall, wallToMs } from "./zones.js"

const statusNames: ReadonlyMap<string, PlanStatus> = new Map([
  ["CONFIRMED", "confirmed"],
  ["TENTATIVE", "tentative"],
  ["CANCELLED", "cancelled"],
  ["NEEDS-ACTION", "open"],
  ["IN-PROCESS", "started"],
])

const knownStatus = (text: string): PlanStatus | undefined => statusNames.get(text.toUpperCase())
const clip = (text: string, limit: number): string => text.slice(0, limit)

/** A zone that this engine does not know: the time stays, floating. */
const known = (wall: WallTime | undefined): WallTime | undefined => {
  if (wall?.zone === undefined || isZone(wall.zone)) return wall
  return wall.time === undefined ? { date: wall.date } : { date: wall.date, time: wall.time }
}

/** The end of an item that gives a duration instead: exact time for a time, whole days for a day. */
const endOf = (draft: PlanDraft, start: WallTime | undefined, zone: string): WallTime | undefined => {
  const end = known(draft.end)
  if (start === undefined) return undefined
  if (end !== undefined)
    return (end.time === undefined) === (start.time === undefined) &&
      wallToMs(end, zone) >= wallToMs(start, zone)
      ? end
      : undefined
  if (draft.durationMinutes === undefined || draft.durationMinutes <= 0) return undefined
  const { date, time } = msToWall(wallToMs(start, zone) + draft.durationMinutes * 60_000, start.zone ?? zone)
  if (start.time === undefined) return { date }
  return start.zone === undefined ? { date, time } : { date, time, zone: start.zone }
}

const fieldsOf = (draft: PlanDraft, zone: string): PlanFields => {
  const start = known(draft.start)
  const walls = (times: readonly WallTime[]) => times.map(known).filter(wall => wall !== undefined)
  const { priority } = draft
  return {
    kind: draft.kind,
    title: clip(draft.title, documentLimits.title),
    start,
    end: endOf(draft, start, zone),
    due: known(draft.due),
    rrule: draft.rrule,
    rdates: walls(draft.rdates),
    exdates: walls(draft.exdates),
    assignees: [],
    priority: priority !== undefined && priority >= 1 && priority <= 9 ? priority : undefined,
    reminders: [...new Set(draft.reminderMinutes)]
      .filter(Number.isSafeInteger)
      .slice(0, documentLimits.perItem),
    tags: [...new Set(draft.categories.map(tag => clip(tag, documentLimits.name)))]
      .filter(tag => tag !== "")
      .slice(0, documentLimits.perItem),
    location: clip(draft.location, documentLimits.title),
    url: clip(draft.url, documentLimits.title),
    status: knownStatus(draft.status) ?? (draft.kind === "event" ? "confirmed" : "open"),
  }
}

/** Names the instance as the series does: in the zone of the start, with its time of day. */
const instanceOf = (recurrenceId: WallTime, start: WallTime | undefined, zone: string): WallTime => {
  const wall = known(recurrenceId) ?? recurrenceId
  if (
    start === undefined ||
    (start.zone === wall.zone && (start.time === undefined) === (wall.time === undefined))
  )
    return wall
  if (start.time === undefined) return { date: wall.date }
  if (wall.time === undefined) return { ...start, date: wall.date }
  const { date, time } = msToWall(wallToMs(wall, zone), start.zone ?? zone)
  return start.zone === undefined ? { date, time } : { date, time, zone: start.zone }
}

/** Only what differs from the series: the rest goes on following it. */
const overrideOf = (series: PlanFields, body: string, draft: PlanDraft, zone: string): PlanOverride => {
  const own = fieldsOf(draft, zone)
  return {
    ...(own.title === series.title ? {} : { title: own.title }),
    ...(draft.body === body ? {} : { body: clip(draft.body, documentLimits.text) }),
    ...(own.location === series.location ? {} : { location: own.location }),
    ...(own.start === undefined ? {} : { start: own.start }),
    ...(own.end === undefined ? {} : { end: own.end }),
    ...(own.due === undefined ? {} : { due: own.due }),
    ...(own.status === series.status ? {} : { status: own.status }),
  }
}

const completionOf = (draft: PlanDraft, context: ImportContext): Completion | undefined => {
  if (
    draft.kind !== "task" ||
    (draft.completedAtMs === undefined && draft.status.toUpperCase() !== "COMPLETED")
  )
    return undefined
  const atMs = draft.completedAtMs ?? context.nowMs
  return { date: msToWall(atMs, context.zone).date, atMs, by: context.author }
}

/** All items go into one list; a series and its changed instances are one item. */
export const planPlansImport = (
  drafts: readonly PlanDraft[],
  format: string,
  context: ImportContext,
): ImportPlan => {
  const skipped: Said[] = []
  const by = { author: context.author, nowMs: context.nowMs }
  const items = drafts.flatMap(draft => {
    const fields = fieldsOf(draft, context.zone)
    const checked = checkPlan(fields, true)
    if (!checked.ok) {
      const field = checked.error.type === "InvalidField" ? checked.error.field : "plan"
      skipped.push(said(draft.line, { code: "InvalidField", field }))
      return []
    }
    const completion = completionOf(draft, context)
    return [
      {
        id: importId(context, "plan", format, draft.sourceId),
        fields,
        body: clip(draft.body, documentLimits.text),
        by,
        source: { format, sourceId: draft.sourceId },
        extra: draft.extra,
        overrides: draft.overrides.map(({ recurrenceId, draft: own }) => ({
          instance: instanceOf(recurrenceId, fields.start ?? fields.due, context.zone),
          override: overrideOf(fields, draft.body, own, context.zone),
        })),
        completions:
          completion === undefined ? new Map<string, Completion>() : new Map([[onceKey, completion]]),
      },
    ]
  })
  const steps = batches(items).map((rows): ImportStep => ({
    document: { area: "plans", name: context.list ?? familyListName },
    rows: rows.length,
    apply: root => applyRows(rows, row => addPlan(root, row)),
  }))
  return { steps, skipped }
}
