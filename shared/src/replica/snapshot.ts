import * as A from "@automerge/automerge/slim"
import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type DocumentId,
  type FeedId,
  type GroupId,
  type Result,
  type Store,
  type StoreChange,
  err,
  ok,
} from "../base/index.js"
import { documentIdOf } from "../access/index.js"
import { fixedChanges } from "../documents/areas.js"
import {
  type Change,
  type Sealer,
  certificateBytes,
  isDocumentChunk,
  limits,
  parseChange,
} from "../wire/index.js"
import { type OpenError, type OpenedBundle, namesDevices } from "./opened-bundle.js"

// A snapshot is a whole document as of some bundles, in one bundle, by the box or an admin. A manifest says: with
// these snapshots nobody needs the bundles of this circle up to these positions. Who joins takes the manifest's
// snapshots instead of thousands of single edits, and says from then on that he has what lies below: his floors.

/** Up to where a feed is covered. */
export interface Floor {
  readonly feed: FeedId
  readonly seq: number
  readonly hash: BundleHash
}

export interface Manifest {
  readonly floors: readonly Floor[]
  readonly snapshots: readonly BundleHash[]
  /** The certificates of the covered feeds: their first bundles, which carried them, are not fetched. */
  readonly certificates: readonly Uint8Array[]
}

/** `floors list (feed 32, seq u64, hash 32) | snapshots u32 count, 32 each | certificates list of 177` */
export const encodeManifest = (manifest: Manifest): Uint8Array => {
  const writer = new ByteWriter().list(manifest.floors, (list, { feed, seq, hash }) =>
    list.hex(feed).u64(seq).hex(hash),
  )
  writer.u32(manifest.snapshots.length)
  for (const snapshot of manifest.snapshots) writer.hex(snapshot)
  return writer.list(manifest.certificates, (list, certificate) => list.bytes(certificate)).done()
}

export const parseManifest = (payload: Uint8Array): Manifest | undefined => {
  const reader = new ByteReader(payload)
  const floors = reader.list(limits.manifestFeeds, list => ({
    feed: list.hex(32) as FeedId,
    seq: list.u64(),
    hash: list.hex(32) as BundleHash,
  }))
  const count = reader.u32()
  const snapshots: BundleHash[] = []
  for (let i = 0; i < count && !reader.failed; i++) snapshots.push(reader.hex(32) as BundleHash)
  const certificates = reader.list(limits.manifestFeeds, list => list.bytes(certificateBytes).slice())
  return reader.end() ? { floors, snapshots, certificates } : undefined
}

/**
 * The document in a snapshot bundle, loaded apart from everything and taken to pieces: each change is parsed as
 * strictly as one that came alone. Only to be asked for a signer who may make snapshots: who wrote what is older
 * is trusted to him, and a hostile one could make it large.
 */
export const snapshotOf = (
  sealer: Sealer,
  group: GroupId,
  opened: OpenedBundle,
): Result<{ readonly document: DocumentId; readonly changes: readonly Change[] }, OpenError> => {
  const { body, circle } = opened
  const refused = err({ type: "Refused", reason: "BadSnapshot" } as const)
  if (body.document === undefined || circle === undefined) return refused
  // Nothing in front, nothing behind: what was looked at here is what the document begins with.
  if (!isDocumentChunk(body.payload)) return refused
  const fixed = new Set(fixedChanges(body.document.area).map(({ hash }) => hash))
  const changes: Change[] = []
  try {
    // Not to be shown: that would take several times as long.
    const doc = A.init<unknown>()
    A.getBackend(doc).loadIncremental(body.payload)
    // Loaded so, a broken document is an empty one.
    if (A.getHeads(doc).length === 0) return refused
    for (const raw of A.getAllChanges(doc)) {
      const change = parseChange(raw, sealer.sha256)
      if (change === undefined || !namesDevices(change)) return refused
      if (change.deps.length === 0 && !fixed.has(change.hash)) return refused
      if (!fixed.has(change.hash)) changes.push(change)
    }
    A.free(doc)
  } catch {
    return refused
  }
  return ok({ document: documentIdOf(group, circle, body.document, sealer.hash), changes })
}

/** A removal reached behind a snapshot: from here on this store fetches the bundles themselves. */
export const originalsPut: StoreChange = { type: "Put", key: ["originals"], value: new Uint8Array(0) }

export const wantsOriginals = async (store: Store): Promise<boolean> =>
  (await store.get(["originals"])) !== undefined
