import { type By, type CommandResult, check, isId } from "./command.js"
import { documentLimits } from "./document-limits.js"
import type { WallTime } from "./drafts.js"
import {
  type Completion,
  type PlanFields,
  type PlanOverride,
  formatCompletion,
  planKinds,
  planStatuses,
} from "./plans.js"
import { parseRule } from "./rule.js"
import { type MapDraft, type Scalar, itemOf, setOf } from "./scalar.js"
import { type Source, sourceFields } from "./source.js"
import { formatWall, parseWall } from "./wall.js"
import { isZone, wallToMs } from "./zones.js"

export const isWall = (wall: WallTime | undefined): boolean =>
  wall === undefined ||
  (parseWall(formatWall(wall)) !== undefined && (wall.zone === undefined || isZone(wall.zone)))

/** Both are days, or both are times; the zone that floats is the same for both, so any will do. */
export const inOrder = (start: WallTime | undefined, end: WallTime | undefined): boolean =>
  start === undefined ||
  end === undefined ||
  ((start.time === undefined) === (end.time === undefined) && wallToMs(start, "UTC") <= wallToMs(end, "UTC"))

/** Everything that must hold of a plan, checked before anything is changed. Calendars have events without a start. */
export const checkPlan = (plan: PlanFields, imported = false): CommandResult => {
  const { kind, start, end, due, rrule, repeatAfter, priority } = plan
  const rule = rrule === undefined ? undefined : parseRule(rrule)
  const anchored = start !== undefined || due !== undefined
  return check([
    [planKinds.includes(kind), "kind", planKinds.join("|")],
    [plan.title.length <= documentLimits.title, "title", "a line"],
    [isWall(start), "start", "a time that exists, in a known zone"],
    [isWall(end), "end", "a time that exists, in a known zone"],
    [isWall(due), "due", "a time that exists, in a known zone"],
    [kind === "task" || start !== undefined || imported, "start", "a start"],
    [end === undefined || start !== undefined, "end", "none without a start"],
    [inOrder(start, end), "end", "after the start, and days with days"],
    [rule === undefined || rule.ok || rule.error.type === "UnsupportedRule", "rrule", "RRULE"],
    [rrule === undefined || anchored || imported, "rrule", "none without a start or a due"],
    [
      repeatAfter === undefined || (kind === "task" && rrule === undefined),
      "repeatAfter",
      "a task without RRULE",
    ],
    [
      repeatAfter === undefined ||
        (Number.isSafeInteger(repeatAfter.count) && repeatAfter.count >= 1 && repeatAfter.count <= 9999),
      "repeatAfter",
      "1 to 9999",
    ],
    [plan.rdates.every(isWall) && plan.exdates.every(isWall), "rdates", "times that exist"],
    [
      priority === undefined || (Number.isSafeInteger(priority) && priority >= 1 && priority <= 9),
      "priority",
      "1 to 9",
    ],
    [
      plan.reminders.every(Number.isSafeInteger) && plan.reminders.length <= documentLimits.perItem,
      "reminders",
      "minutes",
    ],
    [
      plan.assignees.every(isId) && plan.assignees.length <= documentLimits.perItem,
      "assignees",
      "member ids",
    ],
    [plan.tags.every(tag => tag !== "" && tag.length <= documentLimits.name), "tags", "names"],
    [plan.tags.length <= documentLimits.perItem, "tags", "fewer tags"],
    [plan.location.length <= documentLimits.title, "location", "a line"],
    [plan.url.length <= documentLimits.title, "url", "a line"],
    [planStatuses.includes(plan.status), "status", planStatuses.join("|")],
  ])
}

const wallOf = (wall: WallTime | undefined): Scalar => (wall === undefined ? undefined : formatWall(wall))

export const scalarOf: { readonly [Key in keyof PlanFields]?: (fields: Partial<PlanFields>) => Scalar } = {
  kind: fields => fields.kind,
  title: fields => fields.title,
  start: fields => wallOf(fields.start),
  end: fields => wallOf(fields.end),
  due: fields => wallOf(fields.due),
  rrule: fields => fields.rrule,
  repeatAfter: ({ repeatAfter }) =>
    repeatAfter === undefined ? undefined : `${repeatAfter.count}${repeatAfter.unit}`,
  priority: fields => fields.priority,
  parent: fields => fields.parent,
  location: fields => fields.location,
  url: fields => fields.url,
  status: fields => fields.status,
}

export const setsOf = (
  fields: Partial<PlanFields>,
): readonly (readonly [string, readonly string[] | undefined])[] => [
  ["rdates", fields.rdates?.map(formatWall)],
  ["exdates", fields.exdates?.map(formatWall)],
  ["assignees", fields.assignees],
  ["reminders", fields.reminders?.map(String)],
  ["tags", fields.tags],
]

export interface NewPlan {
  readonly id: string
  readonly fields: PlanFields
  readonly body: string
  readonly by: By
  /** Of what comes from a file, with all that the file says of it. */
  readonly source?: Source | undefined
  readonly extra?: Readonly<Record<string, string>>
  readonly overrides?: readonly { readonly instance: WallTime; readonly override: PlanOverride }[]
  readonly completions?: ReadonlyMap<string, Completion>
}

const overrideFields = (instance: WallTime, override: PlanOverride): MapDraft =>
  itemOf(
    Object.fromEntries(
      Object.entries(override).map(([key, value]) => [
        `${formatWall(instance)}/${key}`,
        typeof value === "object" ? formatWall(value as WallTime) : (value as string),
      ]),
    ),
  )

/** Unknown properties, as far as they fit: a calendar file may carry megabytes of them. */
const boundedExtra = (extra: Readonly<Record<string, string>>): MapDraft => {
  let left: number = documentLimits.extra
  return itemOf(
    Object.fromEntries(
      Object.entries(extra).filter(([key, value]) => key !== "" && (left -= key.length + value.length) >= 0),
    ),
  )
}

/** The map of one item with all its containers, so that no other device ever has to make one. */
export const planDraft = ({
  fields,
  body,
  by,
  source,
  extra,
  overrides,
  completions,
}: NewPlan): MapDraft => ({
  ...itemOf(Object.fromEntries(Object.entries(scalarOf).map(([key, read]) => [key, read(fields)]))),
  ...itemOf({ author: by.author, createdAtMs: by.nowMs, ...sourceFields(source) }),
  ...Object.fromEntries(setsOf(fields).map(([key, values]) => [key, setOf(values ?? [])])),
  overrides: Object.assign(
    {},
    ...(overrides ?? []).map(({ instance, override }) => overrideFields(instance, override)),
  ) as MapDraft,
  completions: itemOf(
    Object.fromEntries([...(completions ?? [])].map(([key, value]) => [key, formatCompletion(value)])),
  ),
  extra: boundedExtra(extra ?? {}),
  body,
})
