import { type Account, type Balances, type Book, type Entry, type Flow, Sheet } from "@home/shared/documents"
import { type Accessor, batch, createEffect, createMemo, createSignal, onCleanup, untrack } from "solid-js"
import type { DocumentEvent, Engine, Place, Rows } from "../engine/port.js"
import { createEntryIndex } from "./entry-index.js"
import { type Waiting, nothingWaits, waitingOf } from "./set-aside.js"

/** The family's money as signals: the book, the entries of all years, and what they sum to. */
export interface MoneyState {
  /** Undefined until the book is here. */
  readonly book: Accessor<Book | undefined>
  /** Newest first, without the removed. */
  readonly entries: Accessor<readonly Entry[]>
  /** The same by month; a month is the same array until one of its entries changed. */
  readonly months: Accessor<readonly (readonly Entry[])[]>
  /** Also a removed one. */
  readonly entry: (id: string) => Entry | undefined
  /** Goes up with whatever changed in a year's document, also what shows in no entry. */
  readonly revision: Accessor<number>
  /** The entries of this year and the book are here. */
  readonly isReady: Accessor<boolean>
  /** All years are here: only now is a balance a balance. */
  readonly isWhole: Accessor<boolean>
  readonly balances: Accessor<Balances | undefined>
  /** Month -> currency -> flow. */
  readonly flows: Accessor<ReadonlyMap<string, ReadonlyMap<string, Flow>>>
  /** What was entered on a full disk: in no list and no sum yet. */
  readonly waiting: Accessor<Waiting>
}

const emptyBook: Book = {
  schema: 0,
  readOnly: true,
  issues: [],
  accounts: new Map(),
  categories: new Map(),
  tags: new Map(),
  currency: "",
  recurring: new Map(),
  payeeRules: new Map(),
  filters: new Map(),
  budgets: { byCategory: new Map(), carryOver: new Set() },
}

/** The book after one event; maps that did not change stay the same objects. */
const nextBook = (book: Book, event: DocumentEvent<"book">): Book => {
  if (event.type === "Begin") return { ...emptyBook, ...event.fields }
  if (event.type === "Fields") return { ...book, ...event.fields }
  if (event.type !== "Rows") return book
  return event.rows.reduce<Book>((next, rows) => ({ ...next, [rows.collection]: withRows(next, rows) }), book)
}

const withRows = (book: Book, rows: Rows<"book">): ReadonlyMap<string, unknown> => {
  const items = new Map<string, unknown>(book[rows.collection])
  for (const [id, row] of rows.upserts) items.set(id, row)
  for (const id of rows.removes) items.delete(id)
  return items
}

/**
 * Watches book, catalogue and every year of the ledger of one circle or share: Everyone's, if it is undefined. `today` is
 * YYYY-MM-DD.
 */
export const createMoneyState = (
  engine: Engine,
  today: Accessor<string>,
  circle: Place | undefined,
): MoneyState => {
  const [book, setBook] = createSignal<Book | undefined>(undefined)
  const [years, setYears] = createSignal<readonly string[] | undefined>(undefined)
  const [wholeYears, setWholeYears] = createSignal<ReadonlySet<string>>(new Set())
  const [version, setVersion] = createSignal(0)
  const [waiting, setWaiting] = createSignal<Waiting>(nothingWaits)
  const index = createEntryIndex()
  const accounts = createMemo((): ReadonlyMap<string, Account> | undefined => book()?.accounts)
  const currency = createMemo(() => book()?.currency ?? "")
  const sheet = createMemo(() => {
    if (accounts() === undefined) return undefined
    currency()
    const made = new Sheet(untrack(() => book() ?? emptyBook))
    for (const entry of index.byId.values()) made.put(entry)
    return made
  })

  let building = emptyBook
  const stops = [
    engine.watchSetAside(edits => setWaiting(waitingOf(edits, circle))),
    engine.watchDocument({ area: "book", name: "", circle }, event => {
      building = nextBook(building, event)
      if (event.type === "Whole" || (event.type !== "Begin" && book() !== undefined)) setBook(building)
    }),
    engine.watchDocument({ area: "catalogue", name: "", circle }, event => {
      if (event.type === "Begin" || event.type === "Fields") setYears(event.fields.ledgerYears)
      if (event.type === "Unreadable") setYears([])
    }),
  ]

  const take = (year: string, event: DocumentEvent<"ledger">): void => {
    batch(() => {
      if (event.type === "Begin")
        for (const entry of [...index.byId.values()])
          if (entry.date.startsWith(`${year}-`)) {
            index.drop(entry.id)
            sheet()?.drop(entry.id)
          }
      if (event.type === "Rows")
        for (const rows of event.rows) {
          for (const [, entry] of rows.upserts) {
            index.put(entry)
            sheet()?.put(entry)
          }
          for (const id of rows.removes) {
            index.drop(id)
            sheet()?.drop(id)
          }
        }
      if (event.type === "Whole" || event.type === "Unreadable")
        setWholeYears(done => new Set([...done, year]))
      setVersion(count => count + 1)
    })
  }
  const watched = new Set<string>()
  createEffect(() => {
    const thisYear = today().slice(0, 4)
    // The present year first: it is what the list shows.
    for (const year of [thisYear, ...[...(years() ?? [])].reverse()]) {
      if (watched.has(year)) continue
      watched.add(year)
      stops.push(
        untrack(() =>
          engine.watchDocument({ area: "ledger", name: year, circle }, event => take(year, event)),
        ),
      )
    }
  })
  onCleanup(() => {
    for (const stop of stops) stop()
  })

  const changed = <T>(read: () => T): Accessor<T> =>
    createMemo(
      () => {
        version()
        return read()
      },
      undefined,
      { equals: false },
    )
  const list = createMemo(() => {
    version()
    return index.list()
  })
  const months = createMemo(() => {
    version()
    return index.months()
  })
  return {
    book,
    entries: list,
    months,
    entry: id => {
      version()
      return index.byId.get(id)
    },
    revision: version,
    isReady: () => book() !== undefined && wholeYears().has(today().slice(0, 4)),
    isWhole: () =>
      book() !== undefined && years() !== undefined && (years() ?? []).every(year => wholeYears().has(year)),
    balances: changed(() => sheet()?.balances()),
    waiting,
    flows: changed(() => sheet()?.flows ?? new Map<string, ReadonlyMap<string, Flow>>()),
  }
}
