import type { BundleHash, FeedId } from "@home/shared/base"
import {
  type FeedPosition,
  type RangeEdit,
  type SeqRange,
  addSeq,
  positionIslands,
  removeSeq,
} from "@home/shared/replica"
import { eachOf, firstOf, requested } from "./idb.js"

/** One feed: all of 1..contiguousSeq are here. Its islands are rows of their own: a hostile feed may have many. */
interface FeedRow {
  readonly feed: FeedId
  readonly contiguousSeq: number
  readonly tags: readonly string[]
}
interface IslandRow {
  readonly feed: FeedId
  readonly first: number
  readonly last: number
}
export interface ForkRow {
  readonly feed: FeedId
  readonly seq: number
}

export const feedStores = ["feed", "island", "fork"] as const
export const bundleStore = "bundle"
export const byPlace = "place"

export const createFeedStores = (database: IDBDatabase): void => {
  database.createObjectStore("feed", { keyPath: "feed" })
  database.createObjectStore("island", { keyPath: ["feed", "first"] })
  database.createObjectStore("fork", { keyPath: ["feed", "seq"] })
}

/** Numbers come before strings, strings before arrays: `[feed, seq, ...]` from the smallest to behind the largest. */
const placesOf = (feed: FeedId, from: number, to: number): IDBKeyRange =>
  IDBKeyRange.bound([feed, from], [feed, to, []])

const rangeOf = (row: IslandRow | undefined): SeqRange | undefined => row && [row.first, row.last]

/** The positions inside one transaction: each bundle touches its feed's row and two islands at most. */
export const feedsIn = (transaction: IDBTransaction) => {
  const feeds = transaction.objectStore("feed")
  const islands = transaction.objectStore("island")
  const places = transaction.objectStore(bundleStore).index(byPlace)

  const rowOf = async (feed: FeedId): Promise<FeedRow | undefined> =>
    (await requested(feeds.get(feed))) as FeedRow | undefined
  const hasBundle = async (feed: FeedId, from: number, to: number): Promise<boolean> =>
    (await requested(places.getKey(placesOf(feed, from, to)))) !== undefined
  const below = async (feed: FeedId, seq: number): Promise<SeqRange | undefined> =>
    rangeOf(await firstOf<IslandRow>(islands, IDBKeyRange.bound([feed, 0], [feed, seq]), "prev"))
  const above = async (feed: FeedId, seq: number): Promise<SeqRange | undefined> =>
    rangeOf(await firstOf<IslandRow>(islands, IDBKeyRange.bound([feed, seq], [feed, Infinity], true)))

  const edit = async (row: FeedRow, change: RangeEdit): Promise<void> => {
    const { feed } = row
    await requested(feeds.put({ ...row, contiguousSeq: change.contiguousSeq }))
    for (const [first] of change.removed) await requested(islands.delete([feed, first]))
    for (const [first, last] of change.added) await requested(islands.put({ feed, first, last }))
  }

  const positionOf = async ({ feed, contiguousSeq, tags }: FeedRow): Promise<FeedPosition> => {
    const found: SeqRange[] = []
    const range = IDBKeyRange.bound([feed, 0], [feed, Infinity])
    await eachOf(islands.openCursor(range), cursor => {
      const { first, last } = cursor.value as IslandRow
      found.push([first, last])
      return found.length < positionIslands
    })
    const smallest = await firstOf<{ readonly hash: BundleHash }>(
      places,
      placesOf(feed, contiguousSeq, contiguousSeq),
    )
    return { feed, contiguousSeq, hash: smallest?.hash, islands: found, tags }
  }

  return {
    /** A bundle that is not in the store of bundles yet comes there. */
    take: async (feed: FeedId, seq: number, tag: string): Promise<void> => {
      const known = (await rowOf(feed)) ?? { feed, contiguousSeq: 0, tags: [] }
      const row = known.tags.includes(tag) ? known : { ...known, tags: [...known.tags, tag].sort() }
      if (!(await hasBundle(feed, seq, seq))) {
        await edit(row, addSeq(row.contiguousSeq, await below(feed, seq), await above(feed, seq), seq))
        return
      }
      await requested(transaction.objectStore("fork").put({ feed, seq }))
      if (row !== known) await requested(feeds.put(row))
    },
    /** A bundle has left the store of bundles. */
    drop: async (feed: FeedId, seq: number): Promise<void> => {
      const row = await rowOf(feed)
      if (row === undefined || (await hasBundle(feed, seq, seq))) return
      await edit(row, removeSeq(row.contiguousSeq, await below(feed, seq), seq))
      if (await hasBundle(feed, 0, Infinity)) return
      await requested(feeds.delete(feed))
      await requested(islands.delete(IDBKeyRange.bound([feed, 0], [feed, Infinity])))
      await requested(transaction.objectStore("fork").delete(IDBKeyRange.bound([feed, 0], [feed, Infinity])))
    },
    position: async (feed: FeedId): Promise<FeedPosition | undefined> => {
      const row = await rowOf(feed)
      return row && positionOf(row)
    },
    positions: async (): Promise<readonly FeedPosition[]> => {
      const found: FeedPosition[] = []
      for (const row of (await requested(feeds.getAll())) as FeedRow[]) found.push(await positionOf(row))
      return found
    },
  }
}
