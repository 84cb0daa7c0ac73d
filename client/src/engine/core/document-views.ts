import type { Area, Clock, Store } from "@home/shared/base"
import type { SchemaError } from "@home/shared/documents"
import type { Doc, DocumentKey, Replica } from "@home/shared/replica"
import type { CircleDocument, DocumentEvent, Stop } from "../port.js"
import { type Parser, createParser, firstOrder } from "./parsers.js"
import { type FirstShown, createShownCache } from "./shown-cache.js"
import { type RowChanges, type Shown, countsOf, isSame, rowChanges, shownOf } from "./rows.js"

/** Any document's event: the tab knows by its area what the rows are. */
export type AnyEvent = DocumentEvent<Area>
type Listener = (event: AnyEvent) => void

/** What a screen shows before anybody scrolls. */
const firstRows = 60
/** Rows in one message after that. */
const chunkRows = 2_000

interface Watcher {
  readonly tell: Listener
  /** Ids that have not gone out yet, by collection. */
  readonly waiting: Map<string, readonly string[]>
  /** What was kept of the rows on top has gone out, and nothing else. */
  first: Shown | undefined
}

interface View {
  readonly key: DocumentKey
  readonly parse: Parser
  readonly watchers: Set<Watcher>
  /** The rows on top as they were kept, until more of it is here. */
  first: FirstShown | undefined
  shown: Shown | undefined
  error: SchemaError | undefined
  isReading: boolean
  /** It changed while it was being read. */
  isStale: boolean
}

/** The documents that are looked at, each parsed once for all who look. */
export interface DocumentViews {
  watch(document: CircleDocument, tell: Listener): Stop
  close(): void
}

const rowsEvent = (rows: readonly RowChanges[]): AnyEvent => ({ type: "Rows", rows: rows as never })
const fieldsEvent = (type: "Fields", shown: Shown): AnyEvent => ({ type, fields: shown.fields as never })
const beginEvent = ({ fields }: Shown, counts: Readonly<Record<string, number>>): AnyEvent => ({
  type: "Begin",
  fields: fields as never,
  counts: counts as never,
})

export const createDocumentViews = (deps: {
  readonly replica: Replica
  readonly clock: Clock
  readonly store: Store
  /** A document does not open, or the disk does not answer. */
  readonly onFailed: (error: unknown) => void
}): DocumentViews => {
  const { replica, clock } = deps
  const views = new Map<string, View>()
  const cache = createShownCache({ ...deps, firstRows })
  /** Documents that are being shown as they were. */
  const restoring = new Set<Promise<void>>()
  let isClosed = false

  /** The next chunk of one watcher. Rows are looked up when they go out: what changed meanwhile goes as it is now. */
  const sendChunk = (view: View, watcher: Watcher, limit: number): void => {
    const { shown } = view
    if (shown === undefined || !view.watchers.has(watcher) || isClosed) return
    const rows: RowChanges[] = []
    let left = limit
    for (const [collection, ids] of watcher.waiting) {
      if (left === 0) break
      const there = shown.collections.get(collection)
      const taken = ids.slice(0, left)
      left -= taken.length
      if (taken.length === ids.length) watcher.waiting.delete(collection)
      else watcher.waiting.set(collection, ids.slice(taken.length))
      const upserts = taken.filter(id => there?.has(id)).map(id => [id, there?.get(id)] as const)
      if (upserts.length > 0) rows.push({ collection, upserts, removes: [] })
    }
    if (rows.length > 0) watcher.tell(rowsEvent(rows))
    if (watcher.waiting.size === 0) watcher.tell({ type: "Whole" })
    else clock.after(0, () => sendChunk(view, watcher, chunkRows))
  }

  const tellUnreadable = (watcher: Watcher, error: SchemaError): void => {
    watcher.first = undefined
    watcher.tell({ type: "Unreadable", error })
  }

  const beginFirst = (watcher: Watcher, { shown, counts }: FirstShown): void => {
    watcher.first = shown
    watcher.tell(beginEvent(shown, counts))
    const rows = [...shown.collections].map(([collection, kept]) => ({
      collection,
      upserts: [...kept],
      removes: [],
    }))
    watcher.tell(rowsEvent(rows))
  }

  /** What has become of the rows that went out, if anything. */
  const correctFirst = ({ tell }: Watcher, first: Shown, shown: Shown): void => {
    if (!isSame(first.fields, shown.fields)) tell(fieldsEvent("Fields", shown))
    const same = [...first.collections].map(([name, kept]): [string, ReadonlyMap<string, unknown>] => {
      const rows = shown.collections.get(name)
      return [name, new Map([...kept.keys()].filter(id => rows?.has(id)).map(id => [id, rows?.get(id)]))]
    })
    const changes = rowChanges(first, { fields: shown.fields, collections: new Map(same) })
    if (changes.length > 0) tell(rowsEvent(changes))
  }

  const begin = (view: View, watcher: Watcher): void => {
    if (view.error !== undefined) return tellUnreadable(watcher, view.error)
    const { shown } = view
    if (shown === undefined) {
      if (view.first !== undefined) beginFirst(watcher, view.first)
      return
    }
    const { first } = watcher
    watcher.first = undefined
    if (first === undefined) watcher.tell(beginEvent(shown, countsOf(shown)))
    else correctFirst(watcher, first, shown)
    watcher.waiting.clear()
    for (const [name, rows] of shown.collections) {
      const gone = first?.collections.get(name)
      const ids = firstOrder(view.key.area, name, rows).filter(id => gone?.has(id) !== true)
      if (ids.length > 0) watcher.waiting.set(name, ids)
    }
    sendChunk(view, watcher, first === undefined ? firstRows : chunkRows)
  }

  const beginAll = (view: View): void => {
    view.first = undefined
    for (const watcher of view.watchers) begin(view, watcher)
  }

  const take = (view: View, doc: Doc): void => {
    const parsed = view.parse(doc)
    const before = view.shown
    if (!parsed.ok) {
      view.error = parsed.error
      view.shown = undefined
      beginAll(view)
      return
    }
    view.error = undefined
    const shown = shownOf(parsed.value)
    view.shown = shown
    if (before === undefined) {
      cache.keep(view.key, shown)
      return beginAll(view)
    }
    const changes = rowChanges(before, shown)
    const isOther = !isSame(before.fields, shown.fields)
    if (isOther || changes.length > 0) cache.keep(view.key, shown)
    for (const { tell } of view.watchers) {
      if (isOther) tell(fieldsEvent("Fields", shown))
      // Also without rows: what two wrote into one field may show in no row, and there is a question about it.
      if (changes.length > 0 || !isOther) tell(rowsEvent(changes))
    }
  }

  /** As it was shown last, until it is read: the rows on top, then all of it. */
  const restore = async (view: View): Promise<void> => {
    const isOver = (): boolean => view.shown !== undefined || view.error !== undefined || isClosed
    const first = await cache.first(view.key)
    if (first === undefined || isOver()) return
    view.first = first
    for (const watcher of view.watchers) begin(view, watcher)
    const shown = await first.whole()
    if (shown === undefined || isOver()) return
    view.shown = shown
    beginAll(view)
  }

  /**
   * What is likely to be written to, here or by others, while it is shown stays open: its first edit need not load it
   * again, and what arrives is applied to it. Years that are over are read and let go, for they are large.
   */
  const staysOpen = async ({ area, name, id }: DocumentKey): Promise<boolean> => {
    const isOver = area === "ledger" && name < String(new Date(clock.now()).getUTCFullYear())
    // To open what is not there yet would be to begin it.
    return !isOver && (await replica.documents(area)).some(known => known.id === id)
  }

  const look = async ({ key }: View, see: (doc: Doc) => void): Promise<void> => {
    if (await staysOpen(key)) see((await replica.open(key)).doc())
    else await replica.read(key, see)
  }

  const read = (view: View): void => {
    view.isStale = view.isReading
    if (view.isReading) return
    view.isReading = true
    look(view, doc => {
      if (!isClosed) take(view, doc)
    })
      .catch(deps.onFailed)
      .finally(() => {
        view.isReading = false
        if (view.isStale && !isClosed) read(view)
      })
  }

  /** Opening one document keeps the thread busy for as long as it takes to show all the others as they were. */
  const readInTurn = async (view: View): Promise<void> => {
    while (restoring.size > 0) await Promise.all(restoring)
    if (view.watchers.size > 0 && !isClosed) read(view)
  }

  const stopListening = replica.onDocumentChanged((key, doc) => {
    const view = views.get(key.id)
    if (view === undefined) return
    // It was not read yet, or is not open: the whole of it is read once, however much arrives meanwhile.
    if (doc === undefined || view.shown === undefined) read(view)
    else take(view, doc)
  })

  return {
    watch: ({ area, name, circle }, tell) => {
      const key = replica.keyFor(area, name, circle)
      const known = views.get(key.id)
      const view: View = known ?? {
        key,
        parse: createParser(area),
        watchers: new Set(),
        first: undefined,
        shown: undefined,
        error: undefined,
        isReading: false,
        isStale: false,
      }
      const watcher: Watcher = { tell, waiting: new Map(), first: undefined }
      view.watchers.add(watcher)
      if (known === undefined) {
        views.set(key.id, view)
        const restored = restore(view)
          .catch(deps.onFailed)
          .finally(() => restoring.delete(restored))
        restoring.add(restored)
        void readInTurn(view)
      } else begin(view, watcher)
      return () => {
        view.watchers.delete(watcher)
        if (view.watchers.size === 0) views.delete(key.id)
      }
    },
    close: () => {
      isClosed = true
      stopListening()
      cache.close()
      views.clear()
    },
  }
}
