import type { BundleHash, FeedId } from "../base/index.js"
import {
  type Archive,
  type ArrivalCursor,
  type FeedPosition,
  type StoredBundle,
  positionIslands,
} from "../replica/archive.js"
import { fillArrivalPage, fillFeedPage } from "../replica/bundle-page.js"
import { type RangeEdit, type SeqRange, addSeq, removeSeq } from "../replica/feed-ranges.js"

interface Arrived extends StoredBundle {
  readonly arrival: ArrivalCursor
}

interface Feed {
  contiguousSeq: number
  islands: SeqRange[]
  readonly tags: Set<string>
  readonly hashesBySeq: Map<number, BundleHash[]>
}

/** The archive of tests and of the simulation. `identity`: 16 bytes. */
export const createMemoryArchive = (identity: Uint8Array = new Uint8Array(16)): Archive => {
  const bundleByHash = new Map<BundleHash, Arrived>()
  const feedById = new Map<FeedId, Feed>()
  let lastArrival = 0
  let sizeBytes = 0

  const edit = (feed: Feed, change: RangeEdit): void => {
    feed.contiguousSeq = change.contiguousSeq
    feed.islands = [...feed.islands.filter(range => !change.removed.includes(range)), ...change.added]
    feed.islands.sort((a, b) => a[0] - b[0])
  }
  const below = (feed: Feed, seq: number): SeqRange | undefined =>
    feed.islands.findLast(range => range[0] <= seq)

  const add = (entry: StoredBundle): boolean => {
    if (bundleByHash.has(entry.hash)) return false
    const { feed: feedId, seq, epochTag, bytes } = entry.bundle
    const feed = feedById.get(feedId) ?? {
      contiguousSeq: 0,
      islands: [],
      tags: new Set(),
      hashesBySeq: new Map(),
    }
    feedById.set(feedId, feed)
    const variants = feed.hashesBySeq.get(seq) ?? []
    if (variants.length === 0)
      edit(
        feed,
        addSeq(
          feed.contiguousSeq,
          below(feed, seq),
          feed.islands.find(range => range[0] > seq),
          seq,
        ),
      )
    feed.hashesBySeq.set(seq, [...variants, entry.hash].sort())
    feed.tags.add(epochTag)
    lastArrival += 1
    sizeBytes += bytes.length
    bundleByHash.set(entry.hash, { ...entry, arrival: lastArrival })
    return true
  }

  const removeOne = (hash: BundleHash): void => {
    const entry = bundleByHash.get(hash)
    const feed = entry && feedById.get(entry.bundle.feed)
    if (entry === undefined || feed === undefined) return
    bundleByHash.delete(hash)
    const { seq, bytes } = entry.bundle
    sizeBytes -= bytes.length
    const variants = (feed.hashesBySeq.get(seq) ?? []).filter(other => other !== hash)
    if (variants.length > 0) {
      feed.hashesBySeq.set(seq, variants)
      return
    }
    feed.hashesBySeq.delete(seq)
    edit(feed, removeSeq(feed.contiguousSeq, below(feed, seq), seq))
    if (feed.hashesBySeq.size === 0) feedById.delete(entry.bundle.feed)
  }

  const positionOf = (id: FeedId, feed: Feed): FeedPosition => ({
    feed: id,
    contiguousSeq: feed.contiguousSeq,
    hash: feed.hashesBySeq.get(feed.contiguousSeq)?.[0],
    islands: feed.islands.slice(0, positionIslands),
    tags: [...feed.tags].sort(),
  })

  function* inFeed(feed: Feed, fromSeq: number, afterHash: BundleHash | undefined): Iterable<StoredBundle> {
    const seqs = [...feed.hashesBySeq.keys()].filter(seq => seq >= fromSeq).sort((a, b) => a - b)
    for (const seq of seqs)
      for (const hash of feed.hashesBySeq.get(seq) ?? []) {
        const entry = bundleByHash.get(hash)
        const passed = afterHash !== undefined && seq === fromSeq && hash <= afterHash
        if (entry !== undefined && !passed) yield { hash, bundle: entry.bundle }
      }
  }

  function* inArrivalOrder(after: ArrivalCursor, tag: string | undefined): Iterable<Arrived> {
    for (const entry of bundleByHash.values())
      if (entry.arrival > after && (tag === undefined || entry.bundle.epochTag === tag)) yield entry
  }

  return {
    identity,
    append: async bundles => bundles.filter(add),
    appendSoon: async bundles => bundles.filter(add),
    settled: async () => {},
    has: async hash => bundleByHash.has(hash),
    get: async hash => bundleByHash.get(hash)?.bundle,
    positions: async () => [...feedById].map(([id, feed]) => positionOf(id, feed)),
    position: async id => {
      const feed = feedById.get(id)
      return feed && positionOf(id, feed)
    },
    read: async (id, fromSeq, limitBytes, afterHash) => {
      const feed = feedById.get(id)
      return feed === undefined ? [] : fillFeedPage(inFeed(feed, fromSeq, afterHash), limitBytes)
    },
    byTag: async (tag, after, limitBytes) => fillArrivalPage(inArrivalOrder(after, tag), after, limitBytes),
    readSince: async (after, limitBytes) =>
      fillArrivalPage(inArrivalOrder(after, undefined), after, limitBytes),
    forks: async () =>
      [...feedById].flatMap(([feed, { hashesBySeq }]) =>
        [...hashesBySeq].filter(([, hashes]) => hashes.length > 1).map(([seq]) => ({ feed, seq })),
      ),
    latest: async () => lastArrival,
    count: async () => ({ bundles: bundleByHash.size, bytes: sizeBytes }),
    remove: async hashes => hashes.forEach(removeOne),
    close: async () => {},
  }
}
