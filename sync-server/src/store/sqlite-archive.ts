import { randomBytes } from "node:crypto"
import { type BundleHash, bytesToHex, hexToBytes } from "@home/shared/base"
import {
  type Archive,
  type ArrivalCursor,
  type StoredBundle,
  archiveForks,
  fillArrivalPage,
  fillFeedPage,
} from "@home/shared/replica"
import { parseBundle, type SealedBundle } from "@home/shared/wire"
import type { CommitQueue } from "./commit-queue.js"
import type { SqliteConnection } from "./database.js"
import { createFeedTable } from "./feed-table.js"
import { plainBytes } from "./sqlite-store.js"

export interface SqliteArchive extends Archive {
  /** After a restore or a clone: receipts and cursors that were given before are void. */
  renewIdentity(): Promise<void>
}

/** A stored bundle no longer parses: the disk altered it. */
export class StoredBundleDamaged extends Error {
  readonly type = "StoredBundleDamaged"
  constructor(readonly hash: BundleHash) {
    super("a stored bundle does not parse")
  }
}

interface BundleRow {
  readonly arrival: ArrivalCursor
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

const columns = "SELECT arrival, hash, bytes FROM bundle"

/** The port `Archive` over one table of bundles and the positions kept beside it. */
export const createSqliteArchive = (
  connection: SqliteConnection,
  queue: CommitQueue,
  close: () => Promise<void>,
): SqliteArchive => {
  const feeds = createFeedTable(connection)
  const insert = connection.prepare<[Uint8Array, number, number, Uint8Array, Uint8Array]>(
    "INSERT INTO bundle (hash, feed, seq, tag, bytes) VALUES (?, ?, ?, ?, ?)",
  )
  const selectArrival = connection.prepare<[Uint8Array]>("SELECT 1 FROM bundle WHERE hash = ?").pluck()
  const selectOne = connection.prepare<[Uint8Array], BundleRow>(`${columns} WHERE hash = ?`)
  const selectPlace = connection.prepare<[Uint8Array], { feed: number; seq: number; sizeBytes: number }>(
    "SELECT feed, seq, length(bytes) AS sizeBytes FROM bundle WHERE hash = ?",
  )
  const selectInFeed = connection.prepare<[number, number, Uint8Array], BundleRow>(
    `${columns} WHERE feed = ? AND (seq, hash) > (?, ?) ORDER BY seq, hash`,
  )
  const selectSince = connection.prepare<[number], BundleRow>(`${columns} WHERE arrival > ? ORDER BY arrival`)
  const selectTag = connection.prepare<[Uint8Array, number], BundleRow>(
    `${columns} WHERE tag = ? AND arrival > ? ORDER BY arrival`,
  )
  const selectLatest = connection.prepare<[], number>("SELECT coalesce(max(arrival), 0) FROM bundle").pluck()
  const remove = connection.prepare<[Uint8Array]>("DELETE FROM bundle WHERE hash = ?")
  const addTotal = connection.prepare<[number, number]>(
    "UPDATE total SET bundles = bundles + ?, bytes = bytes + ?",
  )
  const selectTotal = connection.prepare<[], { bundles: number; bytes: number }>(
    "SELECT bundles, bytes FROM total",
  )
  const selectIdentity = connection.prepare<[], { identity: Uint8Array }>("SELECT identity FROM total")
  const updateIdentity = connection.prepare<[Uint8Array]>("UPDATE total SET identity = ?")
  let identity = plainBytes(selectIdentity.get()?.identity ?? new Uint8Array(0))

  const appendOne = ({ hash, bundle }: StoredBundle): boolean => {
    if (selectArrival.get(bytesOf(hash)) !== undefined) return false
    const feed = feeds.idOf(bytesOf(bundle.feed))
    const isFirstOfSeq = !feeds.has(feed, bundle.seq)
    insert.run(bytesOf(hash), feed, bundle.seq, bytesOf(bundle.epochTag), bundle.bytes)
    if (isFirstOfSeq) feeds.add(feed, bundle.seq)
    else feeds.fork(feed, bundle.seq)
    feeds.tag(feed, bytesOf(bundle.epochTag))
    addTotal.run(1, bundle.bytes.length)
    return true
  }

  const removeOne = (hash: BundleHash): void => {
    const place = selectPlace.get(bytesOf(hash))
    if (place === undefined) return
    remove.run(bytesOf(hash))
    if (!feeds.has(place.feed, place.seq)) feeds.remove(place.feed, place.seq)
    addTotal.run(-1, -place.sizeBytes)
  }

  return {
    get identity() {
      return identity
    },
    append: bundles => queue.run(() => bundles.filter(appendOne)),
    appendSoon: bundles => queue.runSoon(() => bundles.filter(appendOne)),
    settled: queue.settled,
    has: async hash => selectArrival.get(bytesOf(hash)) !== undefined,
    get: async hash => {
      const row = selectOne.get(bytesOf(hash))
      return row && bundleOf(row).bundle
    },
    positions: async () => feeds.positions(),
    position: async feed => feeds.position(bytesOf(feed)),
    read: async (feed, fromSeq, limitBytes, afterHash) => {
      const id = feeds.find(bytesOf(feed))
      const after = afterHash === undefined ? new Uint8Array(0) : bytesOf(afterHash)
      return id === undefined
        ? []
        : fillFeedPage(bundlesOf(selectInFeed.iterate(id, fromSeq, after)), limitBytes)
    },
    byTag: async (tag, after, limitBytes) =>
      fillArrivalPage(bundlesOf(selectTag.iterate(bytesOf(tag), after)), after, limitBytes),
    readSince: async (after, limitBytes) =>
      fillArrivalPage(bundlesOf(selectSince.iterate(after)), after, limitBytes),
    forks: async () => feeds.forks(archiveForks),
    latest: async () => selectLatest.get() ?? 0,
    count: async () => selectTotal.get() ?? { bundles: 0, bytes: 0 },
    remove: hashes => queue.run(() => hashes.forEach(removeOne)),
    renewIdentity: async () => {
      const renewed = new Uint8Array(randomBytes(16))
      await queue.run(() => updateIdentity.run(renewed))
      identity = renewed
    },
    close,
  }
}

function* bundlesOf(rows: Iterable<BundleRow>): Iterable<StoredBundle & { readonly arrival: ArrivalCursor }> {
  for (const row of rows) yield bundleOf(row)
}

const bundleOf = (row: BundleRow): { hash: BundleHash; bundle: SealedBundle; arrival: ArrivalCursor } => {
  const hash = bytesToHex(row.hash) as BundleHash
  const parsed = parseBundle(plainBytes(row.bytes))
  if (!parsed.ok) throw new StoredBundleDamaged(hash)
  return { hash, bundle: parsed.value, arrival: row.arrival }
}

/** Ids are hex by their types; what is none is a bug of the caller. */
const bytesOf = (hex: string): Uint8Array => {
  const bytes = hexToBytes(hex)
  if (bytes === undefined) throw new TypeError("not a hex id")
  return bytes
}
