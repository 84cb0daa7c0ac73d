import * as A from "@automerge/automerge/slim"
import { type MapDraft, isMap, plain } from "./scalar.js"

/** One of several values that were written to the same place without knowing of each other. */
export interface ConflictingValue {
  /** Automerge's id of the write, `counter@actor`: tells who wrote it. */
  readonly operation: string
  readonly value: unknown
  /** The value that the document shows. */
  readonly shown: boolean
}

const concurrent = (container: object, key: string | number): [string, unknown][] => {
  try {
    return Object.entries(A.getConflicts(container as A.Doc<object>, key) ?? {})
  } catch {
    // Automerge throws for a plain copy of a document, and a plain copy has no conflicts.
    return []
  }
}

/** Values that were overwritten concurrently at `path`, the shown one last; empty when there is no conflict. */
export const conflictsOf = (
  doc: unknown,
  path: readonly (string | number)[],
): readonly ConflictingValue[] => {
  const key = path.at(-1)
  let container: unknown = doc
  for (const step of path.slice(0, -1)) {
    if (typeof container !== "object" || container === null) return []
    container = (container as Record<string | number, unknown>)[step]
  }
  if (key === undefined || typeof container !== "object" || container === null) return []
  const values = concurrent(container, key)
  return values.map(([operation, value], index) => ({
    operation,
    value: plain(value),
    shown: index === values.length - 1,
  }))
}

/** Whether a register holds several values that nobody has chosen from yet. */
export const isContested = (container: object, key: string): boolean => concurrent(container, key).length > 1

const bookkeeping = new Set(["editedAtMs", "editedBy"])

/** The fields of the item at `path` that hold a conflict which a person may want to settle. */
export const conflictedFields = (doc: unknown, path: readonly (string | number)[]): readonly string[] => {
  let item: unknown = doc
  for (const step of path) item = isMap(item) ? item[String(step)] : undefined
  if (!isMap(item)) return []
  return Object.keys(item).filter(key => !bookkeeping.has(key) && conflictsOf(doc, [...path, key]).length > 1)
}

/**
 * Every copy of an item. There is one, unless two devices made the same item at once (both imported one file):
 * then Automerge keeps a map of each. Writers write to all copies, readers show the one edited last
 * (`shownCopy`), so nothing that a person did to any of them is lost from sight.
 */
export const copiesOf = (container: MapDraft, id: string): readonly MapDraft[] => {
  const shown = container[id]
  if (!isMap(shown)) return []
  const copies = concurrent(container, id)
    .map(([, value]) => value)
    .filter(isMap)
  return copies.length > 1 ? copies : [shown]
}

const editedAt = (copy: MapDraft): number => (typeof copy["editedAtMs"] === "number" ? copy["editedAtMs"] : 0)

/** The copy that was edited last; Automerge's choice where none was. The same on every device. */
export const shownCopy = (container: MapDraft, id: string): MapDraft | undefined => {
  const shown = container[id]
  if (!isMap(shown)) return undefined
  return copiesOf(container, id).reduce(
    (best, copy) => (editedAt(copy) > editedAt(best) ? copy : best),
    shown,
  )
}
