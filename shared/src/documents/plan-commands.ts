import * as A from "@automerge/automerge/slim"
import { type Result, err, ok } from "../base/index.js"
import {
  type By,
  type CommandError,
  type CommandResult,
  check,
  containerOf,
  done,
  invalid,
  isId,
} from "./command.js"
import { copiesOf, shownCopy } from "./conflicts.js"
import { documentLimits } from "./document-limits.js"
import type { WallTime } from "./drafts.js"
import { type NewPlan, checkPlan, inOrder, isWall, planDraft, scalarOf, setsOf } from "./plan-draft.js"
import {
  type PlanFields,
  type PlanItem,
  type PlanOverride,
  formatCompletion,
  onceKey,
  planStatuses,
  readPlan,
} from "./plans.js"
import { Issues, ItemReader } from "./reading.js"
import { type MapDraft, isMap, put, putSet } from "./scalar.js"
import { formatWall, isDate } from "./wall.js"

export const addPlan = (draft: unknown, input: NewPlan): CommandResult => {
  const items = containerOf(draft, "plans", "items")
  if (!items.ok) return items
  const { id, fields, body } = input
  const valid = checkPlan(fields, input.source !== undefined)
  if (!valid.ok) return valid
  if (body.length > documentLimits.text) return invalid("body", "shorter text")
  if (!isId(id)) return invalid("id", "an id")
  if (id in items.value) return err({ type: "AlreadyExists", id })
  if (fields.parent !== undefined && (fields.parent === id || !(fields.parent in items.value)))
    return invalid("parent", "another task of the list")
  items.value[id] = planDraft(input)
  return done
}

interface Found {
  readonly copies: readonly MapDraft[]
  readonly item: PlanItem
  readonly items: MapDraft
}

const findPlan = (draft: unknown, id: string): Result<Found, CommandError> => {
  const items = containerOf(draft, "plans", "items")
  if (!items.ok) return items
  const shown = shownCopy(items.value, id)
  const item = shown === undefined ? undefined : readPlan(id, new ItemReader(shown, id, new Issues()))
  if (item === undefined) return err({ type: "NotFound", id })
  return ok({ copies: copiesOf(items.value, id), item, items: items.value })
}

/** True when `parent` is the item itself or one of its parts: a circle that no tree could show. */
const isPartOf = (items: MapDraft, parent: string, id: string): boolean => {
  const seen = new Set<string>()
  for (let at: string | undefined = parent; at !== undefined && !seen.has(at);) {
    if (at === id) return true
    seen.add(at)
    const item: unknown = items[at]
    at = isMap(item) ? new ItemReader(item, at, new Issues()).optionalText("parent") : undefined
  }
  return false
}

const edited = (copy: MapDraft, by: By): void => {
  put(copy, "editedAtMs", by.nowMs)
  put(copy, "editedBy", by.author)
}

/** Writes the fields of `patch` and no others; a field given as `undefined` is cleared. The body: `editPlanBody`. */
export const editPlan = (
  draft: unknown,
  input: { readonly id: string; readonly patch: Partial<PlanFields>; readonly by: By },
): CommandResult => {
  const found = findPlan(draft, input.id)
  if (!found.ok) return found
  const { copies, item, items } = found.value
  const { patch, id, by } = input
  const valid = checkPlan({ ...item, ...patch }, item.importedFrom !== undefined)
  if (!valid.ok) return valid
  const { parent } = patch
  if (parent !== undefined && (!(parent in items) || isPartOf(items, parent, id)))
    return invalid("parent", "another task of the list")
  for (const copy of copies) {
    for (const [key, read] of Object.entries(scalarOf)) if (key in patch) put(copy, key, read(patch))
    for (const [key, values] of setsOf(patch)) {
      const set = copy[key]
      if (values !== undefined && isMap(set)) putSet(set, values)
    }
    edited(copy, by)
  }
  return done
}

/** Changes one instance of a series; `instance` is its original start. A field given as `undefined` follows the series again. */
export const editInstance = (
  draft: unknown,
  input: {
    readonly id: string
    readonly instance: WallTime
    readonly patch: { readonly [Key in keyof PlanOverride]: PlanOverride[Key] | undefined }
    readonly by: By
  },
): CommandResult => {
  const found = findPlan(draft, input.id)
  if (!found.ok) return found
  const { copies, item } = found.value
  const { instance, patch } = input
  if (item.rrule === undefined && item.rdates.length === 0) return invalid("instance", "a series")
  const start = patch.start ?? instance
  const valid = check([
    [isWall(instance), "instance", "a time that exists"],
    [isWall(patch.start) && isWall(patch.due), "start", "a time that exists"],
    [isWall(patch.end) && inOrder(start, patch.end), "end", "after the start"],
    [(patch.title ?? "").length <= documentLimits.title, "title", "a line"],
    [(patch.body ?? "").length <= documentLimits.text, "body", "shorter text"],
    [patch.status === undefined || planStatuses.includes(patch.status), "status", planStatuses.join("|")],
  ])
  if (!valid.ok) return valid
  for (const copy of copies) {
    const overrides = copy["overrides"]
    if (!isMap(overrides)) continue
    for (const [key, value] of Object.entries(patch))
      put(overrides, `${formatWall(instance)}/${key}`, typeof value === "object" ? formatWall(value) : value)
    edited(copy, input.by)
  }
  return done
}

/** Takes one instance out of a series, or puts it back. */
export const setInstanceRemoved = (
  draft: unknown,
  input: { readonly id: string; readonly instance: WallTime; readonly removed: boolean; readonly by: By },
): CommandResult => {
  const found = findPlan(draft, input.id)
  if (!found.ok) return found
  if (!isWall(input.instance)) return invalid("instance", "a time that exists")
  for (const copy of found.value.copies) {
    const exdates = copy["exdates"]
    if (isMap(exdates)) put(exdates, formatWall(input.instance), input.removed ? true : undefined)
    edited(copy, input.by)
  }
  return done
}

/**
 * Completes a task, or one instance of a series: `instance` is its original start (or due); absent for a task that
 * does not recur. `date` is today on the actor's wall. The series goes on; `nextDue` says when.
 */
export const completeTask = (
  draft: unknown,
  input: { readonly id: string; readonly instance?: WallTime; readonly date: string; readonly by: By },
): CommandResult => {
  const { id, instance, date, by } = input
  const found = findPlan(draft, id)
  if (!found.ok) return found
  const { item, copies } = found.value
  const recurs = item.rrule !== undefined || item.rdates.length > 0 || item.repeatAfter !== undefined
  const valid = check([
    [item.kind === "task", "id", "a task"],
    [isDate(date), "date", "YYYY-MM-DD"],
    [isWall(instance), "instance", "a time that exists"],
    [recurs === (instance !== undefined), "instance", recurs ? "which instance" : "none"],
  ])
  if (!valid.ok) return valid
  return writeCompletion(copies, instance, formatCompletion({ date, atMs: by.nowMs, by: by.author }), by)
}

export const reopenTask = (
  draft: unknown,
  input: { readonly id: string; readonly instance?: WallTime; readonly by: By },
): CommandResult => {
  const found = findPlan(draft, input.id)
  return found.ok ? writeCompletion(found.value.copies, input.instance, undefined, input.by) : found
}

const writeCompletion = (
  copies: readonly MapDraft[],
  instance: WallTime | undefined,
  value: string | undefined,
  by: By,
): CommandResult => {
  for (const copy of copies) {
    const completions = copy["completions"]
    if (isMap(completions)) put(completions, instance === undefined ? onceKey : formatWall(instance), value)
    edited(copy, by)
  }
  return done
}

/** Turns the description into `text` by its difference; editors splice directly. */
export const editPlanBody = (draft: unknown, id: string, text: string): CommandResult => {
  const found = findPlan(draft, id)
  if (!found.ok) return found
  if (text.length > documentLimits.text) return invalid("body", "shorter text")
  A.updateText(draft as A.Doc<unknown>, ["items", id, "body"], text)
  return done
}

export const deletePlan = (draft: unknown, input: { readonly id: string; readonly by: By }): CommandResult =>
  setDeleted(draft, input.id, input.by, input.by.nowMs)
export const restorePlan = (draft: unknown, input: { readonly id: string; readonly by: By }): CommandResult =>
  setDeleted(draft, input.id, input.by, undefined)

const setDeleted = (draft: unknown, id: string, by: By, deletedAtMs: number | undefined): CommandResult => {
  const found = findPlan(draft, id)
  if (!found.ok) return found
  for (const copy of found.value.copies) {
    put(copy, "deletedAtMs", deletedAtMs)
    edited(copy, by)
  }
  return done
}
