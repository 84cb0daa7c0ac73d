import { isCurrency } from "./currency.js"
import { compareText } from "./ledger.js"
import { type ChecklistItem, inOrder } from "./notes.js"
import { readItems, readRegisters } from "./read-items.js"
import type { Issues, ItemReader } from "./reading.js"
import type { MapDraft } from "./scalar.js"
import { isDate } from "./wall.js"

/** Both ends are days of the trip, YYYY-MM-DD. */
export interface TripDates {
  readonly first: string
  readonly last: string
}

export interface PlaceFields {
  readonly name: string
  readonly address: string
  /** "" or an http(s) address: it becomes a link. */
  readonly url: string
  readonly note: string
}

export interface Place extends PlaceFields {
  readonly id: string
  /** YYYY-MM-DD; absent while nobody has said when. */
  readonly date?: string | undefined
  /** Within the day; sorts by code units, ties by id. */
  readonly order: string
  readonly deletedAtMs?: number | undefined
}

export interface PackingItem extends ChecklistItem {
  /** The member who takes it along. */
  readonly takenBy?: string | undefined
}

export interface BudgetFields {
  /** As people name it here: no category of the book. */
  readonly category: string
  readonly amountMinor: number
  readonly currency: string
}

export interface BudgetItem extends BudgetFields {
  readonly id: string
  readonly deletedAtMs?: number | undefined
}

/** What a list of the kind `trip` has beside its items; its title stands in the catalogue. */
export interface Trip {
  readonly dates?: TripDates | undefined
  readonly note: string
  /** What a new budget item begins with; "" while nobody has said. */
  readonly currency: string
  /** YYYY-MM-DD -> what is planned. */
  readonly days: ReadonlyMap<string, string>
  /** With the removed ones: `placesOn` leaves them out. */
  readonly places: ReadonlyMap<string, Place>
  /** In the order of the list. */
  readonly packing: readonly PackingItem[]
  /** With the removed ones. */
  readonly budget: ReadonlyMap<string, BudgetItem>
}

export const emptyTrip: Trip = {
  note: "",
  currency: "",
  days: new Map(),
  places: new Map(),
  packing: [],
  budget: new Map(),
}

/** One register, so that two who move the trip at once never mix two spans into a third: `2026-07-01/2026-07-14`. */
export const formatTripDates = ({ first, last }: TripDates): string => `${first}/${last}`

export const parseTripDates = (text: string): TripDates | undefined => {
  const [first = "", last = "", ...rest] = text.split("/")
  return rest.length === 0 && isDate(first) && isDate(last) && first <= last ? { first, last } : undefined
}

const dateOf = (text: string): string | undefined => (isDate(text) ? text : undefined)

const readPlace = (id: string, reader: ItemReader): Place => ({
  id,
  name: reader.optionalText("name") ?? "",
  address: reader.optionalText("address") ?? "",
  url: reader.optionalText("url") ?? "",
  note: reader.optionalText("note") ?? "",
  date: reader.optional("date", "YYYY-MM-DD", dateOf),
  order: reader.optionalText("order") ?? "",
  deletedAtMs: reader.optionalInteger("deletedAtMs"),
})

const readPackingItem = (id: string, reader: ItemReader): PackingItem => ({
  id,
  text: reader.optionalText("text") ?? "",
  done: reader.flag("done"),
  takenBy: reader.optionalText("takenBy"),
  order: reader.optionalText("order") ?? "",
})

const readBudgetItem = (id: string, reader: ItemReader): BudgetItem | undefined => {
  const amountMinor = reader.integer("amountMinor")
  const currency = reader.text("currency")
  if (!isCurrency(currency)) reader.fail("currency", "ISO 4217")
  if (reader.failed) return undefined
  return {
    id,
    category: reader.optionalText("category") ?? "",
    amountMinor,
    currency,
    deletedAtMs: reader.optionalInteger("deletedAtMs"),
  }
}

/**
 * Shape: `trip`: the registers `dates`, `note`, `currency` · `days`: YYYY-MM-DD -> text · `places`, `packing`,
 * `budget`: id -> map.
 */
export const readTrip = (fields: MapDraft, found: Issues): Trip => {
  const registers = readRegisters(fields, "trip", found)
  const dates = registers.get("dates")
  const span = dates === undefined ? undefined : parseTripDates(dates)
  if (dates !== undefined && span === undefined) found.add("trip/dates", "YYYY-MM-DD/YYYY-MM-DD")
  return {
    dates: span,
    note: registers.get("note") ?? "",
    currency: registers.get("currency") ?? "",
    days: readRegisters(fields, "days", found),
    places: readItems(fields, "places", found, readPlace),
    packing: inOrder(readItems(fields, "packing", found, readPackingItem).values()),
    budget: readItems(fields, "budget", found, readBudgetItem),
  }
}

/** The places of a day in their order, removed ones left out; `undefined`: those that have no day yet. */
export const placesOn = (trip: Trip, date: string | undefined): readonly Place[] =>
  inOrder([...trip.places.values()].filter(place => place.deletedAtMs === undefined && place.date === date))

/** True when nobody has written anything of a trip into the list, or all of it was taken out again. */
export const isEmptyTrip = (trip: Trip): boolean =>
  trip.dates === undefined &&
  trip.note === "" &&
  trip.currency === "" &&
  trip.days.size === 0 &&
  trip.packing.length === 0 &&
  [...trip.places.values(), ...trip.budget.values()].every(({ deletedAtMs }) => deletedAtMs !== undefined)

/** In the order of their ids: for exports. */
export const kept = <T extends { readonly id: string; readonly deletedAtMs?: number | undefined }>(
  items: ReadonlyMap<string, T>,
): readonly T[] =>
  [...items.values()]
    .filter(({ deletedAtMs }) => deletedAtMs === undefined)
    .sort((a, b) => compareText(a.id, b.id))
