import type { Area, Clock, Store } from "@home/shared/base"
import type { SchemaError } from "@home/shared/documents"
import type { Doc, DocumentKey, Replica } from "@home/shared/replica"
import type { CircleDocument, DocumentEvent, Stop } from "../port.js"
import { type Parser, createParser, firstOrder } from "./parsers.js"
import { createShownCache } from "./shown-cache.js"
import { type RowChanges, type Shown, isSame, rowChanges, shownOf } from "./rows.js"

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
}

interface View {
  readonly key: DocumentKey
  readonly parse: Parser
  readonly watchers: Set<Watcher>
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
const beginEvent = (shown: Shown): AnyEvent => {
  const counts = [...shown.collections].map(([name, rows]) => [name, rows.size] as const)
  return { type: "Begin", fields: shown.fields as never, counts: Object.fromEntries(counts) as never }
}

export const createDocumentViews = (deps: {
  readonly replica: Replica
  readonly clock: Clock
  readonly store: Store
  /** A document does not open, or the disk does not answer. */
  readonly onFailed: (error: unknown) => void
}): DocumentViews => {
  const { replica, clock } = deps
  const views = new Map<string, View>()
  const cache = createShownCache(deps)
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

  const begin = (view: View, watcher: Watcher): void => {
    if (view.error !== undefined) return watcher.tell({ type: "Unreadable", error: view.error })
    const { shown } = view
    if (shown === undefined) return
    watcher.tell(beginEvent(shown))
    watcher.waiting.clear()
    for (const [name, rows] of shown.collections)
      if (rows.size > 0) watcher.waiting.set(name, firstOrder(view.key.area, name, rows))
    sendChunk(view, watcher, firstRows)
  }

  const take = (view: View, doc: Doc): void => {
    const parsed = view.parse(doc)
    const before = view.shown
    if (!parsed.ok) {
      view.error = parsed.error
      view.shown = undefined
      for (const { tell } of view.watchers) tell({ type: "Unreadable", error: parsed.error })
      return
    }
    view.error = undefined
    const shown = shownOf(parsed.value)
    view.shown = shown
    if (before === undefined) {
      cache.keep(view.key, shown)
      for (const watcher of view.watchers) begin(view, watcher)
      return
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

  /** As it was shown last, until it is read. */
  const restore = async (view: View): Promise<void> => {
    const shown = await cache.load(view.key)
    if (shown === undefined || view.shown !== undefined || view.error !== undefined || isClosed) return
    view.shown = shown
    for (const watcher of view.watchers) begin(view, watcher)
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
        shown: undefined,
        error: undefined,
        isReading: false,
        isStale: false,
      }
      const watcher: Watcher = { tell, waiting: new Map() }
      view.watchers.add(watcher)
      if (known === undefined) {
        views.set(key.id, view)
        restore(view).catch(deps.onFailed)
        read(view)
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
