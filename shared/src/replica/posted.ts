import { ByteReader, ByteWriter, type FeedId, type Store, type StoreChange } from "../base/index.js"

/**
 * How far own feeds have come at the relay of `origin`: the last seq that it acknowledged, for each scope of its
 * rooms. Kept as `["posted", origin, scope, feed] -> u64`.
 */
export interface Posted {
  seq(scope: string, feed: FeedId): Promise<number>
  advance(scope: string, feed: FeedId, seq: number): void
  /** What must be written to keep how far they have come; nothing the second time. */
  takeChanges(): readonly StoreChange[]
  /** The relay has forgotten what it was given there. */
  forget(scope: string): Promise<void>
}

export const createPosted = (store: Store, origin: string): Posted => {
  const keyOf = (scope: string, feed: FeedId): readonly string[] => ["posted", origin, scope, feed]
  const known = new Map<string, Map<FeedId, number>>()
  let unsaved = new Map<string, StoreChange>()
  const inScope = (scope: string): Map<FeedId, number> => {
    const feeds = known.get(scope) ?? new Map<FeedId, number>()
    known.set(scope, feeds)
    return feeds
  }
  return {
    seq: async (scope, feed) => {
      const before = inScope(scope).get(feed)
      if (before !== undefined) return before
      const stored = await store.get(keyOf(scope, feed))
      const seq = stored === undefined ? 0 : new ByteReader(stored).u64()
      inScope(scope).set(feed, seq)
      return seq
    },
    advance: (scope, feed, seq) => {
      inScope(scope).set(feed, seq)
      const value = new ByteWriter().u64(seq).done()
      unsaved.set(`${scope} ${feed}`, { type: "Put", key: keyOf(scope, feed), value })
    },
    takeChanges: () => {
      const changes = [...unsaved.values()]
      unsaved = new Map()
      return changes
    },
    forget: async scope => {
      known.delete(scope)
      for (const name of [...unsaved.keys()]) if (name.startsWith(`${scope} `)) unsaved.delete(name)
      await store.write([{ type: "RemovePrefix", prefix: ["posted", origin, scope] }])
    },
  }
}
