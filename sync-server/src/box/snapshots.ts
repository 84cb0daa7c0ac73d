import { boxLimits } from "./limits.js"

/**
 * Whether the circles' documents are to be taken anew for those who join, with `bundles` in the archive and `before`
 * of them when that was last done. By shares: all documents are looked at for it, so that over the years each is
 * looked at a few times and not once for every two hundred bundles.
 */
export const isSnapshotDue = (bundles: number, before: number): boolean =>
  bundles - before >= Math.max(boxLimits.snapshotBundles, before * boxLimits.snapshotShare)
