import { ByteReader, ByteWriter, type RoomId, type Store, type StoreChange } from "../base/index.js"
import type { RoomCursor } from "../wire/index.js"

type Placed = RoomCursor & { readonly id: RoomId }

/** So long how far things have come is in memory only: after a crash that much is read, or posted, once more. */
const saveDelayMs = 1_000

/**
 * How far each room of one relay was taken in: `store 16 | after u64` under `["cursor", origin, room]`. Kept together with
 * how far own feeds have come there, in one write for all that moves in a while.
 */
export interface RoomCursors {
  load(room: RoomId): Promise<RoomCursor>
  /** It has moved, or what was posted there was acknowledged. */
  moved(room: Placed): void
  save(): Promise<void>
}

export const createRoomCursors = (deps: {
  readonly store: Store
  readonly origin: string
  readonly later: (delayMs: number, job: () => Promise<void>) => void
  /** What keeps how far own feeds have come. */
  readonly takePosted: () => readonly StoreChange[]
}): RoomCursors => {
  const unsaved = new Set<Placed>()
  let isDue = false
  const keyOf = (room: RoomId): readonly string[] => ["cursor", deps.origin, room]

  const save = async (): Promise<void> => {
    const changes = [...deps.takePosted()]
    for (const { id, store, after } of unsaved) {
      if (store === undefined) continue
      changes.push({ type: "Put", key: keyOf(id), value: new ByteWriter().hex(store).u64(after).done() })
    }
    unsaved.clear()
    if (changes.length > 0) await deps.store.write(changes)
  }

  return {
    load: async room => {
      const stored = await deps.store.get(keyOf(room))
      const reader = stored && new ByteReader(stored)
      return { store: reader?.hex(16), after: reader?.u64() ?? 0 }
    },
    moved: room => {
      unsaved.add(room)
      if (isDue) return
      isDue = true
      deps.later(saveDelayMs, () => {
        isDue = false
        return save()
      })
    },
    save,
  }
}
