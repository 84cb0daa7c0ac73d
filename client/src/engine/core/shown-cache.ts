import { type Area, type Clock, type Store, bytesToText, textToBytes } from "@home/shared/base"
import type { DocumentKey } from "@home/shared/replica"
import type { Shown } from "./rows.js"

/**
 * What a document looked like when it was last shown, sealed in the profile's store: opening a year of ten thousand
 * entries takes Automerge seconds, and nobody should look at nothing meanwhile. It is shown, never built upon: the
 * document itself corrects it as soon as it is read.
 */
export interface ShownCache {
  load(key: DocumentKey): Promise<Shown | undefined>
  /** Kept once nothing has changed for a while. */
  keep(key: DocumentKey, shown: Shown): void
  close(): void
}

/** Counts the shapes of rows that screens expect: what an older program kept is not shown. */
const version = 2
/** Areas whose rows are plain JSON. */
const areas: readonly Area[] = ["ledger", "book", "catalogue", "profile"]
const restMs = 3_000

interface Kept {
  readonly version: number
  /** JSON of its own: the only place with maps and sets, so that thousands of rows are read without looking for any. */
  readonly fields: string
  readonly collections: readonly (readonly [name: string, rows: readonly (readonly [string, unknown])[]])[]
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

const storeKey = ({ id }: DocumentKey): readonly string[] => ["shown", id]

export const createShownCache = (deps: {
  readonly store: Store
  readonly clock: Clock
  readonly onFailed: (error: unknown) => void
}): ShownCache => {
  const { store, clock } = deps
  const timers = new Map<string, () => void>()

  const write = async (key: DocumentKey, shown: Shown): Promise<void> => {
    const collections = [...shown.collections].map(([name, rows]) => [name, [...rows]] as const)
    const kept: Kept = { version, fields: JSON.stringify(shown.fields, marked), collections }
    await store.write([{ type: "Put", key: storeKey(key), value: textToBytes(JSON.stringify(kept)) }])
  }

  return {
    load: async key => {
      const stored = areas.includes(key.area) ? await store.get(storeKey(key)) : undefined
      const text = stored && bytesToText(stored)
      // Sealed by this very program: what opens is whole.
      const kept = text === undefined ? undefined : (JSON.parse(text) as Kept)
      if (kept?.version !== version) return undefined
      return {
        fields: JSON.parse(kept.fields, unmarked) as Shown["fields"],
        collections: new Map(kept.collections.map(([name, rows]) => [name, new Map(rows)] as const)),
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
