import * as A from "@automerge/automerge/slim"
import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type ChangeHash,
  type DocumentId,
  type Store,
  type StoreChange,
} from "../base/index.js"
import { fixedChanges } from "../documents/areas.js"
import { type Change, type Sealer, encodeChanges, parseChange } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import type { OwnContent } from "./batch.js"
import type { DocumentIndex } from "./document-index.js"
import type { DocumentKey, Documents } from "./documents.js"
import type { Feeds } from "./feeds.js"
import type { GroupSession } from "./group-session.js"
import { reauthor } from "./reauthor.js"

/**
 * Derives what is unpublished from the documents themselves: nothing is queued that a crash could lose. The
 * marker says which documents to look at; the heads at the last publication say from where on.
 */
export interface Outbox {
  /**
   * Bundles of everything in the document that this device wrote and has not sealed yet, durable in the archive.
   * None when the circle's key is not here: the edit stays marked until it is. `isSoon`: durable when a later append
   * is, which the caller waits for before anybody sees them.
   */
  publish(key: DocumentKey, isSoon?: boolean): Promise<Published>
  /**
   * Edits that another incarnation of this profile made and did not send, as far as is known here: whoever was
   * copied may have sent them since. They hold the document's publication back until a peer was asked; then they
   * are written again under this incarnation's actor. True when something was rewritten.
   */
  adopt(key: DocumentKey): Promise<boolean>
  /** Documents that may hold unpublished changes. */
  pending(): Promise<readonly DocumentKey[]>
}

export interface Published {
  readonly bundles: readonly StoredBundle[]
  /** What is in them, by hash. */
  readonly own: ReadonlyMap<BundleHash, OwnContent>
  /** Notes in the store how far the document is sealed. Lost in a crash, the next look finds the bundles instead. */
  readonly marks: readonly StoreChange[]
}

const nothing: Published = { bundles: [], own: new Map(), marks: [] }

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

  const chunks = (changes: readonly Change[]): readonly (readonly Change[])[] => {
    const groups: Change[][] = []
    let group: Change[] = []
    let sizeBytes = 0
    for (const change of changes) {
      const { length } = change.bytes
      if (group.length > 0 && (group.length >= changesPerBundle || sizeBytes + length > rawBytesPerBundle)) {
        groups.push(group)
        group = []
        sizeBytes = 0
      }
      group.push(change)
      sizeBytes += length
    }
    if (group.length > 0) groups.push(group)
    return groups
  }

  /** The one change upon what was sealed last: so it is nearly always, and to ask for all changes costs more. */
  const loneChange = (doc: A.Doc<unknown>, since: readonly ChangeHash[]): Change | undefined => {
    const raw = since.length === 0 ? undefined : A.getLastLocalChange(doc)
    const change = raw && parseChange(raw, deps.sealer.sha256)
    const isLone =
      change !== undefined &&
      A.getHeads(doc).join() === change.hash &&
      [...change.deps].sort().join() === [...since].sort().join()
    return isLone ? change : undefined
  }

  /** What the document holds that no bundle does: our own, and (`orphans`) an earlier incarnation's. */
  const unsent = async (
    key: DocumentKey,
  ): Promise<{ own: readonly Change[]; orphans: readonly Change[] }> => {
    const doc = (await documents.open(key)).doc()
    const { actor } = await documents.actorOf(key)
    const since = await headsOf(key.id)
    const index = await deps.indexOf(key)
    const lone = loneChange(doc, since)
    if (lone?.actor === actor && index.bundleOf(lone.hash) === undefined) return { own: [lone], orphans: [] }
    const known = A.hasHeads(doc, [...since]) ? [...since] : []
    const fixed = new Set(fixedChanges(key.area).map(({ hash }) => hash))
    const own: Change[] = []
    const orphans: Change[] = []
    for (const raw of A.getChangesSince(doc, known)) {
      const change = parseChange(raw, deps.sealer.sha256)
      if (change === undefined) throw new Error("a change of our own does not parse")
      // After a crash between sealing and noting it, the change is in a bundle already.
      if (index.bundleOf(change.hash) !== undefined || fixed.has(change.hash)) continue
      if (change.actor === actor) own.push(change)
      else orphans.push(change)
    }
    return { own, orphans }
  }

  const publish = async (key: DocumentKey, isSoon: boolean): Promise<Published> => {
    const sealing = session.keyring.sealingKey(session.state(), key.circle)
    if (sealing === undefined) return nothing
    const { own, orphans } = await unsent(key)
    if (orphans.length > 0) return nothing
    const { slot } = await documents.actorOf(key)
    const heads = A.getHeads((await documents.open(key)).doc()) as readonly string[] as readonly ChangeHash[]
    const bundles: StoredBundle[] = []
    const contents = new Map<BundleHash, OwnContent>()
    const groups = chunks(own)
    for (const [i, changes] of groups.entries()) {
      const content = {
        kind: "changes",
        document: { area: key.area, name: key.name },
        slot,
        groupHeads: session.namedHeads(),
        payload: encodeChanges(changes.map(({ bytes }) => bytes)),
      } as const
      const { opened, ...stored } = await feeds.publish(sealing, content, isSoon || i < groups.length - 1)
      bundles.push(stored)
      contents.set(stored.hash, { opened, document: key.id, changes })
    }
    publishedHeads.set(key.id, heads)
    const value = new ByteWriter().list(heads, (list, head) => list.hex(head)).done()
    return {
      bundles,
      own: contents,
      marks: [
        { type: "Put", key: ["published", key.id], value },
        { type: "Remove", key: ["dirty", key.id] },
      ],
    }
  }

  return {
    publish: async (key, isSoon = false) => {
      // Before the document is looked at: an edit that comes while it is sealed marks it again.
      documents.noteEdited(key.id, false)
      let published = nothing
      try {
        published = await publish(key, isSoon)
      } finally {
        if (published === nothing) documents.noteEdited(key.id, true)
      }
      return published
    },
    adopt: async key => {
      const { own, orphans } = await unsent(key)
      if (orphans.length === 0) return false
      const doc = (await documents.open(key)).doc()
      const isUnsent = new Set([...own, ...orphans].map(({ hash }) => hash))
      const kept: Change[] = []
      const rewritten: Uint8Array[] = []
      for (const raw of A.getAllChanges(doc)) {
        const change = parseChange(raw, deps.sealer.sha256)
        if (change === undefined) throw new Error("a change of our own does not parse")
        if (isUnsent.has(change.hash)) rewritten.push(raw)
        else kept.push(change)
      }
      const { actor } = await documents.nextActorOf(key)
      const again = reauthor(rewritten, actor).map(raw => parseChange(raw, deps.sealer.sha256))
      publishedHeads.delete(key.id)
      await store.write([
        { type: "Remove", key: ["published", key.id] },
        { type: "Put", key: ["dirty", key.id], value: new Uint8Array(0) },
      ])
      await documents.rebuild(key, [...kept, ...again.filter(change => change !== undefined)])
      return true
    },
    pending: () => documents.dirty(),
  }
}
