import * as A from "@automerge/automerge/slim"
import { ByteReader, ByteWriter, type ChangeHash, type DocumentId, type Store } from "../base/index.js"
import { type Sealer, encodeChanges, parseChange } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import type { DocumentIndex } from "./document-index.js"
import type { DocumentKey, Documents } from "./documents.js"
import type { Feeds } from "./feeds.js"
import type { GroupSession } from "./group-session.js"

/**
 * Derives what is unpublished from the documents themselves: nothing is queued that a crash could lose. The
 * marker says which documents to look at; the heads at the last publication say from where on.
 */
export interface Outbox {
  /**
   * Bundles of everything in the document that this device wrote and has not sealed yet. None when the circle's
   * key is not here: the edit stays marked until it is.
   */
  publish(key: DocumentKey): Promise<readonly StoredBundle[]>
  /** Documents that may hold unpublished changes. */
  pending(): Promise<readonly DocumentKey[]>
}

/** One bundle takes at most so many changes of one document; an import's changes are large, so also by bytes. */
const changesPerBundle = 2_000
const rawBytesPerBundle = 1024 * 1024

export const createOutbox = (deps: {
  readonly store: Store
  readonly documents: Documents
  readonly feeds: Feeds
  readonly session: GroupSession
  readonly sealer: Sealer
  readonly indexOf: (key: DocumentKey) => Promise<DocumentIndex>
}): Outbox => {
  const { store, documents, feeds, session } = deps
  const publishedHeads = new Map<DocumentId, readonly ChangeHash[]>()

  const headsOf = async (id: DocumentId): Promise<readonly ChangeHash[]> => {
    const known = publishedHeads.get(id)
    if (known !== undefined) return known
    const stored = await store.get(["published", id])
    return stored ? new ByteReader(stored).list(0xffff, list => list.hex(32) as ChangeHash) : []
  }

  const chunks = (changes: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] => {
    const groups: Uint8Array[][] = []
    let group: Uint8Array[] = []
    let bytes = 0
    for (const change of changes) {
      if (group.length > 0 && (group.length >= changesPerBundle || bytes + change.length > rawBytesPerBundle)) {
        groups.push(group)
        group = []
        bytes = 0
      }
      group.push(change)
      bytes += change.length
    }
    if (group.length > 0) groups.push(group)
    return groups
  }

  return {
    publish: async key => {
      const sealing = session.keyring.sealingKey(session.state(), key.circle)
      if (sealing === undefined) return []
      const handle = await documents.open(key)
      const { actor, slot } = await documents.actorOf(key)
      const doc = handle.doc()
      const heads = A.getHeads(doc) as readonly string[] as readonly ChangeHash[]
      const since = await headsOf(key.id)
      const known = A.hasHeads(doc, [...since]) ? [...since] : []
      const index = await deps.indexOf(key)
      const changes: Uint8Array[] = []
      for (const raw of A.getChangesSince(doc, known)) {
        const change = parseChange(raw, deps.sealer.sha256)
        if (change === undefined) throw new Error("a change of our own does not parse")
        // After a crash between sealing and this note the change is in a bundle already.
        if (change.actor === actor && index.bundleOf(change.hash) === undefined) changes.push(change.bytes)
      }
      const bundles: StoredBundle[] = []
      for (const group of chunks(changes)) {
        bundles.push(
          await feeds.publish(sealing, {
            kind: "changes",
            document: { area: key.area, name: key.name },
            slot,
            groupHeads: session.log.heads(),
            payload: encodeChanges(group),
          }),
        )
      }
      publishedHeads.set(key.id, heads)
      const value = new ByteWriter().list(heads, (list, head) => list.hex(head)).done()
      await store.write([
        { type: "Put", key: ["published", key.id], value },
        { type: "Remove", key: ["dirty", key.id] },
      ])
      return bundles
    },
    pending: () => documents.dirty(),
  }
}

