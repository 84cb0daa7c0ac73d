import type { DocumentId, Key, Store, StoreChange } from "../base/index.js"

/**
 * Which documents were saved and loaded again since something came that Automerge may not be able to load. A trial
 * costs as much as the document is long: the mark on disk says after a restart that none is due.
 */
export interface Soundness {
  /** `tries`: saves and loads the document; throws when it does not even open. */
  isSound(id: DocumentId, tries: () => Promise<boolean>): Promise<boolean>
  /** Something came that could have spoilt it. To be written with what came: `marks`. */
  doubt(id: DocumentId): void
  marks(id: DocumentId): readonly StoreChange[]
  /** It came out of Automerge as it is. */
  vouch(id: DocumentId): void
}

const markKey = (id: DocumentId): Key => ["untried", id]

export const createSoundness = (store: Store): Soundness => {
  /** Not in here: as the mark says. */
  const isSoundById = new Map<DocumentId, boolean>()
  const isMarked = async (id: DocumentId): Promise<boolean> => (await store.get(markKey(id))) !== undefined
  return {
    isSound: async (id, tries) => {
      if (isSoundById.get(id) === true) return true
      const isDue = isSoundById.get(id) === false || (await isMarked(id))
      try {
        if (isDue && !(await tries())) return false
      } catch {
        return false
      }
      isSoundById.set(id, true)
      if (isDue && (await isMarked(id))) await store.write([{ type: "Remove", key: markKey(id) }])
      return true
    },
    doubt: id => void isSoundById.set(id, false),
    marks: id =>
      isSoundById.get(id) === false ? [{ type: "Put", key: markKey(id), value: new Uint8Array(0) }] : [],
    vouch: id => void isSoundById.set(id, true),
  }
}
