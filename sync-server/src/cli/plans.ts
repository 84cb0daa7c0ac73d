import { type Result, ok } from "@home/shared/base"
import {
  type PlanItem,
  type WallTime,
  addPlan,
  exportPlans,
  familyListName,
  formatWall,
  isDone,
  parseWall,
} from "@home/shared/documents"
import { readCatalogue, readPlanLists } from "./areas.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle, findMember } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { withPlace } from "./place.js"
import { requireMembership } from "./with-device.js"
import { byOf, newItemId, write } from "./writing.js"

export interface PlanAddOptions {
  readonly title: string
  readonly isTask: boolean
  readonly start: string | undefined
  readonly end: string | undefined
  readonly due: string | undefined
  readonly rrule: string | undefined
  readonly location: string
  readonly body: string
  readonly list: string | undefined
  readonly assignees: readonly string[]
  readonly tags: readonly string[]
  readonly circle: string | undefined
}

/** `2026-11-21`, `2026-11-21T18:30`, with seconds, and with a zone as in `[Europe/Berlin]`. */
const wall = (text: string | undefined, option: string): Result<WallTime | undefined, Failure> => {
  if (text === undefined) return ok(undefined)
  const full = text.replace(" ", "T").replace(/(T\d{2}:\d{2})(?=\[|$)/, "$1:00")
  const parsed = parseWall(full)
  return parsed === undefined
    ? fail("usage", `${option} ${text}: expected a day such as 2026-11-21 or a time such as 2026-11-21T18:30`)
    : ok(parsed)
}

export const addPlanItem = (home: Home, options: PlanAddOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device } = place
    const live = requireMembership(device)
    if (!live.ok) return live
    const [start, end, due] = [
      wall(options.start, "--start"),
      wall(options.end, "--end"),
      wall(options.due, "--due"),
    ]
    if (!start.ok) return start
    if (!end.ok) return end
    if (!due.ok) return due
    const assignees: string[] = []
    for (const name of options.assignees) {
      const member = await findMember(device, name)
      if (!member.ok) return member
      assignees.push(member.value.id)
    }
    let list: string = familyListName
    if (options.list !== undefined) {
      const catalogue = await readCatalogue(place)
      if (!catalogue.ok) return catalogue
      const found = findByTitle(catalogue.value.lists.values(), options.list, "list")
      if (!found.ok) return found
      list = found.value.id
    }
    const id = newItemId(home)
    const kind = options.isTask || start.value === undefined ? "task" : "event"
    const added = await write(place, "plans", list, draft =>
      addPlan(draft, {
        id,
        fields: {
          kind,
          title: options.title,
          start: start.value,
          end: end.value,
          due: due.value,
          rrule: options.rrule,
          rdates: [],
          exdates: [],
          assignees,
          reminders: [],
          tags: [...new Set(options.tags)],
          location: options.location,
          url: "",
          status: kind === "event" ? "confirmed" : "open",
        },
        body: options.body,
        by: byOf(home, device),
      }),
    )
    if (!added.ok) return added
    home.result(
      { added: id, kind, title: options.title, list },
      `${id.slice(0, 8)}  ${kind}  ${options.title}`,
    )
    return ok(undefined)
  })

const timeOf = (item: PlanItem): string => {
  const at = item.start ?? item.due
  return at === undefined ? "" : formatWall(at)
}

export interface PlanListOptions {
  readonly list: string | undefined
  /** Leave out what is done or cancelled. */
  readonly isOpen: boolean
  readonly circle: string | undefined
}

/** By start or due; what has neither stands at the end. */
export const listPlans = (home: Home, options: PlanListOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const lists = await readPlanLists(place)
    if (!lists.ok) return lists
    const shown = lists.value.filter(({ list }) => options.list === undefined || list === options.list)
    const items = shown
      .flatMap(({ list, plans }) => [...plans.items.values()].map(item => ({ list, item, plans })))
      .filter(({ item }) => item.deletedAtMs === undefined)
      .filter(({ item }) => !options.isOpen || (!isDone(item) && item.status !== "cancelled"))
      .sort((a, b) => ((timeOf(a.item) || "~") < (timeOf(b.item) || "~") ? -1 : 1))
    for (const { list, item, plans } of items) {
      const alone = { ...plans, items: new Map([[item.id, item]]) }
      const [json] = exportPlans([{ list, plans: alone }])["plans"] as readonly Readonly<
        Record<string, unknown>
      >[]
      const mark = item.kind === "task" ? (isDone(item) ? "[x] " : "[ ] ") : ""
      home.result(
        json ?? {},
        `${timeOf(item).padEnd(20)}  ${mark}${item.title}${item.location === "" ? "" : ` (${item.location})`}`,
      )
    }
    return ok(undefined)
  })
