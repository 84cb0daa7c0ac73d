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
import { copiesOf } from "./conflicts.js"
import { isCurrency } from "./currency.js"
import { documentLimits } from "./document-limits.js"
import { type MapDraft, type Scalar, itemOf, put } from "./scalar.js"
import {
  type BudgetFields,
  type PackingItem,
  type PlaceFields,
  type TripDates,
  formatTripDates,
  parseTripDates,
} from "./trip.js"
import { isDate } from "./wall.js"

type Fields = Readonly<Record<string, Scalar>>
type Container = "places" | "packing" | "budget"

const isOrder = (order: string | undefined): boolean =>
  order === undefined || (order !== "" && order.length <= documentLimits.name)
const isLine = (text: string | undefined): boolean => (text ?? "").length <= documentLimits.title
const isLink = (url: string | undefined): boolean =>
  url === undefined || url === "" || (/^https?:\/\/\S+$/i.test(url) && url.length <= documentLimits.title)

/** Writes what `patch` names and nothing else; a field given as `undefined` is cleared. */
export const editTrip = (
  draft: unknown,
  patch: {
    readonly dates?: TripDates | undefined
    readonly note?: string | undefined
    readonly currency?: string | undefined
  },
): CommandResult => {
  const trip = containerOf(draft, "plans", "trip")
  if (!trip.ok) return trip
  const { dates, note, currency } = patch
  const span = dates === undefined ? undefined : formatTripDates(dates)
  const valid = check([
    [span === undefined || parseTripDates(span) !== undefined, "dates", "two days, the first one first"],
    [(note ?? "").length <= documentLimits.text, "note", "shorter text"],
    [currency === undefined || isCurrency(currency), "currency", "ISO 4217"],
  ])
  if (!valid.ok) return valid
  if ("dates" in patch) put(trip.value, "dates", span)
  if ("note" in patch) put(trip.value, "note", note)
  if ("currency" in patch) put(trip.value, "currency", currency)
  return done
}

/** What is planned for a day; "" clears it. */
export const setTripDay = (draft: unknown, date: string, text: string): CommandResult => {
  const days = containerOf(draft, "plans", "days")
  if (!days.ok) return days
  const valid = check([
    [isDate(date), "date", "YYYY-MM-DD"],
    [text.length <= documentLimits.text, "text", "shorter text"],
  ])
  if (valid.ok) put(days.value, date, text === "" ? undefined : text)
  return valid
}

const add = (
  draft: unknown,
  container: Container,
  id: string,
  valid: CommandResult,
  item: MapDraft,
): CommandResult => {
  const items = containerOf(draft, "plans", container)
  if (!items.ok) return items
  if (!valid.ok) return valid
  if (!isId(id)) return invalid("id", "an id")
  if (id in items.value) return err({ type: "AlreadyExists", id })
  items.value[id] = item
  return done
}

const copies = (
  draft: unknown,
  container: Container,
  id: string,
): Result<readonly MapDraft[], CommandError> => {
  const items = containerOf(draft, "plans", container)
  if (!items.ok) return items
  const found = copiesOf(items.value, id)
  return found.length === 0 ? err({ type: "NotFound", id }) : ok(found)
}

const edit = (
  draft: unknown,
  container: Container,
  id: string,
  valid: CommandResult,
  patch: Fields,
): CommandResult => {
  const found = copies(draft, container, id)
  if (!found.ok) return found
  if (!valid.ok) return valid
  for (const copy of found.value) for (const [key, value] of Object.entries(patch)) put(copy, key, value)
  return done
}

const created = ({ author, nowMs }: By): Fields => ({ author, createdAtMs: nowMs })
const edited = ({ author, nowMs }: By): Fields => ({ editedBy: author, editedAtMs: nowMs })

const checkPlace = ({ name, address, url, note }: Partial<PlaceFields>): CommandResult =>
  check([
    [name === undefined || (name.trim() !== "" && isLine(name)), "name", "a name"],
    [isLine(address), "address", "a line"],
    [isLink(url), "url", "http:// or https://"],
    [(note ?? "").length <= documentLimits.text, "note", "shorter text"],
  ])

/** A place without a day; `putPlace` says when. */
export const addPlace = (
  draft: unknown,
  input: { readonly id: string; readonly fields: PlaceFields; readonly by: By },
): CommandResult => {
  const { name, address, url, note } = input.fields
  const item = itemOf({ name, address, url, note, ...created(input.by) })
  return add(draft, "places", input.id, checkPlace(input.fields), item)
}

export const editPlace = (
  draft: unknown,
  input: { readonly id: string; readonly patch: Partial<PlaceFields>; readonly by: By },
): CommandResult =>
  edit(draft, "places", input.id, checkPlace(input.patch), { ...input.patch, ...edited(input.by) })

/**
 * Puts a place on a day, and between others of that day: `order` comes from `orderBetween` of its neighbours in
 * `placesOn`. `date: undefined` takes it off its day again.
 */
export const putPlace = (
  draft: unknown,
  input: {
    readonly id: string
    readonly date: string | undefined
    readonly order: string
    readonly by: By
  },
): CommandResult => {
  const { id, date, order, by } = input
  const valid = check([
    [date === undefined || isDate(date), "date", "YYYY-MM-DD"],
    [isOrder(order), "order", "an order"],
  ])
  return edit(draft, "places", id, valid, { date, order, ...edited(by) })
}

interface Marked {
  readonly id: string
  readonly by: By
}

const mark = (
  draft: unknown,
  container: Container,
  { id, by }: Marked,
  deletedAtMs: number | undefined,
): CommandResult => edit(draft, container, id, done, { deletedAtMs, ...edited(by) })

export const deletePlace = (draft: unknown, input: Marked): CommandResult =>
  mark(draft, "places", input, input.by.nowMs)
export const restorePlace = (draft: unknown, input: Marked): CommandResult =>
  mark(draft, "places", input, undefined)

type PackingFields = Pick<PackingItem, "text" | "done" | "order" | "takenBy">

const checkPacking = ({ text, order, takenBy }: Partial<PackingFields>): CommandResult =>
  check([
    [isLine(text), "text", "a line"],
    [isOrder(order), "order", "an order"],
    [takenBy === undefined || isId(takenBy), "takenBy", "a member id"],
  ])

export const addPackingItem = (
  draft: unknown,
  input: Omit<PackingFields, "done"> & { readonly id: string; readonly by: By },
): CommandResult => {
  const { id, text, order, takenBy, by } = input
  const item = itemOf({ text, done: false, order, takenBy, author: by.author })
  return add(draft, "packing", id, checkPacking(input), item)
}

/** Ticks, moves, renames, or gives to somebody else to take along; `takenBy: undefined` is nobody's yet. */
export const editPackingItem = (draft: unknown, id: string, patch: Partial<PackingFields>): CommandResult =>
  edit(draft, "packing", id, checkPacking(patch), { ...patch })

export const removePackingItem = (draft: unknown, id: string): CommandResult => {
  const items = containerOf(draft, "plans", "packing")
  if (!items.ok) return items
  if (!(id in items.value)) return err({ type: "NotFound", id })
  delete items.value[id]
  return done
}

const checkBudget = ({ category, amountMinor, currency }: Partial<BudgetFields>): CommandResult =>
  check([
    [
      category === undefined || (category.trim() !== "" && category.length <= documentLimits.name),
      "category",
      "a name",
    ],
    [
      amountMinor === undefined ||
        (Number.isSafeInteger(amountMinor) && amountMinor >= 0 && amountMinor <= documentLimits.amountMinor),
      "amountMinor",
      "whole minor units from 0",
    ],
    [currency === undefined || isCurrency(currency), "currency", "ISO 4217"],
  ])

export const addBudgetItem = (
  draft: unknown,
  input: { readonly id: string; readonly fields: BudgetFields; readonly by: By },
): CommandResult => {
  const { category, amountMinor, currency } = input.fields
  const item = itemOf({ category, amountMinor, currency, ...created(input.by) })
  return add(draft, "budget", input.id, checkBudget(input.fields), item)
}

export const editBudgetItem = (
  draft: unknown,
  input: { readonly id: string; readonly patch: Partial<BudgetFields>; readonly by: By },
): CommandResult =>
  edit(draft, "budget", input.id, checkBudget(input.patch), { ...input.patch, ...edited(input.by) })

export const deleteBudgetItem = (draft: unknown, input: Marked): CommandResult =>
  mark(draft, "budget", input, input.by.nowMs)
export const restoreBudgetItem = (draft: unknown, input: Marked): CommandResult =>
  mark(draft, "budget", input, undefined)
