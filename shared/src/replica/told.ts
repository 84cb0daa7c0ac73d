import {
  ByteReader,
  ByteWriter,
  type Clock,
  type RoomId,
  type Store,
  concatBytes,
  equalBytes,
} from "../base/index.js"
import { type Have, type Sealer, encodeHave } from "../wire/index.js"

/** Who comes back within this time and has nothing new does not say again what he said last, milliseconds. */
const repeatMs = 60 * 60_000

/** What the last receipt of this device said in each room of a relay: `["told", origin, room] -> hash 32 | atMs u64`. */
export interface Told {
  isSaid(room: RoomId, pages: readonly Have[]): Promise<boolean>
  /** The relay has stored it. */
  put(room: RoomId, pages: readonly Have[]): Promise<void>
}

export const createTold = (
  deps: { readonly store: Store; readonly clock: Clock; readonly sealer: Sealer },
  origin: string,
): Told => {
  const { store, clock, sealer } = deps
  const keyOf = (room: RoomId): readonly string[] => ["told", origin, room]
  const hashOf = (pages: readonly Have[]): Uint8Array => sealer.sha256(concatBytes(...pages.map(encodeHave)))
  return {
    isSaid: async (room, pages) => {
      const stored = await store.get(keyOf(room))
      if (stored === undefined || !equalBytes(stored.subarray(0, 32), hashOf(pages))) return false
      const agoMs = clock.now() - new ByteReader(stored.subarray(32)).u64()
      return agoMs >= 0 && agoMs < repeatMs
    },
    put: (room, pages) => {
      const value = new ByteWriter().bytes(hashOf(pages)).u64(clock.now()).done()
      return store.write([{ type: "Put", key: keyOf(room), value }])
    },
  }
}
