import type { BundleHash, FeedId } from "../base/index.js"
import type { SealedBundle } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { Batch } from "./batch.js"

/** A bundle that comes after its successors may show that they went back behind heads: looks at those again. */
export const createSuccessors = (
  archive: Archive,
): ((batch: Pick<Batch, "queue">, bundle: SealedBundle) => Promise<void>) => {
  const highestByFeed = new Map<FeedId, number>()

  /** What an earlier process had taken in of the feed. */
  const highestHere = async (feed: FeedId): Promise<number> => {
    const position = await archive.position(feed)
    return Math.max(position?.contiguousSeq ?? 0, ...(position?.islands ?? []).map(([, to]) => to))
  }

  return async (batch, bundle) => {
    const highest = highestByFeed.get(bundle.feed) ?? (await highestHere(bundle.feed))
    highestByFeed.set(bundle.feed, Math.max(highest, bundle.seq))
    if (bundle.seq >= highest) return
    // One variant at a time, all of them.
    for (let last: BundleHash | undefined; ;) {
      const [successor] = await archive.read(bundle.feed, bundle.seq + 1, 1, last)
      if (successor?.bundle.seq !== bundle.seq + 1) return
      if (!batch.queue.some(queued => queued.hash === successor.hash)) batch.queue.push(successor)
      last = successor.hash
    }
  }
}
