import * as A from "@automerge/automerge/slim"
import type { Change } from "../wire/index.js"

/** Making a document costs more than reading a small bundle's changes with it, so one serves for some bundles. */
const usesOfOne = 16
/** Larger ones (a snapshot) get a document of their own, which is freed at once. */
const sharedBytes = 64 * 1024

const takes = (doc: A.Doc<unknown>, changes: Uint8Array[]): A.Doc<unknown> | undefined => {
  try {
    // Not to be shown: nothing of them is.
    A.getBackend(doc).applyChanges(changes)
    return doc
  } catch {
    A.free(doc)
    return undefined
  }
}

/** Whether an empty document of their own takes them: the answer that counts. */
const isReadableAlone = (changes: Uint8Array[]): boolean => {
  const doc = takes(A.init<unknown>(), changes)
  if (doc !== undefined) A.free(doc)
  return doc !== undefined
}

/**
 * Asks whether Automerge reads changes, columns and all. Without their dependencies they are parsed and put aside,
 * never applied. What a shared document does not take is asked again alone, so that no bundle can spoil another's
 * answer.
 */
export const createReadable = (): ((changes: readonly Change[]) => boolean) => {
  let shared: A.Doc<unknown> | undefined
  let uses = 0
  return changes => {
    const resting = changes.filter(({ deps }) => deps.length > 0).map(({ bytes }) => bytes)
    if (resting.reduce((sum, bytes) => sum + bytes.length, 0) > sharedBytes) return isReadableAlone(resting)
    shared = takes(shared ?? A.init<unknown>(), resting)
    if (shared === undefined) {
      uses = 0
      return isReadableAlone(resting)
    }
    uses += 1
    if (uses < usesOfOne) return true
    A.free(shared)
    shared = undefined
    uses = 0
    return true
  }
}
