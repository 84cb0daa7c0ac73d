import * as A from "@automerge/automerge/slim"
import {
  type ActorId,
  ByteWriter,
  type ChangeHash,
  type Clock,
  type DocumentId,
  type Store,
  type StoreChange,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import { fixedChanges, missingFixedChanges } from "../documents/areas.js"
import type { Change, Sealer } from "../wire/index.js"
import { type DocumentKey, type Meta, metaPut, parseMeta } from "./document-meta.js"
import {
  type Doc,
  type KeptDocument,
  type OpenDocument,
  type StoredDocument,
  keepDocument,
} from "./open-document.js"
import { createReadable } from "./readable.js"
import { createSoundness } from "./soundness.js"
import { survivesSaving } from "./trial.js"
import { rewritten, rivalled } from "./unsent.js"
import { type DocumentStorage, createDocumentStorage } from "./document-storage.js"

export type { DocumentKey } from "./document-meta.js"
export type { Doc, OpenDocument } from "./open-document.js"

/**
 * The local document engine over the sealed store: open documents are in memory; documents that are not open are only
 * appended to. It knows nothing of bundles, keys or roles.
 */
export interface Documents {
  /** Opens (or begins) a document; its actor is this device's for the current slot. */
  open(key: DocumentKey): Promise<OpenDocument>
  isOpen(id: DocumentId): boolean
  /** A document that is not open is loaded and freed afterwards: for lists, exports and checks. */
  read<T>(key: DocumentKey, look: (doc: Doc) => T): Promise<T>
  /** Whether Automerge reads the changes as well, columns and all: asked before anything of them is stored. */
  isReadable(changes: readonly Change[]): boolean
  /**
   * Whether the document is there again after having been saved and loaded. Tried after others' changes came that
   * could have spoilt it, also by an earlier process.
   */
  isSound(key: DocumentKey): Promise<boolean>
  /** Those of the changes that are not in the document. */
  lacking(key: DocumentKey, changes: readonly ChangeHash[]): Promise<readonly ChangeHash[]>
  /**
   * Applies changes whose dependencies are there. Open or not. `isSent`: whether a change is in a bundle, or fixed.
   * Where one of them has the place of an edit that is not, the unsent edits are written again under the next actor.
   */
  apply(key: DocumentKey, changes: readonly Change[], isSent: (change: ChangeHash) => boolean): Promise<void>
  /**
   * Begins a document with a whole one, as Automerge saved it, that was taken to pieces and checked. False: there is
   * something of the document here already.
   */
  begin(key: DocumentKey, whole: Uint8Array): Promise<boolean>
  /** What makes a document known that has no content here yet. */
  expect(key: DocumentKey): Promise<readonly StoreChange[]>
  /** Tells that there is something new to look at. */
  announce(key: DocumentKey): void
  /** Replaces the document by one made of these changes only, under a new local id and a new own actor. */
  rebuild(key: DocumentKey, changes: readonly Change[]): Promise<void>
  /** The actor of this device for the document, and the slot that the bundle names. */
  actorOf(key: DocumentKey): Promise<{ readonly actor: ActorId; readonly slot: number }>
  /** The actor that this device will have after the next rebuild. */
  nextActorOf(key: DocumentKey): Promise<{ readonly actor: ActorId }>
  /** Gives open documents the actor of the present incarnation. */
  renewActors(): Promise<void>
  /** Documents that were saved since they were last published. */
  dirty(): Promise<readonly DocumentKey[]>
  /**
   * Whether somebody here may have edited it since it was last published: only then a save marks it, and
   * what others wrote is not looked through for edits of our own.
   */
  noteEdited(id: DocumentId, isEdited: boolean): void
  known(): Promise<readonly DocumentKey[]>
  flush(): Promise<void>
  close(): Promise<void>
}

/** First 16 bytes of SHA-256("actor", device, document, incarnation, slot): nobody else's changes can carry it. */
export const actorOf = (
  sealer: Sealer,
  parts: {
    readonly device: string
    readonly document: DocumentId
    readonly incarnation: string
    readonly slot: number
  },
): ActorId =>
  bytesToHex(
    sealer
      .hash(
        "actor",
        new ByteWriter().hex(parts.device).done(),
        new ByteWriter().hex(parts.document).done(),
        new ByteWriter().hex(parts.incarnation).done(),
        Uint8Array.of(parts.slot),
      )
      .subarray(0, 16),
  ) as ActorId

/** Marks a document in which something may not be sealed yet. */
export const dirtyPut = (id: DocumentId): StoreChange => ({
  type: "Put",
  key: ["dirty", id],
  value: new Uint8Array(0),
})

/** Slots 0-7 are leased to the tabs of one browser; a rebuild moves on to the next eight. */
const slotsPerGeneration = 8

export const createDocuments = (deps: {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly device: string
  /** Changes when the profile turns out to be a copy. */
  readonly incarnation: () => string
  /** 0 to 7: leased by a lock, so that no two live writers share an actor. */
  readonly slot: number
  readonly onSaveFailed: (error: unknown) => void
  /** What arrived, or a rebuild, has changed a document. `doc`: as it is now, when it is open. */
  readonly onArrived?: (key: DocumentKey, doc: Doc | undefined) => void
}): Documents => {
  const { store, sealer } = deps
  const idByLocalId = new Map<string, DocumentId>()
  const metaById = new Map<DocumentId, Meta>()
  const openById = new Map<DocumentId, KeptDocument>()
  const edited = new Set<DocumentId>()
  const soundness = createSoundness(store)

  const storage: DocumentStorage = createDocumentStorage(store, {
    prefix: ["automerge"],
    onDocumentSaved: localId => {
      const id = idByLocalId.get(localId)
      if (id === undefined) return []
      return [...(edited.has(id) ? [dirtyPut(id)] : []), ...soundness.marks(id)]
    },
    onSaveFailed: deps.onSaveFailed,
  })
  /** Under which the storage has it: another one with each rebuild. */
  const localIdOf = (meta: Meta): string => {
    const generation = new ByteWriter().u32(meta.generation).done()
    const id = new ByteWriter().hex(meta.key.id).done()
    const localId = bytesToHex(sealer.hash("automerge document", id, generation).subarray(0, 16))
    idByLocalId.set(localId, meta.key.id)
    return localId
  }

  const metaOf = async (key: DocumentKey): Promise<Meta> => {
    const cached = metaById.get(key.id)
    if (cached !== undefined) return cached
    const stored = await store.get(["document", key.id])
    const meta = stored && parseMeta(key.id, stored)
    if (meta !== undefined) metaById.set(key.id, meta)
    return meta ?? { key, generation: 0 }
  }

  /** The same, and from now on the document is known here: it is being opened or has got content. */
  const madeKnown = async (key: DocumentKey): Promise<Meta> => {
    const meta = await metaOf(key)
    if (!metaById.has(key.id)) {
      await store.write([metaPut(meta)])
      metaById.set(key.id, meta)
    }
    return meta
  }

  /** As the next rebuild leaves it. */
  const nextOf = (meta: Meta): Meta => ({ key: meta.key, generation: meta.generation + 1 })

  const slotOf = (meta: Meta): number => (deps.slot + slotsPerGeneration * meta.generation) % 256

  const actor = (meta: Meta): ActorId =>
    actorOf(sealer, {
      device: deps.device,
      document: meta.key.id,
      incarnation: deps.incarnation(),
      slot: slotOf(meta),
    })

  const fixedBytesOf = (key: DocumentKey): Uint8Array =>
    concatBytes(...fixedChanges(key.area).map(({ bytes }) => bytes))

  const chunkName = (bytes: Uint8Array): string => bytesToHex(sealer.sha256(bytes))

  const isEmpty = async (localId: string): Promise<boolean> => {
    const { whole, since } = await storage.loadParts(localId)
    return whole.length + since.length === 0
  }

  /** Under these something is stored: all of it would be read to see that again. */
  const begun = new Set<string>()
  /** What the first chunk of a document begins with: nothing loads without it. */
  const beginning = async (meta: Meta): Promise<readonly Uint8Array[]> => {
    const localId = localIdOf(meta)
    if (begun.has(localId)) return []
    const parts = (await isEmpty(localId)) ? [fixedBytesOf(meta.key)] : []
    begun.add(localId)
    return parts
  }

  /** Without automerge-repo's way over patches, which takes several times as long to show a large document. */
  const load = async (meta: Meta, own?: ActorId): Promise<StoredDocument> => {
    const { whole, since } = await storage.loadParts(localIdOf(meta))
    const bytes = concatBytes(...whole, ...since)
    const options = { ...(own === undefined ? {} : { actor: own }), allowMissingChanges: true }
    const doc = bytes.length === 0 ? A.init<unknown>(options) : A.load<unknown>(bytes, options)
    const heads = A.getHeads(doc)
    const missing = missingFixedChanges(meta.key.area, doc).map(fixed => fixed.bytes)
    const wholeBytes = whole.reduce((sum, { length }) => sum + length, 0)
    return {
      doc: missing.length === 0 ? doc : A.applyChanges(doc, missing)[0],
      heads,
      wholeBytes,
      sinceBytes: bytes.length - wholeBytes,
    }
  }

  const open = async (key: DocumentKey): Promise<KeptDocument> => {
    const known = openById.get(key.id)
    if (known !== undefined) return known
    const meta = await madeKnown(key)
    const handle = keepDocument(
      { clock: deps.clock, storage, chunkName, onEdited: () => edited.add(key.id) },
      localIdOf(meta),
      await load(meta, actor(meta)),
    )
    openById.set(key.id, handle)
    return handle
  }

  const read = async <T>(key: DocumentKey, look: (doc: Doc) => T): Promise<T> => {
    const handle = openById.get(key.id)
    if (handle !== undefined) return look(handle.doc())
    const { doc } = await load(await metaOf(key))
    try {
      return look(doc)
    } finally {
      A.free(doc)
    }
  }

  const rebuild = async (key: DocumentKey, changes: readonly Change[]): Promise<void> => {
    const old = await metaOf(key)
    const meta = nextOf(old)
    const chunk = concatBytes(fixedBytesOf(key), ...changes.map(change => change.bytes))
    await storage.appendChunk(localIdOf(meta), chunk, chunkName(chunk))
    soundness.doubt(key.id)
    await store.write([metaPut(meta), ...soundness.marks(key.id)])
    openById.get(key.id)?.stop()
    openById.delete(key.id)
    metaById.set(key.id, meta)
    await storage.removeDocument(localIdOf(old))
    deps.onArrived?.(key, undefined)
  }

  return {
    open,
    isOpen: id => openById.has(id),
    read,
    isReadable: createReadable(),
    isSound: key => soundness.isSound(key.id, () => read(key, survivesSaving)),
    lacking: (key, changes) => read(key, doc => changes.filter(hash => !A.hasHeads(doc, [hash]))),

    apply: async (key, changes, isSent) => {
      if (changes.length === 0) return
      const meta = await madeKnown(key)
      // What is not open holds unsent edits only under the mark of an earlier run.
      if (openById.has(key.id) || (await store.get(["dirty", key.id])) !== undefined) {
        const parts = await read(key, doc => rivalled(doc, changes, isSent, sealer))
        if (parts !== undefined) {
          edited.add(key.id)
          await store.write([dirtyPut(key.id)])
          const again = rewritten(parts.unsent, actor(nextOf(meta)), sealer)
          return rebuild(key, [...parts.sent, ...changes, ...again])
        }
      }
      const handle = openById.get(key.id)
      if (handle !== undefined) {
        const news = changes.filter(({ hash }) => !A.hasHeads(handle.doc(), [hash]))
        if (news.length === 0) return
        if (news.some(({ overwrites }) => overwrites)) soundness.doubt(key.id)
        const bytes = news.map(change => change.bytes)
        handle.take(doc => A.applyChanges(doc, bytes)[0])
        deps.onArrived?.(key, handle.doc())
        return
      }
      soundness.doubt(key.id)
      const chunk = concatBytes(...(await beginning(meta)), ...changes.map(change => change.bytes))
      await storage.appendChunk(localIdOf(meta), chunk, chunkName(chunk), soundness.marks(key.id))
      deps.onArrived?.(key, undefined)
    },

    begin: async (key, whole) => {
      const localId = localIdOf(await madeKnown(key))
      if (openById.has(key.id) || !(await isEmpty(localId))) return false
      await storage.replaceAll(localId, whole)
      // It came out of Automerge and went in again.
      soundness.vouch(key.id)
      return true
    },

    expect: async key => {
      const meta = await metaOf(key)
      return metaById.has(key.id) ? [] : [metaPut(meta)]
    },
    announce: key => deps.onArrived?.(key, undefined),

    rebuild,

    actorOf: async key => {
      const meta = await metaOf(key)
      return { actor: actor(meta), slot: slotOf(meta) }
    },

    nextActorOf: async key => {
      const meta = await metaOf(key)
      return { actor: actor(nextOf(meta)) }
    },

    renewActors: async () => {
      for (const [id, handle] of openById) {
        const meta = metaById.get(id)
        if (meta !== undefined) handle.take(doc => A.clone(doc, { actor: actor(meta) }))
      }
    },

    dirty: async () => {
      const found: DocumentKey[] = []
      for (const { key } of await store.list(["dirty"])) {
        const id = key[1] as DocumentId
        const stored = await store.get(["document", id])
        const meta = stored && parseMeta(id, stored)
        if (meta !== undefined) found.push(meta.key)
      }
      return found
    },

    noteEdited: (id, isEdited) => {
      if (isEdited) edited.add(id)
      else edited.delete(id)
    },

    known: async () => {
      const found: DocumentKey[] = []
      for (const { key, value } of await store.list(["document"])) {
        const meta = parseMeta(key[1] as DocumentId, value)
        if (meta !== undefined) found.push(meta.key)
      }
      return found
    },

    flush: async () => {
      for (const handle of openById.values()) await handle.save()
      await storage.flush()
    },

    close: async () => {
      for (const handle of openById.values()) {
        await handle.save()
        handle.stop()
      }
      await storage.flush()
      openById.clear()
    },
  }
}
