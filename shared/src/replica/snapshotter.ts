import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type CircleId,
  type DeviceId,
  type DocumentId,
  type FeedId,
  type Store,
} from "../base/index.js"
import { may } from "../access/index.js"
import { fixedChanges } from "../documents/areas.js"
import { type Sealer, limits, parseCertificate } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import { parseRecord } from "./bundle-record.js"
import type { DocumentIndex } from "./document-index.js"
import type { DocumentKey } from "./documents.js"
import type { Feeds } from "./feeds.js"
import { inOrderOfNeed } from "./first-screen.js"
import type { GroupSession } from "./group-session.js"
import { manifestsThatCount } from "./manifests.js"
import type { Pipeline } from "./pipeline-port.js"
import { type Floor, encodeManifest } from "./snapshot.js"
import { savedWhole } from "./trial.js"

/** Makes the snapshots of a circle: one document at a time, so that memory does not grow with the history. */
export interface Snapshotter {
  /** The new bundles, the manifest last; none when there is nothing to make. */
  make(circle: CircleId): Promise<readonly StoredBundle[]>
}

/** What was in a document when it was last taken: `bundle hash 32 | changes u32`. */
interface Taken {
  readonly bundle: BundleHash
  readonly changes: number
}

export const createSnapshotter = (deps: {
  readonly sealer: Sealer
  readonly store: Store
  readonly archive: Archive
  readonly session: GroupSession
  readonly feeds: Feeds
  readonly pipeline: Pipeline
  readonly device: DeviceId
}): Snapshotter => {
  const { store, archive, session, feeds, pipeline } = deps

  const isAllowed = (circle: CircleId): boolean =>
    may(session.state(), deps.device, "snapshot", {
      circle,
      document: "" as DocumentId,
      area: "catalogue",
      name: "",
    })

  const floorsOf = async (circle: CircleId): Promise<readonly Floor[]> => {
    const floors: Floor[] = []
    for (const { feed, contiguousSeq, hash, tags } of await archive.positions()) {
      const isInCircle = tags.some(tag => session.keyring.keyOf(tag)?.circle === circle)
      if (isInCircle && hash !== undefined) floors.push({ feed, seq: contiguousSeq, hash })
    }
    // A feed without a floor is given whole: the short ones cost least.
    return floors.sort((one, other) => other.seq - one.seq).slice(0, limits.manifestFeeds)
  }

  const documentsOf = async (circle: CircleId): Promise<readonly DocumentKey[]> => {
    const keys: DocumentKey[] = []
    for (const { key, value } of await store.list(["indexed"])) {
      const record = parseRecord(value)
      if (record?.circle === circle) keys.push({ ...record.document, circle, id: key[1] as DocumentId })
    }
    return keys
  }

  const takenOf = async (id: DocumentId): Promise<Taken | undefined> => {
    const stored = await store.get(["snapshot", id])
    if (stored === undefined) return undefined
    const reader = new ByteReader(stored)
    return { bundle: reader.hex(32) as BundleHash, changes: reader.u32() }
  }

  const take = async (key: DocumentKey, index: DocumentIndex): Promise<StoredBundle | undefined> => {
    const sealing = session.keyring.sealingKey(session.state(), key.circle)
    if (sealing === undefined) return undefined
    const applied = index.applied()
    const changes = await pipeline.changes(key, applied)
    if (changes.length !== applied.length) return undefined
    const fixed = fixedChanges(key.area).map(({ bytes }) => bytes)
    const raw = [...fixed, ...changes.map(({ bytes }) => bytes)]
    const payload = savedWhole(raw)
    if (payload === undefined) {
      // A newcomer could not load it either. The next one will do without what is to blame.
      await pipeline.heal(key)
      return undefined
    }
    if (payload.length > limits.bundleBytes / 2) return undefined
    return feeds.publish(sealing, {
      kind: "snapshot",
      document: { area: key.area, name: key.name },
      slot: 0,
      groupHeads: session.namedHeads(),
      payload,
    })
  }

  const certificatesFor = async (floors: readonly Floor[]): Promise<readonly Uint8Array[]> => {
    const covered = new Set(floors.map(({ feed }) => feed))
    const found: Uint8Array[] = []
    for (const { value } of await store.list(["certificate"])) {
      const certificate = parseCertificate(value)
      if (certificate !== undefined && covered.has(certificate.feed)) found.push(certificate.bytes)
    }
    return found
  }

  return {
    make: async circle => {
      const sealing = session.keyring.sealingKey(session.state(), circle)
      if (sealing === undefined || !isAllowed(circle)) return []
      // What waits for something is in no snapshot, and may not be covered by one.
      if ((await store.list(["parked"])).length > 0) return []
      const floors = await floorsOf(circle)
      const before = new Map<FeedId, number>()
      for (const { circle: of, manifest } of await manifestsThatCount(store, session))
        for (const { feed, seq } of of === circle ? manifest.floors : [])
          before.set(feed, Math.max(seq, before.get(feed) ?? 0))
      const ownFeeds = new Set(floors.filter(({ feed }) => feeds.isOwn(feed)).map(({ feed }) => feed))
      const hasNews = floors.some(({ feed, seq }) => !ownFeeds.has(feed) && seq > (before.get(feed) ?? 0))
      if (!hasNews) return []
      const made: StoredBundle[] = []
      const snapshots: BundleHash[] = []
      for (const key of inOrderOfNeed(await documentsOf(circle))) {
        await pipeline.look(key)
        const index = await pipeline.indexOf(key)
        const changes = index.applied().length
        const known = await takenOf(key.id)
        if (known?.changes === changes) {
          snapshots.push(known.bundle)
          continue
        }
        // A document that is too large, or whose content is not here, is left to its bundles: no manifest then.
        const bundle = await take(key, index)
        if (bundle === undefined) return made
        made.push(bundle)
        snapshots.push(bundle.hash)
        const value = new ByteWriter().hex(bundle.hash).u32(changes).done()
        await store.write([{ type: "Put", key: ["snapshot", key.id], value }])
      }
      const manifest = await feeds.publish(sealing, {
        kind: "manifest",
        document: undefined,
        slot: 0,
        groupHeads: session.namedHeads(),
        payload: encodeManifest({ floors, snapshots, certificates: await certificatesFor(floors) }),
      })
      made.push(manifest)
      await pipeline.process(made)
      return made
    },
  }
}
