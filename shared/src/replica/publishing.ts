import type { Archive, StoredBundle } from "./archive.js"
import type { DocumentKey, Documents } from "./documents.js"
import type { Outbox, Published } from "./outbox.js"
import type { Pipeline } from "./pipeline-port.js"

/**
 * From the documents into bundles, to the others, and into this device's own index. Several documents are sealed one
 * after the other and wait for the disk once.
 */
export const createPublishing =
  (deps: {
    readonly outbox: Outbox | undefined
    readonly pipeline: Pipeline
    readonly archive: Archive
    readonly documents: Documents | undefined
    /** Nobody seals under a key that a dead device holds. */
    readonly renewKey: (circle: DocumentKey["circle"]) => Promise<void>
    readonly handOn: (bundles: readonly StoredBundle[]) => void
  }) =>
  async (keys: readonly DocumentKey[]): Promise<void> => {
    const { outbox, pipeline, archive, documents } = deps
    if (outbox === undefined) return
    const published: Published[] = []
    for (const [i, key] of keys.entries()) {
      await deps.renewKey(key.circle)
      published.push(await outbox.publish(key, i < keys.length - 1))
    }
    // An edit that could not be sealed is in the document alone.
    if (published.some(({ marks }) => marks.length === 0)) await documents?.flush()
    const bundles = published.flatMap(one => one.bundles)
    const marks = published.flatMap(one => one.marks)
    if (marks.length === 0) return
    if (bundles.length > 0 && published.at(-1)?.bundles.length === 0) await archive.append([])
    // They are durable: the way to the others need not wait until our own index has them.
    deps.handOn(bundles)
    await pipeline.process(bundles, marks, new Map(published.flatMap(({ own }) => [...own])))
  }
