import { err } from "../../base/index.js"
import { type CommandResult, check, containerOf, done, isId } from "../command.js"
import { copiesOf } from "../conflicts.js"
import { documentLimits } from "../document-limits.js"
import { type Direction, type Entry, directions } from "../entry.js"
import { readItems } from "../read-items.js"
import type { Issues, ItemReader } from "../reading.js"
import { type MapDraft, isMap, itemOf, put } from "../scalar.js"
import { isDate } from "../wall.js"
import { termsOf } from "./text-match.js"

/** What a list shows. Empty lists and absent fields restrict nothing. */
export interface Filter {
  readonly text: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly directions: readonly Direction[]
  readonly accounts: readonly string[]
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  /** Who paid, has a share, or entered it. */
  readonly members: readonly string[]
  readonly minMinor?: number | undefined
  readonly maxMinor?: number | undefined
}

export const noFilter: Filter = {
  text: "",
  directions: [],
  accounts: [],
  categories: [],
  tags: [],
  members: [],
}

export interface SavedFilter {
  readonly id: string
  readonly name: string
  readonly filter: Filter
  readonly deletedAtMs?: number | undefined
}

const namesOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) &&
  value.length <= documentLimits.perItem &&
  value.every(name => typeof name === "string")
    ? value
    : undefined

const optional = <T>(value: unknown, holds: (value: unknown) => value is T): T | undefined =>
  holds(value) ? value : undefined
const isDay = (value: unknown): value is string => typeof value === "string" && isDate(value)
const isMinor = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value)

/** One register for all of it: two who change one filter at once never mix two into a third. */
export const formatFilter = (filter: Filter): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(filter).filter(
        ([, value]) => value !== undefined && value !== "" && !isEmptyList(value),
      ),
    ),
  )

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

export const parseFilter = (text: string): Filter | undefined => {
  if (text.length > documentLimits.text) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isMap(value)) return undefined
  const lists = ["directions", "accounts", "categories", "tags", "members"].map(key =>
    namesOf(value[key] ?? []),
  )
  const [ways, accounts, categories, tags, members] = lists
  if (ways === undefined || accounts === undefined || categories === undefined) return undefined
  if (tags === undefined || members === undefined) return undefined
  return {
    text: optional(value["text"], part => typeof part === "string") ?? "",
    from: optional(value["from"], isDay),
    to: optional(value["to"], isDay),
    directions: directions.filter(direction => ways.includes(direction)),
    accounts,
    categories,
    tags,
    members,
    minMinor: optional(value["minMinor"], isMinor),
    maxMinor: optional(value["maxMinor"], isMinor),
  }
}

const readFilter = (id: string, reader: ItemReader): SavedFilter | undefined => {
  const name = reader.text("name")
  const filter = parseFilter(reader.text("filter"))
  if (filter === undefined) reader.fail("filter", "a filter")
  if (reader.failed || filter === undefined) return undefined
  return { id, name, filter, deletedAtMs: reader.optionalInteger("deletedAtMs") }
}

/** Shape: `filters`: id -> `{name, filter, deletedAtMs?}`; `filter` is the JSON of a `Filter`. */
export const readFilters = (fields: MapDraft, found: Issues): ReadonlyMap<string, SavedFilter> =>
  isMap(fields["filters"]) ? readItems(fields, "filters", found, readFilter) : new Map<string, SavedFilter>()

/** Adds a filter or replaces what it is called and shows. */
export const saveFilter = (
  draft: unknown,
  input: { readonly id: string; readonly name: string; readonly filter: Filter },
): CommandResult => {
  const filters = containerOf(draft, "book", "filters")
  if (!filters.ok) return filters
  const { id, name } = input
  const text = formatFilter(input.filter)
  const valid = check([
    [isId(id), "id", "an id"],
    [name.trim() !== "" && name.length <= documentLimits.name, "name", "a name"],
    [parseFilter(text) !== undefined, "filter", "a filter"],
  ])
  if (!valid.ok) return valid
  const copies = copiesOf(filters.value, id)
  if (copies.length === 0) filters.value[id] = itemOf({ name, filter: text })
  for (const copy of copies) {
    put(copy, "name", name)
    put(copy, "filter", text)
  }
  return done
}

export const setFilterRemoved = (
  draft: unknown,
  id: string,
  deletedAtMs: number | undefined,
): CommandResult => {
  const filters = containerOf(draft, "book", "filters")
  if (!filters.ok) return filters
  const copies = copiesOf(filters.value, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  for (const copy of copies) put(copy, "deletedAtMs", deletedAtMs)
  return done
}

const isIn = (wanted: readonly string[], values: readonly (string | undefined)[]): boolean =>
  wanted.length === 0 || values.some(value => value !== undefined && wanted.includes(value))

/**
 * Whether the list shows an entry. `textOfEntry` gives what is searched, normalised (`searchText`); removed entries
 * are never shown.
 */
export const matcherOf = (
  filter: Filter,
  textOfEntry: (entry: Entry) => string,
): ((entry: Entry) => boolean) => {
  const terms = termsOf(filter.text)
  return entry => {
    if (entry.deletedAtMs !== undefined) return false
    if (filter.from !== undefined && entry.date < filter.from) return false
    if (filter.to !== undefined && entry.date > filter.to) return false
    if (filter.minMinor !== undefined && entry.amountMinor < filter.minMinor) return false
    if (filter.maxMinor !== undefined && entry.amountMinor > filter.maxMinor) return false
    if (!isIn(filter.directions, [entry.direction])) return false
    if (!isIn(filter.accounts, [entry.account, entry.toAccount])) return false
    if (!isIn(filter.categories, [entry.category, ...entry.splits.map(split => split.category)])) return false
    if (!isIn(filter.tags, entry.tags)) return false
    if (!isIn(filter.members, [entry.paidBy ?? entry.author, ...Object.keys(entry.shares)])) return false
    if (terms.length === 0) return true
    const text = textOfEntry(entry)
    return terms.every(term => text.includes(term))
  }
}
