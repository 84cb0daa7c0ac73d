import { ByteReader, ByteWriter, type Store, type StoreChange, equalBytes } from "../base/index.js"
import type { Archive, ArrivalCursor } from "./archive.js"

/** Up to where the archive was processed: what a crash left behind it is processed at the next start. */
export const processedPut = async (archive: Archive): Promise<StoreChange> => ({
  type: "Put",
  key: ["processed"],
  value: new ByteWriter()
    .bytes(archive.identity)
    .u64(await archive.latest())
    .done(),
})

/** The place to go on from; the beginning when the archive is another one. */
export const processedUntil = async (store: Store, archive: Archive): Promise<ArrivalCursor> => {
  const stored = await store.get(["processed"])
  if (stored === undefined || !equalBytes(stored.subarray(0, 16), archive.identity)) return 0
  return new ByteReader(stored.subarray(16)).u64()
}
