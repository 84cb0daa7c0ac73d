import { ByteReader, ByteWriter, type OperationId, type Store, type StoreChange } from "../base/index.js"

const under = "heard"

/**
 * When this device first heard of an operation, by its own clock: `["heard", operation] -> atMs u64`. An operation has no
 * time of its own: its author could say any, and a thief would say one long past.
 */
export const heardPut = (operation: OperationId, atMs: number): StoreChange => ({
  type: "Put",
  key: [under, operation],
  value: new ByteWriter().u64(atMs).done(),
})

/** Of what came while this device was in the group; what it was handed when it came in has no time here. */
export const readHeard = async (store: Store): Promise<ReadonlyMap<OperationId, number>> => {
  const heard = new Map<OperationId, number>()
  for (const { key, value } of await store.list([under])) {
    const reader = new ByteReader(value)
    const atMs = reader.u64()
    if (reader.end()) heard.set(key[1] as OperationId, atMs)
  }
  return heard
}
