import {
  ByteReader,
  ByteWriter,
  type OperationId,
  type Store,
  type StoreChange,
  equalBytes,
} from "../base/index.js"
import type { GroupLog } from "../access/index.js"
import type { Archive, ArrivalCursor } from "./archive.js"

/** Heads of the log that are noted: as many as nobody reaches who does not fork on purpose. */
const notedHeads = 256

/**
 * Up to where the archive was processed: what a crash left behind it is processed at the next start.
 * `archive 16 | cursor u64 | heads: ids 32`: with the heads that the log had then.
 */
export const processedPut = async (archive: Archive, log: GroupLog): Promise<StoreChange> => ({
  type: "Put",
  key: ["processed"],
  value: new ByteWriter()
    .bytes(archive.identity)
    .u64(await archive.latest())
    .list(log.heads().slice(0, notedHeads), (list, head) => list.hex(head))
    .done(),
})

/**
 * The place to go on from; the beginning when the archive is another one, or when the log lacks what it had: somebody
 * with the disk took operations out of the store, or put older values back.
 */
export const processedUntil = async (
  store: Store,
  archive: Archive,
  log: GroupLog,
): Promise<ArrivalCursor> => {
  const stored = await store.get(["processed"])
  if (stored === undefined || !equalBytes(stored.subarray(0, 16), archive.identity)) return 0
  const reader = new ByteReader(stored.subarray(16))
  const cursor = reader.u64()
  const heads = reader.list(notedHeads, list => list.hex(32) as OperationId)
  return reader.end() && heads.every(head => log.has(head)) ? cursor : 0
}
