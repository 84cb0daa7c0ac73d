import { ByteReader, ByteWriter, type FeedId, type Store, type StoreChange } from "../base/index.js"

/**
 * How far own feeds have come at the relay of `origin`: the last seq that it acknowledged, for each scope of its
 * rooms. Kept as `["posted", origin, scope, feed] -> u64`.
 */
export interface Posted {
  seq(scope: string, feed: FeedId): Promise<number>
  advance(scope: string, feed: FeedId, seq: number): Promise<void>
  /** The relay has forgotten what it was given there. */
  forget(scope: string): Promise<void>
}

export const createPosted = (store: Store, origin: string): Posted => {
  const keyOf = (scope: string, feed: FeedId): readonly string[] => ["posted", origin, scope, feed]
  const write = (change: StoreChange): Promise<void> => store.write([change])
  return {
    seq: async (scope, feed) => {
      const stored = await store.get(keyOf(scope, feed))
      return stored === undefined ? 0 : new ByteReader(stored).u64()
    },
    advance: (scope, feed, seq) =>
      write({ type: "Put", key: keyOf(scope, feed), value: new ByteWriter().u64(seq).done() }),
    forget: scope => write({ type: "RemovePrefix", prefix: ["posted", origin, scope] }),
  }
}
