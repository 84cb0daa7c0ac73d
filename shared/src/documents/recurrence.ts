import type { WallTime } from "./drafts.js"
import {
  type Completion,
  type PlanItem,
  type PlanOverride,
  type RepeatAfter,
  instanceKey,
  onceKey,
} from "./plans.js"
import { type Rule, parseRule } from "./rule.js"
import { ruleTimes } from "./rule-days.js"
import { addDays, addMonths } from "./wall.js"
import { msToWall, wallToMs } from "./zones.js"

/** What part of time is shown, and where: `zone` reads floating times and whole days. `toMs` is exclusive. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
  readonly zone: string
  /** At most so many occurrences. */
  readonly limit: number
}

/** One instance of a plan, with what is its own already applied. */
export interface Occurrence {
  readonly id: string
  /** The original start: names the instance in overrides, exdates and completions. */
  readonly instance: WallTime
  readonly start: WallTime
  readonly end: WallTime | undefined
  readonly startMs: number
  /** Equal to `startMs` for a moment. */
  readonly endMs: number
  readonly override: PlanOverride
  readonly completion: Completion | undefined
  readonly cancelled: boolean
}

export interface Occurrences {
  /** By start, then id. */
  readonly occurrences: readonly Occurrence[]
  /** More exist in the window than the limit, or the rule was too long a walk. */
  readonly truncated: boolean
}

const dayMs = 86_400_000

/** Where a plan stands in time: a task without a start stands at its due. */
export const anchorOf = (item: PlanItem): WallTime | undefined => item.start ?? item.due

/** `days` are calendar days, `ms` exact time: a day has 23 hours once a year. */
interface Length {
  readonly days: number
  readonly ms: number
}

const lengthOf = (start: WallTime, end: WallTime | undefined, zone: string): Length => {
  if (end === undefined) return start.time === undefined ? { days: 1, ms: 0 } : { days: 0, ms: 0 }
  if (start.time !== undefined)
    return { days: 0, ms: Math.max(0, wallToMs(end, zone) - wallToMs(start, zone)) }
  return { days: Math.max(1, Math.round((Date.parse(end.date) - Date.parse(start.date)) / dayMs)), ms: 0 }
}

const endAfter = (start: WallTime, length: Length, zone: string): WallTime => {
  if (start.time === undefined) return { date: addDays(start.date, length.days) }
  const { date, time } = msToWall(wallToMs(start, zone) + length.ms, start.zone ?? zone)
  return start.zone === undefined ? { date, time } : { date, time, zone: start.zone }
}

const isBeyond = (until: WallTime | undefined, instance: WallTime, zone: string): boolean => {
  if (until === undefined) return false
  if (instance.time === undefined || until.time === undefined) return instance.date > until.date
  const place =
    until.zone === undefined && instance.zone !== undefined ? { ...until, zone: instance.zone } : until
  return wallToMs(instance, zone) > wallToMs(place, zone)
}

/** The instances that the rule gives, as wall times in the zone of the start: an hour on the wall survives DST. */
function* ruleInstances(
  rule: Rule,
  start: WallTime,
  fromDate: string,
  toDate: string,
  zone: string,
): Generator<WallTime | "Truncated", void> {
  for (const local of ruleTimes(rule, start, fromDate, toDate)) {
    if (local === "Truncated") {
      yield local
      return
    }
    const instance = start.zone === undefined ? local : { ...local, zone: start.zone }
    if (isBeyond(rule.until, instance, zone)) return
    yield instance
  }
}

const after = (date: string, { count, unit }: RepeatAfter): string =>
  unit === "d"
    ? addDays(date, count)
    : unit === "w"
      ? addDays(date, 7 * count)
      : addMonths(date, unit === "m" ? count : 12 * count)

/**
 * When a task that repeats n after its completion is due next: n after the last day on which it was done; before
 * that its own due (or start). The time of day stays. Derived, never stored: two members who complete it at once
 * cannot disagree. `undefined`: it does not repeat so, or has no time at all and was never done.
 */
export const nextDue = (item: PlanItem): WallTime | undefined => {
  if (item.repeatAfter === undefined) return undefined
  const anchor = item.due ?? item.start
  const last = [...item.completions.values()]
    .map(({ date }) => date)
    .sort()
    .at(-1)
  if (last === undefined) return anchor
  return { ...anchor, date: after(last, item.repeatAfter) }
}

/** `date` of UTC, with a day on either side: no zone is further away. */
const dateAround = (ms: number, days: number): string =>
  addDays(new Date(ms).toISOString().slice(0, 10), days)

interface Collected {
  readonly instances: readonly WallTime[]
  readonly truncated: boolean
}

/** The original starts that may show in the window, exdates taken out. */
const collect = (item: PlanItem, anchor: WallTime, length: Length, window: Window): Collected => {
  if (item.repeatAfter !== undefined) return { instances: [nextDue(item) ?? anchor], truncated: false }
  const rule = item.rrule === undefined ? undefined : parseRule(item.rrule)
  const found = new Map<string, WallTime>()
  // A moved instance shows where it was moved to, so the walk covers the original starts of all overrides.
  const moved = [...item.overrides.keys()].map(key => key.slice(0, 10)).sort()
  const reach = length.days + Math.ceil(length.ms / dayMs) + 2
  const [near, far] = [dateAround(window.fromMs, -reach), dateAround(window.toMs, 2)]
  const fromDate = [near, ...moved.slice(0, 1)].sort()[0] ?? near
  const toDate = [far, ...moved.slice(-1)].sort().at(-1) ?? far
  let truncated = false
  if (rule?.ok === true) {
    // Twice the limit: instances that are taken out or lie before the window count here, but not there.
    const most = 2 * window.limit + item.exdates.length + item.overrides.size + reach
    for (const instance of ruleInstances(rule.value, anchor, fromDate, toDate, window.zone)) {
      if (instance === "Truncated" || found.size >= most) truncated = true
      if (instance === "Truncated" || truncated) break
      const key = instanceKey(instance)
      if ((instance.date >= near && instance.date <= far) || item.overrides.has(key)) found.set(key, instance)
    }
  } else found.set(instanceKey(anchor), anchor)
  for (const rdate of item.rdates) found.set(instanceKey(rdate), rdate)
  for (const exdate of item.exdates) removeInstance(found, exdate, window.zone)
  return { instances: [...found.values()], truncated }
}

/** Calendars write an exdate in UTC or as a day, whatever the start is in. */
const removeInstance = (found: Map<string, WallTime>, exdate: WallTime, zone: string): void => {
  if (found.delete(instanceKey(exdate))) return
  for (const [key, instance] of found) {
    const same =
      exdate.time === undefined || instance.time === undefined
        ? exdate.date === instance.date
        : wallToMs(exdate, zone) === wallToMs(instance, zone)
    if (same) found.delete(key)
  }
}

const occurrenceOf = (item: PlanItem, instance: WallTime, length: Length, zone: string): Occurrence => {
  const override = item.overrides.get(instanceKey(instance)) ?? {}
  const start = override.start ?? override.due ?? instance
  const end =
    override.end ??
    (item.kind === "event"
      ? endAfter(start, start.time === undefined && length.days === 0 ? { days: 1, ms: 0 } : length, zone)
      : undefined)
  const startMs = wallToMs(start, zone)
  return {
    id: item.id,
    instance,
    start,
    end,
    startMs,
    endMs: end === undefined ? startMs : Math.max(startMs, wallToMs(end, zone)),
    override,
    completion: item.completions.get(instanceKey(instance)) ?? item.completions.get(onceKey),
    cancelled: (override.status ?? item.status) === "cancelled",
  }
}

const lengthOfItem = (item: PlanItem, zone: string): Length =>
  item.start === undefined ? { days: 0, ms: 0 } : lengthOf(item.start, item.end, zone)

/** One instance by its original start, with its own changes; whether the rule has it is not asked. */
export const occurrenceAt = (item: PlanItem, instance: WallTime, zone: string): Occurrence =>
  occurrenceOf(item, instance, lengthOfItem(item, zone), zone)

/** The occurrences of one plan that touch the window. Bounded whatever the rule says; a removed plan has none. */
export const expandPlan = (item: PlanItem, window: Window): Occurrences => {
  const anchor = anchorOf(item)
  const first = anchor ?? nextDue(item)
  if (first === undefined || item.deletedAtMs !== undefined) return { occurrences: [], truncated: false }
  const length = lengthOfItem(item, window.zone)
  const { instances, truncated } = collect(item, first, length, window)
  const shown = instances
    .map(instance => occurrenceOf(item, instance, length, window.zone))
    .filter(
      ({ startMs, endMs }) => startMs < window.toMs && (endMs > window.fromMs || startMs >= window.fromMs),
    )
    .sort((a, b) => a.startMs - b.startMs)
  return { occurrences: shown.slice(0, window.limit), truncated: truncated || shown.length > window.limit }
}

/** The occurrences of many plans, in order. */
export const expandPlans = (items: Iterable<PlanItem>, window: Window): Occurrences => {
  const parts = [...items].map(item => expandPlan(item, window))
  const all = parts.flatMap(part => part.occurrences)
  all.sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return {
    occurrences: all.slice(0, window.limit),
    truncated: parts.some(part => part.truncated) || all.length > window.limit,
  }
}
