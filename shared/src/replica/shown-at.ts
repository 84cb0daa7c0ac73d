import type { ChunkId } from "../base/index.js"
import { shownChunks } from "../documents/shown-chunks.js"
import type { BlobPlace } from "../wire/index.js"
import type { Replica } from "./replica-port.js"

/** What a document of a circle that this device reads shows; a document that does not open shows nothing. */
export const shownAt = (replica: Replica, place: BlobPlace): Promise<ReadonlySet<ChunkId>> => {
  const key = replica.keyFor(place.area, place.name, place.circle)
  return replica.read(key, doc => shownChunks(place.area, doc)).catch(() => new Set<ChunkId>())
}
