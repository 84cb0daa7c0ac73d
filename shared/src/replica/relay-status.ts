import type { Store } from "../base/index.js"
import { circlesReadBy } from "./author.js"
import { createPosted } from "./posted.js"
import type { Replica } from "./replica-port.js"
import { circleScope } from "./rooms.js"

/** Own bundles that the relay of `origin` has not acknowledged, each circle's room for itself. */
export const unpostedAt = async (replica: Replica, store: Store, origin: string): Promise<number> => {
  const { device, session, archive } = replica
  const posted = createPosted(store, origin)
  let unposted = 0
  for (const circle of circlesReadBy(session.state(), device)) {
    const feeds = [...(await replica.feedsOf(device, undefined)), ...(await replica.feedsOf(device, circle))]
    for (const feed of feeds) {
      const here = (await archive.position(feed))?.contiguousSeq ?? 0
      unposted += Math.max(here - (await posted.seq(circleScope(circle), feed)), 0)
    }
  }
  return unposted
}
