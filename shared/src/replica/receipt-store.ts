import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type Clock,
  type DeviceId,
  type FeedId,
  type Store,
} from "../base/index.js"
import { type Have, type HavePosition, encodeHave, firstFeed, parseHave, tellsOf } from "../wire/index.js"
import type { Signal } from "./signals.js"

/** The last receipts of other devices, as they were said: page by page. */
export interface ReceiptStore {
  /** False: it is none, or what is here of its range is as new. */
  take(signal: Signal): Promise<boolean>
  /** All pages together, and when the last of them was made. */
  of(device: DeviceId, circle: CircleId): Promise<{ readonly atMs: number; readonly have: Have } | undefined>
}

/** A receipt from further ahead than this was made by a clock that is wrong; clocks that are right differ by less. */
const clockSkewMs = 5 * 60 * 1000
/** Pages that are kept of one device in one circle: 200,000 feeds. Beyond, the oldest goes. */
const keptPages = 64

interface Page {
  /** When it was made, by its maker's clock. */
  readonly atMs: number
  /** Counts up as pages are taken in. */
  readonly order: number
  readonly have: Have
}

const overlaps = (one: Have, other: Have): boolean =>
  (one.before === undefined || other.from < one.before) &&
  (other.before === undefined || one.from < other.before)

const covers = (outer: Have, inner: Have): boolean =>
  outer.from <= inner.from &&
  (outer.before === undefined || (inner.before !== undefined && inner.before <= outer.before))

export const createReceiptStore = (store: Store, clock: Clock): ReceiptStore => {
  const pageKey = (device: DeviceId, circle: CircleId, have: Have) => ["receipt", device, circle, have.from]

  const pages = async (device: DeviceId, circle: CircleId): Promise<readonly Page[]> => {
    const found: Page[] = []
    for (const { value } of await store.list(["receipt", device, circle])) {
      const reader = new ByteReader(value)
      const atMs = reader.u64()
      const order = reader.u64()
      const have = parseHave(value.subarray(reader.offset))
      if (have !== undefined) found.push({ atMs, order, have })
    }
    return found.sort((one, other) => one.order - other.order)
  }

  return {
    take: async ({ device, circle, atMs, payload }) => {
      const have = parseHave(payload)
      if (have === undefined) return false
      const latestMs = clock.now() + clockSkewMs
      /** What was said while the maker's clock ran ahead counts until he says something with a time that can be right. */
      const isBeaten = (page: Page): boolean => page.atMs < atMs || (page.atMs > latestMs && atMs <= latestMs)
      const known = await pages(device, circle)
      if (known.some(page => overlaps(page.have, have) && !isBeaten(page))) return false
      const isObsolete = (page: Page): boolean => covers(have, page.have)
      const others = known.filter(page => !isObsolete(page) && page.have.from !== have.from)
      const gone = [
        ...known.filter(isObsolete),
        ...others.slice(0, Math.max(others.length + 1 - keptPages, 0)),
      ]
      const order = (known.at(-1)?.order ?? 0) + 1
      const value = new ByteWriter().u64(atMs).u64(order).bytes(encodeHave(have)).done()
      await store.write([
        ...gone.map(page => ({ type: "Remove" as const, key: pageKey(device, circle, page.have) })),
        { type: "Put", key: pageKey(device, circle, have), value },
      ])
      return true
    },

    of: async (device, circle) => {
      const known = await pages(device, circle)
      const newest = known.at(-1)
      if (newest === undefined) return undefined
      const positions = new Map<FeedId, HavePosition>()
      // Where the borders of pages have moved, the later one is right in its range.
      for (const { have } of known) {
        for (const feed of [...positions.keys()]) if (tellsOf(have, feed)) positions.delete(feed)
        for (const position of have.positions) positions.set(position.feed, position)
      }
      return {
        atMs: newest.atMs,
        have: { ...newest.have, from: firstFeed, before: undefined, positions: [...positions.values()] },
      }
    },
  }
}
