import { type Area, type Clock, type Store, bytesToText, textToBytes } from "@home/shared/base"
import type { DocumentKey } from "@home/shared/replica"
import { firstOrder } from "./parsers.js"
import { type Shown, countsOf } from "./rows.js"

/**
 * What a document looked like when it was last shown, sealed in the profile's store: opening a year of ten thousand
 * entries takes Automerge seconds, and nobody should look at nothing meanwhile. It is shown, never built upon: the
 * document itself corrects it as soon as it is read.
 */
export interface ShownCache {
  first(key: DocumentKey): Promise<FirstShown | undefined>
  /** Kept once nothing has changed for a while. */
  keep(key: DocumentKey, shown: Shown): void
  close(): void
}

/** What stood on top: small, so that it is here before a screen is. */
export interface FirstShown {
  /** Of its collections the rows on top only. */
  readonly shown: Shown
  /** How many rows each collection had. */
  readonly counts: Readonly<Record<string, number>>
  /** All of it; undefined where something else has been kept meanwhile. */
  whole(): Promise<Shown | undefined>
}

/** Counts the shapes of rows that screens expect: what an older program kept is not shown. */
const version = 3
/** Areas whose rows are plain JSON. */
const areas: readonly Area[] = ["ledger", "book", "catalogue", "profile"]
const restMs = 3_000

type KeptRows = readonly (readonly [collection: string, rows: readonly (readonly [string, unknown])[]])[]

/** The rows below stand apart: reading and opening ten thousand of them takes a while. */
interface KeptFirst {
  readonly version: number
  readonly keptMs: number
  /** JSON of its own: the only place with maps and sets, so that thousands of rows are read without looking for any. */
  readonly fields: string
  readonly counts: Readonly<Record<string, number>>
  readonly rows: KeptRows
}

interface KeptRest {
  /** As of the first: they were kept together. */
  readonly keptMs: number
  readonly rows: KeptRows
}

const mapMark = "$map"
const setMark = "$set"

/** JSON knows no maps and sets; a book's budgets are made of them. */
const marked = (_: string, value: unknown): unknown =>
  value instanceof Map ? { [mapMark]: [...value] } : value instanceof Set ? { [setMark]: [...value] } : value

const unmarked = (_: string, value: unknown): unknown => {
  const object = value as { readonly [mapMark]?: [unknown, unknown][]; readonly [setMark]?: unknown[] } | null
  if (object?.[mapMark] !== undefined) return new Map(object[mapMark])
  return object?.[setMark] === undefined ? value : new Set(object[setMark])
}

const collectionsOf = (...parts: readonly KeptRows[]): Shown["collections"] => {
  const collections = new Map<string, Map<string, unknown>>()
  for (const [name, rows] of parts.flat()) {
    const known = collections.get(name)
    if (known === undefined) collections.set(name, new Map(rows))
    else for (const [id, row] of rows) known.set(id, row)
  }
  return collections
}

const firstKey = ({ id }: DocumentKey): readonly string[] => ["shown", id, "first"]
const restKey = ({ id }: DocumentKey): readonly string[] => ["shown", id, "rest"]

export const createShownCache = (deps: {
  readonly store: Store
  readonly clock: Clock
  /** Rows of a document that are told before the others. */
  readonly firstRows: number
  readonly onFailed: (error: unknown) => void
}): ShownCache => {
  const { store, clock, firstRows } = deps
  const timers = new Map<string, () => void>()

  const write = async (key: DocumentKey, shown: Shown): Promise<void> => {
    const ordered = [...shown.collections].map(
      ([name, rows]) =>
        [name, firstOrder(key.area, name, rows).map(id => [id, rows.get(id)] as const)] as const,
    )
    const keptMs = clock.now()
    const first: KeptFirst = {
      version,
      keptMs,
      fields: JSON.stringify(shown.fields, marked),
      counts: countsOf(shown),
      rows: ordered.map(([name, rows]) => [name, rows.slice(0, firstRows)]),
    }
    const rest: KeptRest = { keptMs, rows: ordered.map(([name, rows]) => [name, rows.slice(firstRows)]) }
    await store.write([
      { type: "Put", key: firstKey(key), value: textToBytes(JSON.stringify(first)) },
      { type: "Put", key: restKey(key), value: textToBytes(JSON.stringify(rest)) },
    ])
  }

  /** Sealed by this very program: what opens is whole. */
  const read = async <T>(key: readonly string[]): Promise<T | undefined> => {
    const stored = await store.get(key)
    const text = stored && bytesToText(stored)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }

  return {
    first: async key => {
      const first = areas.includes(key.area) ? await read<KeptFirst>(firstKey(key)) : undefined
      if (first?.version !== version) return undefined
      const fields = JSON.parse(first.fields, unmarked) as Shown["fields"]
      return {
        shown: { fields, collections: collectionsOf(first.rows) },
        counts: first.counts,
        whole: async () => {
          const rest = await read<KeptRest>(restKey(key))
          if (rest?.keptMs !== first.keptMs) return undefined
          return { fields, collections: collectionsOf(first.rows, rest.rows) }
        },
      }
    },
    keep: (key, shown) => {
      if (!areas.includes(key.area)) return
      timers.get(key.id)?.()
      timers.set(
        key.id,
        clock.after(restMs, () => {
          timers.delete(key.id)
          write(key, shown).catch(deps.onFailed)
        }),
      )
    },
    close: () => {
      for (const cancel of timers.values()) cancel()
      timers.clear()
    },
  }
}
