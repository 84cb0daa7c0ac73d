import * as A from "@automerge/automerge/slim"
import type { Clock } from "../base/index.js"
import type { DocumentStorage } from "./document-storage.js"

export type Doc = A.Doc<unknown>

/** A document in memory. What changes it is stored a moment later. */
export interface OpenDocument {
  doc(): Doc
  /** An edit of this device: the command runs on a draft. One that throws leaves nothing. */
  change(command: (draft: unknown) => void): void
  /** The document becomes a later state of itself, by this device. */
  update(next: (doc: Doc) => Doc): void
  /** Tells the heads before, and the document as it is now. */
  onChanged(listener: (before: A.Heads, doc: Doc) => void): void
}

/** The same for who keeps it: what others wrote goes in, and what is stored goes out. */
export interface KeptDocument extends OpenDocument {
  /** As `update`, but nothing of it is an edit of this device. */
  take(next: (doc: Doc) => Doc): void
  save(): Promise<void>
  /** Nothing of it is stored any more. */
  stop(): void
}

/** A document as it was just loaded, and how much is stored of it. */
export interface StoredDocument {
  readonly doc: Doc
  /** As far as it is stored. */
  readonly heads: A.Heads
  readonly wholeBytes: number
  readonly sinceBytes: number
}

/** Edits of this time are stored together, milliseconds. */
const saveMs = 100
/** A document that is smaller is always stored whole. */
const smallBytes = 1024

/** As far as nothing but the list's order can differ. */
const isSame = (one: A.Heads, other: A.Heads): boolean =>
  one.length === other.length && one.every(head => other.includes(head))

export const keepDocument = (
  deps: {
    readonly clock: Clock
    readonly storage: DocumentStorage
    /** Unique to the bytes. */
    readonly chunkName: (bytes: Uint8Array) => string
    readonly onEdited: () => void
  },
  /** Under which the storage has it. */
  id: string,
  stored: StoredDocument,
): KeptDocument => {
  const listeners: ((before: A.Heads, doc: Doc) => void)[] = []
  let { doc, wholeBytes, sinceBytes } = stored
  let savedHeads = stored.heads
  let cancelSaving: (() => void) | undefined
  let isStopped = false

  /** Never rejects: what the disk refuses waits in the storage. */
  const save = (): Promise<void> => {
    cancelSaving?.()
    cancelSaving = undefined
    const before = savedHeads
    const heads = A.getHeads(doc)
    if (isStopped || isSame(heads, before)) return Promise.resolve()
    savedHeads = heads
    if (wholeBytes < smallBytes || sinceBytes >= wholeBytes) {
      const whole = A.save(doc)
      wholeBytes = whole.length
      sinceBytes = 0
      return deps.storage.saveWhole(id, whole)
    }
    const since = A.saveSince(doc, before)
    sinceBytes += since.length
    return deps.storage.save([id, "incremental", deps.chunkName(since)], since)
  }

  const become = (next: Doc): boolean => {
    const before = A.getHeads(doc)
    doc = next
    if (isSame(before, A.getHeads(doc))) return false
    if (!isStopped) cancelSaving ??= deps.clock.after(saveMs, () => void save())
    for (const listener of listeners) listener(before, doc)
    return true
  }
  const edit = (next: Doc): void => {
    // Before anybody hears of it: it may be stored from here on.
    deps.onEdited()
    become(next)
  }

  return {
    doc: () => doc,
    change: command => edit(A.change(doc, draft => command(draft))),
    update: next => edit(next(doc)),
    take: next => void become(next(doc)),
    onChanged: listener => void listeners.push(listener),
    save,
    stop: () => {
      isStopped = true
      cancelSaving?.()
    },
  }
}
