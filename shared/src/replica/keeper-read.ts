import * as A from "@automerge/automerge/slim"
import { concatBytes } from "../base/index.js"
import { fixedChanges } from "../documents/areas.js"
import type { Doc, DocumentKey } from "./documents.js"
import type { Pipeline } from "./pipeline-port.js"

/**
 * A look into a document at a keeper, which holds none: made of the bundles that count, and freed. Costs as much as
 * the document is long, in time and for that time in memory.
 */
export const readFromBundles = async <T>(
  pipeline: Pipeline,
  key: DocumentKey,
  look: (doc: Doc) => T,
): Promise<T> => {
  const index = await pipeline.indexOf(key)
  const changes = await pipeline.changes(key, index.applied())
  const raw = [...fixedChanges(key.area), ...changes].map(({ bytes }) => bytes)
  const doc = A.load<unknown>(concatBytes(...raw))
  try {
    return look(doc)
  } finally {
    A.free(doc)
  }
}
