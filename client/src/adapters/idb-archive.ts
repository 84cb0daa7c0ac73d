import type { BundleHash, FeedId, Random } from "@home/shared/base"
import {
  type Archive,
  type ArrivalCursor,
  type ArrivalPage,
  type StoredBundle,
  archiveForks,
  fillArrivalPage,
  fillFeedPage,
} from "@home/shared/replica"
import { parseBundle } from "@home/shared/wire"
import { type ForkRow, bundleStore, byPlace, createFeedStores, feedStores, feedsIn } from "./idb-feeds.js"
import { eachOf, reading, requested, writing } from "./idb.js"

export interface IdbArchive extends Archive {
  /** This profile turned out to be a copy: receipts and cursors that were given before are void. */
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
  readonly hash: BundleHash
  readonly feed: FeedId
  readonly seq: number
  readonly tag: string
  readonly bytes: Uint8Array
}

/** `latest`: the last place in the order of arrival that was ever given. */
interface TotalRow {
  readonly identity: Uint8Array
  readonly latest: ArrivalCursor
  readonly bundles: number
  readonly bytes: number
}

const totalStore = "total"
const totalKey = "total"
const byHash = "hash"
const byTag = "tag"
const all = [bundleStore, totalStore, ...feedStores]

export const createArchiveStores = (database: IDBDatabase): void => {
  const bundles = database.createObjectStore(bundleStore, { keyPath: "arrival" })
  bundles.createIndex(byHash, "hash", { unique: true })
  bundles.createIndex(byPlace, ["feed", "seq", "hash"])
  bundles.createIndex(byTag, ["tag", "arrival"])
  database.createObjectStore(totalStore)
  createFeedStores(database)
}

const arrivedOf = (row: BundleRow): StoredBundle & { readonly arrival: ArrivalCursor } => {
  const parsed = parseBundle(row.bytes)
  if (!parsed.ok) throw new StoredBundleDamaged(row.hash)
  return { hash: row.hash, bundle: parsed.value, arrival: row.arrival }
}

/** The rows of a range until they are more than a page, the first that does not fit included. */
const rowsOf = async (
  source: IDBObjectStore | IDBIndex,
  range: IDBKeyRange,
  limitBytes: number,
): Promise<readonly BundleRow[]> => {
  const rows: BundleRow[] = []
  let sizeBytes = 0
  await eachOf(source.openCursor(range), cursor => {
    const row = cursor.value as BundleRow
    rows.push(row)
    sizeBytes += row.bytes.length
    return sizeBytes <= limitBytes || rows.length === 1
  })
  return rows
}

/** The port `Archive` over one object store of bundles and the positions kept beside it. */
export const openIdbArchive = async (database: IDBDatabase, random: Random): Promise<IdbArchive> => {
  const keptTotalIn = async (transaction: IDBTransaction): Promise<TotalRow | undefined> =>
    (await requested(transaction.objectStore(totalStore).get(totalKey))) as TotalRow | undefined
  const totalIn = async (transaction: IDBTransaction): Promise<TotalRow> =>
    (await keptTotalIn(transaction)) ?? { identity: random.bytes(16), latest: 0, bundles: 0, bytes: 0 }
  const putTotal = async (transaction: IDBTransaction, total: TotalRow): Promise<void> => {
    await requested(transaction.objectStore(totalStore).put(total, totalKey))
  }
  const changeTotal = (change: (total: TotalRow) => TotalRow): Promise<TotalRow> =>
    writing(database, [totalStore], async transaction => {
      const total = change(await totalIn(transaction))
      await putTotal(transaction, total)
      return total
    })
  const total = (): Promise<TotalRow> => reading(database, [totalStore], totalIn)

  const appendIn = async (
    transaction: IDBTransaction,
    bundles: readonly StoredBundle[],
  ): Promise<readonly StoredBundle[]> => {
    const stored = transaction.objectStore(bundleStore)
    const feeds = feedsIn(transaction)
    const fresh: StoredBundle[] = []
    const before = await totalIn(transaction)
    let { latest, bytes: sizeBytes } = before
    for (const entry of bundles) {
      const { hash, bundle } = entry
      if ((await requested(stored.index(byHash).getKey(hash))) !== undefined) continue
      const { feed, seq, epochTag: tag } = bundle
      await feeds.take(feed, seq, tag)
      latest += 1
      const row: BundleRow = { arrival: latest, hash, feed, seq, tag, bytes: bundle.bytes.slice() }
      await requested(stored.add(row))
      sizeBytes += row.bytes.length
      fresh.push(entry)
    }
    if (fresh.length > 0)
      await putTotal(transaction, {
        ...before,
        latest,
        bundles: before.bundles + fresh.length,
        bytes: sizeBytes,
      })
    return fresh
  }

  const removeIn = async (transaction: IDBTransaction, hashes: readonly BundleHash[]): Promise<void> => {
    const stored = transaction.objectStore(bundleStore)
    const feeds = feedsIn(transaction)
    const before = await totalIn(transaction)
    let { bundles, bytes } = before
    for (const hash of hashes) {
      const row = (await requested(stored.index(byHash).get(hash))) as BundleRow | undefined
      if (row === undefined) continue
      await requested(stored.delete(row.arrival))
      await feeds.drop(row.feed, row.seq)
      bundles -= 1
      bytes -= row.bytes.length
    }
    await putTotal(transaction, { ...before, bundles, bytes })
  }

  const arrivals = (
    range: IDBKeyRange,
    index: string | undefined,
    after: ArrivalCursor,
    limitBytes: number,
  ): Promise<ArrivalPage> =>
    reading(database, [bundleStore], async transaction => {
      const bundles = transaction.objectStore(bundleStore)
      const rows = await rowsOf(index === undefined ? bundles : bundles.index(index), range, limitBytes)
      return fillArrivalPage(rows.map(arrivedOf), after, limitBytes)
    })

  const bundleIndex = <T>(index: string, job: (found: IDBIndex) => Promise<T>): Promise<T> =>
    reading(database, [bundleStore], transaction => job(transaction.objectStore(bundleStore).index(index)))

  const kept = await reading(database, [totalStore], keptTotalIn)
  // Written once: a disk that is full meanwhile opens as well.
  let { identity } = kept ?? (await changeTotal(known => known))

  const append: Archive["append"] = async bundles => {
    if (bundles.length === 0) return []
    return writing(database, all, transaction => appendIn(transaction, bundles))
  }

  return {
    get identity() {
      return identity
    },
    append,
    // IndexedDB promises no order between what is on the disk and what is not.
    appendSoon: append,
    settled: async () => {},
    has: hash => bundleIndex(byHash, async found => (await requested(found.getKey(hash))) !== undefined),
    get: hash =>
      bundleIndex(byHash, async found => {
        const row = (await requested(found.get(hash))) as BundleRow | undefined
        return row && arrivedOf(row).bundle
      }),
    positions: () => reading(database, all, transaction => feedsIn(transaction).positions()),
    position: feed => reading(database, all, transaction => feedsIn(transaction).position(feed)),
    read: (feed, fromSeq, limitBytes, afterHash) =>
      bundleIndex(byPlace, async found => {
        const lower = [feed, fromSeq, ...(afterHash === undefined ? [] : [afterHash])]
        const range = IDBKeyRange.bound(lower, [feed, Infinity], true)
        return fillFeedPage((await rowsOf(found, range, limitBytes)).map(arrivedOf), limitBytes)
      }),
    byTag: (tag, after, limitBytes) =>
      arrivals(IDBKeyRange.bound([tag, after], [tag, Infinity], true), byTag, after, limitBytes),
    readSince: (after, limitBytes) =>
      arrivals(IDBKeyRange.lowerBound(after, true), undefined, after, limitBytes),
    forks: () =>
      reading(database, ["fork"], async transaction => {
        const rows = transaction.objectStore("fork").getAll(undefined, archiveForks)
        return (await requested(rows)) as ForkRow[]
      }),
    latest: async () => (await total()).latest,
    count: async () => {
      const { bundles, bytes } = await total()
      return { bundles, bytes }
    },
    remove: hashes => writing(database, all, transaction => removeIn(transaction, hashes)),
    renewIdentity: async () => {
      const renewed = random.bytes(16)
      await changeTotal(known => ({ ...known, identity: renewed }))
      identity = renewed
    },
    close: () => Promise.resolve(database.close()),
  }
}
