import { shownCopy } from "../conflicts.js"
import { type Entry, type EntryFields, readEntry } from "../entry.js"
import { type Issues, ItemReader } from "../reading.js"
import { type Rule, parseRule } from "../rule.js"
import { ruleTimes } from "../rule-days.js"
import { type MapDraft, isMap } from "../scalar.js"
import type { Source } from "../source.js"
import { isDate } from "../wall.js"

/** The format that entries of a recurring one name as their source. */
export const recurringFormat = "recurring"

/** An entry that comes again: rent, wages, pocket money. */
export interface Recurring {
  readonly id: string
  /** What each instance starts as; its `date` is the first day. */
  readonly fields: EntryFields
  /** RFC 5545, without COUNT and UNTIL. */
  readonly rrule: string
  /** True: entered on its day without asking; false: proposed, for amounts that vary. */
  readonly automatic: boolean
  /** No instance after this day. */
  readonly lastDate?: string | undefined
  /** Days that are left out. */
  readonly skips: readonly string[]
  readonly deletedAtMs?: number | undefined
}

const dateOf = (text: string) => (isDate(text) ? text : undefined)

const readOne = (id: string, item: MapDraft, found: Issues): Recurring | undefined => {
  const reader = new ItemReader(item, `recurring/${id}`, found)
  const entry = readEntry(id, reader)
  const rrule = reader.text("rrule")
  if (!isRecurrence(rrule)) reader.fail("rrule", "a rule by day")
  if (entry === undefined || reader.failed) return undefined
  return {
    id,
    fields: fieldsOf(entry),
    rrule,
    automatic: reader.flag("automatic"),
    lastDate: reader.optional("lastDate", "YYYY-MM-DD", dateOf),
    skips: reader.set("skips").filter(isDate),
    deletedAtMs: entry.deletedAtMs,
  }
}

/** What a person entered, without who and when. */
export const fieldsOf = (entry: Entry): EntryFields => ({
  date: entry.date,
  time: entry.time,
  direction: entry.direction,
  status: entry.status,
  amountMinor: entry.amountMinor,
  currency: entry.currency,
  rate: entry.rate,
  account: entry.account,
  toAccount: entry.toAccount,
  toAmountMinor: entry.toAmountMinor,
  payee: entry.payee,
  note: entry.note,
  category: entry.category,
  tags: entry.tags,
  splits: entry.splits,
  paidBy: entry.paidBy,
  shares: entry.shares,
})

/** Shape: `recurring`: id -> the map of an entry and `rrule`, `automatic`, `lastDate`, `skips: {date -> true}`. */
export const readRecurring = (fields: MapDraft, found: Issues): ReadonlyMap<string, Recurring> => {
  const items = new Map<string, Recurring>()
  const container = fields["recurring"]
  if (!isMap(container)) return items
  for (const id of Object.keys(container)) {
    const item = shownCopy(container, id)
    if (item === undefined) {
      found.add(`recurring/${id}`, "map")
      continue
    }
    const recurring = readOne(id, item, found)
    if (recurring !== undefined) items.set(id, recurring)
  }
  return items
}

const ruleOf = (rrule: string): Rule | undefined => {
  const rule = parseRule(rrule)
  return rule.ok && rule.value.count === undefined && rule.value.until === undefined ? rule.value : undefined
}

/** By day, without an end of its own: `lastDate` is the one place where a recurring entry ends. */
export const isRecurrence = (rrule: string): boolean => ruleOf(rrule) !== undefined

/** The id of an instance: two devices that enter it at once make the same entry. */
export const instanceId = (recurringId: string, date: string): string => `${recurringId}-${date}`

export const instanceSource = (recurringId: string, date: string): Source => ({
  format: recurringFormat,
  sourceId: `${recurringId}@${date}`,
})

/** The days of a recurring entry in a span, both ends included, skipped ones left out; at most `limit`. */
export const datesOf = (
  recurring: Recurring,
  span: { readonly from: string; readonly to: string },
  limit: number,
): readonly string[] => {
  const rule = ruleOf(recurring.rrule)
  if (rule === undefined || recurring.deletedAtMs !== undefined) return []
  const { lastDate, fields } = recurring
  const to = lastDate !== undefined && lastDate < span.to ? lastDate : span.to
  const skips = new Set(recurring.skips)
  const dates: string[] = []
  for (const time of ruleTimes(rule, { date: fields.date }, span.from, to)) {
    if (time === "Truncated" || dates.length >= limit) break
    if (time.date >= span.from && !skips.has(time.date)) dates.push(time.date)
  }
  return dates
}

export interface Due {
  readonly recurring: Recurring
  readonly date: string
  /** Of the entry to add, with `instanceSource`. */
  readonly entryId: string
  readonly fields: EntryFields
}

/**
 * What has come due and is in no ledger yet, oldest first. `has` asks for an entry of any year by its id, removed
 * ones included: an instance that somebody took out does not come back. The same instances on every device.
 */
export const dueInstances = (
  recurring: Iterable<Recurring>,
  input: { readonly today: string; readonly limit: number; readonly has: (entryId: string) => boolean },
): readonly Due[] => {
  const due: Due[] = []
  for (const item of recurring) {
    let added = 0
    for (const date of datesOf(item, { from: item.fields.date, to: input.today }, Number.MAX_SAFE_INTEGER)) {
      const entryId = instanceId(item.id, date)
      if (input.has(entryId)) continue
      if (added++ >= input.limit) break
      due.push({ recurring: item, date, entryId, fields: { ...item.fields, date } })
    }
  }
  return due.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.entryId < b.entryId ? -1 : 1))
}
