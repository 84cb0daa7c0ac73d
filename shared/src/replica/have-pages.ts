import type { FeedId } from "../base/index.js"
import { type Have, type HavePosition, firstFeed, limits, positionBytes } from "../wire/index.js"

/** What stands on every page. */
export type HaveHead = Pick<Have, "archive" | "isKeeper" | "wants">

/** The page that begins at `from`, of positions in the order of their feeds: as many as there is room for. */
export const pageFrom = (
  head: HaveHead,
  positions: readonly HavePosition[],
  from: FeedId,
  limitBytes: number,
): Have => {
  const told: HavePosition[] = []
  let bytes = 0
  for (const position of positions) {
    if (position.feed < from) continue
    bytes += positionBytes(position)
    const isFull = told.length === limits.haveFeeds || (bytes > limitBytes && told.length > 0)
    if (isFull) return { ...head, from, before: position.feed, positions: told }
    told.push(position)
  }
  return { ...head, from, before: undefined, positions: told }
}

/** All pages, at least one. */
export const pagesOf = (
  head: HaveHead,
  positions: readonly HavePosition[],
  limitBytes: number,
): readonly Have[] => {
  const pages: Have[] = []
  for (let from: FeedId | undefined = firstFeed; from !== undefined;) {
    const page: Have = pageFrom(head, positions, from, limitBytes)
    pages.push(page)
    from = page.before
  }
  return pages
}
