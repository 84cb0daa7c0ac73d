import type { DocumentId, Log, Store } from "../base/index.js"
import type { Doc, DocumentKey, Documents, OpenDocument } from "./documents.js"
import type { Pipeline } from "./pipeline-port.js"

/** The way to a document. */
export interface Opening {
  /** For who writes. Rejects where the disk refuses what has to be written before. */
  open(key: DocumentKey): Promise<OpenDocument>
  /** For who looks, and goes on looking: on a disk that is full he gets what can be had without it. */
  openToSee(key: DocumentKey): Promise<OpenDocument>
  /** For who looks once; as `openToSee`. */
  read<T>(key: DocumentKey, look: (doc: Doc) => T): Promise<T>
}

/**
 * Before a document is shown: snapshots of it that wait are taken in, what Automerge cannot hold leaves it, and once in
 * a process it is compared with what counts, for a crash may have kept something from it, or left something in it.
 */
export const createOpening = (deps: {
  readonly store: Store
  readonly pipeline: Pipeline
  readonly documents: Documents
  readonly log: Log
  /** Seals what is not sent yet; never rejects. */
  readonly publish: (key: DocumentKey) => Promise<void>
}): Opening => {
  const { store, pipeline, documents, log } = deps
  const compared = new Set<DocumentId>()

  const prepare = async (key: DocumentKey): Promise<void> => {
    await pipeline.look(key)
    const isSound = await documents.isSound(key)
    if (compared.has(key.id) && isSound) return
    // A rebuild takes nothing along that is in no bundle.
    if ((await store.get(["dirty", key.id])) !== undefined) await deps.publish(key)
    if (!isSound) await pipeline.heal(key)
  }

  const open = async (key: DocumentKey): Promise<OpenDocument> => {
    await prepare(key)
    if (compared.has(key.id)) return documents.open(key)
    const differs = await pipeline.differs(key)
    const opened = await documents.open(key)
    if (differs(opened.doc())) await pipeline.reconcile(key)
    compared.add(key.id)
    return documents.open(key)
  }

  // A large document takes its time to load: what is compared and what is shown is loaded once.
  const read = async <T>(key: DocumentKey, look: (doc: Doc) => T): Promise<T> => {
    if ((await store.get(["indexed", key.id])) === undefined) return documents.read(key, look)
    await prepare(key)
    if (compared.has(key.id)) return documents.read(key, look)
    const differs = await pipeline.differs(key)
    const seen = await documents.read(key, doc => (differs(doc) ? undefined : { value: look(doc) }))
    if (seen === undefined) await pipeline.reconcile(key)
    compared.add(key.id)
    return seen === undefined ? documents.read(key, look) : seen.value
  }

  const orElse = async <T>(key: DocumentKey, job: Promise<T>, asItIs: () => Promise<T>): Promise<T> => {
    try {
      return await job
    } catch (error) {
      log.event("document as it was", {
        document: key.id,
        reason: error instanceof Error ? error.name : "unknown",
      })
      return asItIs()
    }
  }

  return {
    open,
    openToSee: key => orElse(key, open(key), () => documents.open(key)),
    read: (key, look) => orElse(key, read(key, look), () => documents.read(key, look)),
  }
}
