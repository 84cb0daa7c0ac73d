import { type BundleHash, type FeedId, type OperationId, bytesToHex } from "../base/index.js"
import { type Sealer, limits, parseBody, parseBundle } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import type { Replica } from "./replica-port.js"

/** What a newcomer takes of a log: more than a family could write, and little enough to be held in memory. */
export const joinLimits = {
  bundles: 200_000,
  bytes: 256 * 1024 * 1024,
  /** Bundles in one message; a larger one goes alone. */
  partBytes: 1024 * 1024,
} as const

/** A device writes its note once, and anew when the phrase is replaced. */
const notesPerFeed = 4

export interface LogBundle {
  readonly hash: BundleHash
  readonly bytes: number
  /** `undefined`: a recovery note. */
  readonly operation: OperationId | undefined
}

/**
 * The bundles that a newcomer is given, in the order of their arrival: one for each operation of the log, and the
 * recovery notes that lie beside them. What else was sealed under these keys, by whomever, is not passed on.
 */
export const logBundles = async (sealer: Sealer, replica: Replica): Promise<readonly LogBundle[]> => {
  const { log, open } = replica.session.keyring
  const found: LogBundle[] = []
  const operations = new Set<OperationId>()
  const feeds = new Set<FeedId>()
  const notes = new Map<FeedId, number>()

  const take = ({ hash, bundle }: StoredBundle, key: Uint8Array): void => {
    const plain = sealer.openBundle(bundle, key)
    const body = plain && parseBody(plain)
    const bytes = bundle.bytes.length
    if (body?.kind === "recovery") {
      const count = notes.get(bundle.feed) ?? 0
      notes.set(bundle.feed, count + 1)
      if (feeds.has(bundle.feed) && count < notesPerFeed) found.push({ hash, bytes, operation: undefined })
    }
    if (body?.kind !== "operation") return
    const operation = bytesToHex(sealer.hash("operation", body.payload)) as OperationId
    if (!replica.session.log.has(operation)) return
    feeds.add(bundle.feed)
    if (operations.has(operation)) return
    operations.add(operation)
    found.push({ hash, bytes, operation })
  }

  // The log first: its feeds are those whose notes count.
  for (const { tag, key } of [log, open]) {
    for (let after = 0; ;) {
      const page = await replica.archive.byTag(tag, after, joinLimits.partBytes)
      if (page.bundles.length === 0) break
      for (const stored of page.bundles) take(stored, key)
      after = page.next
    }
  }
  return found
}

/** The next bundles of a log that fit into one message. */
export const readPart = async (
  replica: Replica,
  bundles: readonly LogBundle[],
  from: number,
  partBytes: number,
): Promise<readonly Uint8Array[]> => {
  const part: Uint8Array[] = []
  let bytes = 0
  for (const { hash, bytes: size } of bundles.slice(from)) {
    const isFull = part.length === limits.bundlesPerMessage || bytes + size > partBytes
    if (part.length > 0 && isFull) break
    const bundle = await replica.archive.get(hash)
    if (bundle === undefined) break
    part.push(bundle.bytes)
    bytes += size
  }
  return part
}

/** What of a part is genuine: each bundle's signature holds; an operation's own is checked with the whole log. */
export const verifiedPart = async (
  sealer: Sealer,
  logKey: Uint8Array,
  raw: readonly Uint8Array[],
): Promise<{ readonly bundles: readonly StoredBundle[]; readonly operations: readonly Uint8Array[] }> => {
  const bundles: StoredBundle[] = []
  const operations: Uint8Array[] = []
  for (const bytes of raw) {
    const parsed = parseBundle(bytes)
    if (!parsed.ok || !(await sealer.verifyBundle(parsed.value))) continue
    bundles.push({ hash: bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash, bundle: parsed.value })
    const plain = sealer.openBundle(parsed.value, logKey)
    const body = plain && parseBody(plain)
    if (body?.kind === "operation") operations.push(body.payload.slice())
  }
  return { bundles, operations }
}
