import { ByteReader, ByteWriter, type RoomId, type Store } from "../base/index.js"
import type { RoomCursor } from "../wire/index.js"

/** How far each room of one relay was taken in: `store 16 | after u64` under `["cursor", origin, room]`. */
export interface RoomCursors {
  load(room: RoomId): Promise<RoomCursor>
  save(room: RoomCursor & { readonly id: RoomId }): Promise<void>
}

export const createRoomCursors = (store: Store, origin: string): RoomCursors => {
  const keyOf = (room: RoomId): readonly string[] => ["cursor", origin, room]
  return {
    load: async room => {
      const stored = await store.get(keyOf(room))
      const reader = stored && new ByteReader(stored)
      return { store: reader?.hex(16), after: reader?.u64() ?? 0 }
    },
    save: async room => {
      if (room.store === undefined) return
      const value = new ByteWriter().hex(room.store).u64(room.after).done()
      await store.write([{ type: "Put", key: keyOf(room.id), value }])
    },
  }
}
