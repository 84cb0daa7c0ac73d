import { type Result, ok } from "../base/index.js"
import { shownCopy } from "./conflicts.js"
import type { WallTime } from "./drafts.js"
import { readItems } from "./read-items.js"
import { ItemReader, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { isMap, textOf } from "./scalar.js"
import { type Source, readSource } from "./source.js"
import { type Trip, emptyTrip, readTrip } from "./trip.js"
import { formatWall, isDate, parseWall } from "./wall.js"

export const planKinds = ["event", "task"] as const
/** Done is no status: it is a completion, so that completing one instance cannot end a series. */
export const planStatuses = ["confirmed", "tentative", "open", "started", "cancelled"] as const
export type PlanStatus = (typeof planStatuses)[number]

/** "3d": due again three days after it was done. */
export interface RepeatAfter {
  readonly count: number
  readonly unit: "d" | "w" | "m" | "y"
}

export interface Completion {
  /** The day on the wall of who did it: what "n after completion" counts from. */
  readonly date: string
  readonly atMs: number
  readonly by: string
}

/** What one instance of a series has of its own. */
export interface PlanOverride {
  readonly title?: string
  readonly body?: string
  readonly location?: string
  readonly start?: WallTime
  readonly end?: WallTime
  readonly due?: WallTime
  readonly status?: PlanStatus
}

export interface PlanFields {
  readonly kind: (typeof planKinds)[number]
  readonly title: string
  readonly start?: WallTime | undefined
  /** Exclusive; of a whole day the day after, as in iCalendar. */
  readonly end?: WallTime | undefined
  readonly due?: WallTime | undefined
  /** The value of an RRULE. */
  readonly rrule?: string | undefined
  readonly repeatAfter?: RepeatAfter | undefined
  readonly rdates: readonly WallTime[]
  readonly exdates: readonly WallTime[]
  /** Member ids. */
  readonly assignees: readonly string[]
  /** 1 highest to 9 lowest, as in iCalendar. */
  readonly priority?: number | undefined
  /** The task of which this is a part. */
  readonly parent?: string | undefined
  /** Minutes before start or due; negative is after. */
  readonly reminders: readonly number[]
  readonly tags: readonly string[]
  readonly location: string
  readonly url: string
  readonly status: PlanStatus
}

export interface PlanItem extends PlanFields {
  readonly id: string
  readonly body: string
  /** By the wall text of the instance's original start (`formatWall`). */
  readonly overrides: ReadonlyMap<string, PlanOverride>
  /** By the same key; `onceKey` for what does not recur. */
  readonly completions: ReadonlyMap<string, Completion>
  readonly importedFrom?: Source | undefined
  /** iCalendar properties that have no field here, as they stood. */
  readonly extra: Readonly<Record<string, string>>
  readonly author: string
  readonly createdAtMs: number
  readonly editedBy?: string | undefined
  readonly editedAtMs?: number | undefined
  readonly deletedAtMs?: number | undefined
}

export interface Plans extends Parsed {
  readonly items: ReadonlyMap<string, PlanItem>
  readonly trip: Trip
}

export const onceKey = "once"

export const parseRepeatAfter = (text: string): RepeatAfter | undefined => {
  const [, count, unit] = /^([1-9]\d{0,3})([dwmy])$/.exec(text) ?? []
  return count === undefined ? undefined : { count: Number(count), unit: unit as RepeatAfter["unit"] }
}

const completionPattern = /^(\d{4}-\d{2}-\d{2})\/(\d{1,16})\/([0-9a-z-]{0,64})$/

export const formatCompletion = ({ date, atMs, by }: Completion): string => `${date}/${atMs}/${by}`

const parseCompletion = (text: string): Completion | undefined => {
  const [, date, atMs, by] = completionPattern.exec(text) ?? []
  return date === undefined || by === undefined || !isDate(date)
    ? undefined
    : { date, atMs: Number(atMs), by }
}

const readCompletions = (reader: ItemReader): ReadonlyMap<string, Completion> => {
  const completions = new Map<string, Completion>()
  for (const [key, value] of Object.entries(reader.map("completions"))) {
    const completion = parseCompletion(textOf(value) ?? "")
    if (completion === undefined) reader.issues.add(`${reader.path}/completions/${key}`, "a completion")
    else completions.set(key, completion)
  }
  return completions
}

const overrideOf = (field: string, text: string): PlanOverride | undefined => {
  if (field === "title" || field === "body" || field === "location") return { [field]: text }
  if (field === "status") {
    const status = planStatuses.find(known => known === text)
    return status === undefined ? undefined : { status }
  }
  const wall = parseWall(text)
  if (wall === undefined) return undefined
  return field === "start" || field === "end" || field === "due" ? { [field]: wall } : undefined
}

/** `<original start>/<field>` -> register: flat, so that two members who change one instance make no map of it. */
const readOverrides = (reader: ItemReader): ReadonlyMap<string, PlanOverride> => {
  const overrides = new Map<string, PlanOverride>()
  for (const [key, value] of Object.entries(reader.map("overrides"))) {
    const slash = key.lastIndexOf("/")
    const override = overrideOf(key.slice(slash + 1), textOf(value) ?? "")
    if (slash < 0 || override === undefined)
      reader.issues.add(`${reader.path}/overrides/${key}`, "a field of an instance")
    else overrides.set(key.slice(0, slash), { ...overrides.get(key.slice(0, slash)), ...override })
  }
  return overrides
}

const readWalls = (reader: ItemReader, key: string): readonly WallTime[] =>
  reader
    .set(key)
    .map(parseWall)
    .filter(wall => wall !== undefined)

const readExtra = (reader: ItemReader): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(reader.map("extra")).flatMap(([key, value]) => {
      const text = textOf(value)
      return text === undefined ? [] : [[key, text]]
    }),
  )

export const readPlan = (id: string, reader: ItemReader): PlanItem | undefined => {
  const kind = reader.oneOf("kind", planKinds)
  const title = reader.text("title")
  if (reader.failed || kind === undefined) return undefined
  return {
    id,
    kind,
    title,
    body: reader.optionalText("body") ?? "",
    start: reader.optional("start", "wall time", parseWall),
    end: reader.optional("end", "wall time", parseWall),
    due: reader.optional("due", "wall time", parseWall),
    rrule: reader.optionalText("rrule"),
    repeatAfter: reader.optional("repeatAfter", "such as 3d", parseRepeatAfter),
    rdates: readWalls(reader, "rdates"),
    exdates: readWalls(reader, "exdates"),
    overrides: readOverrides(reader),
    completions: readCompletions(reader),
    assignees: reader.set("assignees"),
    priority: reader.optionalInteger("priority"),
    parent: reader.optionalText("parent"),
    reminders: reader
      .set("reminders")
      .map(Number)
      .filter(Number.isSafeInteger)
      .sort((a, b) => a - b),
    tags: reader.set("tags"),
    location: reader.optionalText("location") ?? "",
    url: reader.optionalText("url") ?? "",
    status:
      reader.optional("status", planStatuses.join("|"), text => planStatuses.find(known => known === text)) ??
      (kind === "event" ? "confirmed" : "open"),
    importedFrom: readSource(reader),
    extra: readExtra(reader),
    author: reader.optionalText("author") ?? "",
    createdAtMs: reader.optionalInteger("createdAtMs") ?? 0,
    editedBy: reader.optionalText("editedBy"),
    editedAtMs: reader.optionalInteger("editedAtMs"),
    deletedAtMs: reader.optionalInteger("deletedAtMs"),
  }
}

/**
 * Shape: `items`: id -> map with `body` (shared text) and, made with the item, the flat maps `rdates`, `exdates`,
 * `assignees`, `reminders`, `tags` (sets), `overrides`, `completions`, `extra` (registers) · schema 2: a
 * trip's containers (`readTrip`).
 */
export const parsePlans = (doc: unknown): Result<Plans, SchemaError> => {
  const root = parseRoot("plans", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const container = isMap(fields["items"]) ? fields["items"] : {}
  const items = readItems(fields, "items", found, (id, reader) => {
    const item = reader.has("importId") ? (shownCopy(container, id) ?? reader.item) : reader.item
    return readPlan(id, new ItemReader(item, reader.path, found))
  })
  const trip = schema >= 2 ? readTrip(fields, found) : emptyTrip
  return ok({ schema, readOnly, issues, items, trip })
}

/** A task that does not recur is done when it was completed once. */
export const isDone = (item: PlanItem): boolean => item.completions.has(onceKey)

/** The key of an instance in `overrides` and `completions`. */
export const instanceKey = (start: WallTime): string => formatWall(start)
