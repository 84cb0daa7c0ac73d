import type { ArrivalCursor, ArrivalPage, StoredBundle } from "./archive.js"

/** Fills one page of `Archive.read`: entries come in order of (seq, hash), at least one is taken. */
export const fillFeedPage = (
  entries: Iterable<StoredBundle>,
  limitBytes: number,
): readonly StoredBundle[] => {
  const page: StoredBundle[] = []
  let sizeBytes = 0
  for (const entry of entries) {
    sizeBytes += entry.bundle.bytes.length
    if (page.length > 0 && sizeBytes > limitBytes) return withoutPartOf(page, entry.bundle.seq)
    page.push({ hash: entry.hash, bundle: entry.bundle })
  }
  return page
}

/** The next bundle has `seq` and did not fit: other variants of it would make a caller believe it has them all. */
const withoutPartOf = (page: readonly StoredBundle[], seq: number): readonly StoredBundle[] => {
  const whole = page.filter(entry => entry.bundle.seq !== seq)
  return whole.length > 0 ? whole : page
}

/** Fills one page in the order of arrival. */
export const fillArrivalPage = (
  entries: Iterable<StoredBundle & { readonly arrival: ArrivalCursor }>,
  after: ArrivalCursor,
  limitBytes: number,
): ArrivalPage => {
  const bundles: StoredBundle[] = []
  let next = after
  let sizeBytes = 0
  for (const { arrival, hash, bundle } of entries) {
    sizeBytes += bundle.bytes.length
    if (bundles.length > 0 && sizeBytes > limitBytes) break
    bundles.push({ hash, bundle })
    next = arrival
  }
  return { bundles, next }
}
