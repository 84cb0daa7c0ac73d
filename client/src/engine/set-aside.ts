import type { Edit } from "./messages.js"

/** Edits of the journal that found the disk full: in no document, and shown to whoever watches as not kept yet. */
export interface SetAside {
  note(edit: Edit): void
  forget(id: string): void
  /** Forgets those that another tab has brought to the disk. */
  keepOnly(edits: readonly Edit[]): void
  /** Told at once and after each change, oldest first. Returns what ends it. */
  watch(listener: (edits: readonly Edit[]) => void): () => void
}

export const createSetAside = (): SetAside => {
  const waiting = new Map<string, Edit>()
  const listeners = new Set<(edits: readonly Edit[]) => void>()
  const edits = (): readonly Edit[] =>
    [...waiting.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
  const tell = (): void => {
    for (const listener of listeners) listener(edits())
  }
  return {
    note: edit => {
      if (waiting.has(edit.id)) return
      waiting.set(edit.id, edit)
      tell()
    },
    forget: id => {
      if (waiting.delete(id)) tell()
    },
    keepOnly: kept => {
      const ids = new Set(kept.map(({ id }) => id))
      const gone = [...waiting.keys()].filter(id => !ids.has(id))
      for (const id of gone) waiting.delete(id)
      if (gone.length > 0) tell()
    },
    watch: listener => {
      listeners.add(listener)
      listener(edits())
      return () => void listeners.delete(listener)
    },
  }
}
