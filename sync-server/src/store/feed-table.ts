import { type BundleHash, type FeedId, bytesToHex } from "@home/shared/base"
import {
  type FeedPosition,
  type RangeEdit,
  type SeqRange,
  addSeq,
  positionIslands,
  removeSeq,
} from "@home/shared/replica"
import type { SqliteConnection } from "./database.js"

interface FeedRow {
  readonly id: number
  readonly feed: Uint8Array
  readonly contiguous: number
}

/** Positions as tables: each bundle touches its feed's row and two islands at most. Runs inside a transaction. */
export interface FeedTable {
  /** The feed's row, made when it is new. */
  idOf(feed: Uint8Array): number
  find(feed: Uint8Array): number | undefined
  /** Whether a bundle with this number is in the table of bundles. */
  has(id: number, seq: number): boolean
  add(id: number, seq: number): void
  /** The last bundle with this number is gone. */
  remove(id: number, seq: number): void
  tag(id: number, tag: Uint8Array): void
  /** A second bundle with this number has come. */
  fork(id: number, seq: number): void
  forks(limit: number): readonly { readonly feed: FeedId; readonly seq: number }[]
  positions(): readonly FeedPosition[]
  position(feed: Uint8Array): FeedPosition | undefined
}

export const createFeedTable = (connection: SqliteConnection): FeedTable => {
  const select = connection.prepare<[Uint8Array], FeedRow>(
    "SELECT id, feed, contiguous FROM feed WHERE feed = ?",
  )
  const selectAll = connection.prepare<[], FeedRow>("SELECT id, feed, contiguous FROM feed")
  const selectContiguous = connection.prepare<[number], { contiguous: number }>(
    "SELECT contiguous FROM feed WHERE id = ?",
  )
  const insert = connection.prepare<[Uint8Array]>("INSERT INTO feed (feed, contiguous) VALUES (?, 0)")
  const update = connection.prepare<[number, number]>("UPDATE feed SET contiguous = ? WHERE id = ?")
  const drop = ["feed WHERE id", "feed_tag WHERE feed", "fork WHERE feed"].map(from =>
    connection.prepare<[number]>(`DELETE FROM ${from} = ?`),
  )
  const selectBundle = connection.prepare<[number, number], { hash: Uint8Array }>(
    "SELECT hash FROM bundle WHERE feed = ? AND seq = ? ORDER BY hash LIMIT 1",
  )
  const selectAny = connection.prepare<[number], { hash: Uint8Array }>(
    "SELECT hash FROM bundle WHERE feed = ? LIMIT 1",
  )
  const selectBelow = connection.prepare<[number, number], { first: number; last: number }>(
    "SELECT first, last FROM island WHERE feed = ? AND first <= ? ORDER BY first DESC LIMIT 1",
  )
  const selectAbove = connection.prepare<[number, number], { first: number; last: number }>(
    "SELECT first, last FROM island WHERE feed = ? AND first > ? ORDER BY first LIMIT 1",
  )
  const selectIslands = connection.prepare<[number, number], { first: number; last: number }>(
    "SELECT first, last FROM island WHERE feed = ? ORDER BY first LIMIT ?",
  )
  const insertIsland = connection.prepare<[number, number, number]>(
    "INSERT INTO island (feed, first, last) VALUES (?, ?, ?)",
  )
  const deleteIsland = connection.prepare<[number, number]>("DELETE FROM island WHERE feed = ? AND first = ?")
  const insertTag = connection.prepare<[number, Uint8Array]>(
    "INSERT INTO feed_tag (feed, tag) VALUES (?, ?) ON CONFLICT DO NOTHING",
  )
  const selectTags = connection.prepare<[number], { tag: Uint8Array }>(
    "SELECT tag FROM feed_tag WHERE feed = ? ORDER BY tag",
  )

  const insertFork = connection.prepare<[number, number]>(
    "INSERT INTO fork (feed, seq) VALUES (?, ?) ON CONFLICT DO NOTHING",
  )
  const selectForks = connection.prepare<[number], { feed: Uint8Array; seq: number }>(
    "SELECT feed.feed AS feed, fork.seq AS seq FROM fork JOIN feed ON feed.id = fork.feed ORDER BY fork.feed, seq LIMIT ?",
  )

  const contiguousOf = (id: number): number => selectContiguous.get(id)?.contiguous ?? 0
  const below = (id: number, seq: number): SeqRange | undefined => rangeOf(selectBelow.get(id, seq))
  const edit = (id: number, change: RangeEdit): void => {
    update.run(change.contiguousSeq, id)
    for (const [first] of change.removed) deleteIsland.run(id, first)
    for (const [first, last] of change.added) insertIsland.run(id, first, last)
  }
  const positionOf = ({ id, feed, contiguous }: FeedRow): FeedPosition => {
    const bundle = selectBundle.get(id, contiguous)
    return {
      feed: bytesToHex(feed) as FeedId,
      contiguousSeq: contiguous,
      hash: bundle && (bytesToHex(bundle.hash) as BundleHash),
      islands: selectIslands.all(id, positionIslands).map(({ first, last }) => [first, last]),
      tags: selectTags.all(id).map(row => bytesToHex(row.tag)),
    }
  }

  return {
    idOf: feed => select.get(feed)?.id ?? Number(insert.run(feed).lastInsertRowid),
    find: feed => select.get(feed)?.id,
    has: (id, seq) => selectBundle.get(id, seq) !== undefined,
    add: (id, seq) =>
      edit(id, addSeq(contiguousOf(id), below(id, seq), rangeOf(selectAbove.get(id, seq)), seq)),
    remove: (id, seq) => {
      edit(id, removeSeq(contiguousOf(id), below(id, seq), seq))
      if (selectAny.get(id) === undefined) for (const statement of drop) statement.run(id)
    },
    tag: (id, tag) => void insertTag.run(id, tag),
    fork: (id, seq) => void insertFork.run(id, seq),
    forks: limit =>
      selectForks.all(limit).map(({ feed, seq }) => ({ feed: bytesToHex(feed) as FeedId, seq })),
    positions: () => selectAll.all().map(positionOf),
    position: feed => {
      const row = select.get(feed)
      return row && positionOf(row)
    },
  }
}

const rangeOf = (row: { first: number; last: number } | undefined): SeqRange | undefined =>
  row && [row.first, row.last]
