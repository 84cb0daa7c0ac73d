import { type Clock, type DocumentId, type Result, err, ok } from "../base/index.js"
import type { Doc, DocumentKey, OpenDocument } from "./documents.js"
import type { ChangeError } from "./replica-port.js"

/** Below what a person notices of a burst. For `ReplicaOptions.gatherMs`. */
export const gatherEditsMs = 250
/** What an edit of its own may cost: where they come closer, they are gathered. */
const ownBundleMs = 10

/** Asked for, and not durable yet. */
interface WaitingEdit {
  /** Runs the command on a draft of the document and keeps its result. */
  readonly apply: (draft: never) => void
  readonly settle: () => void
  readonly fail: (error: unknown) => void
}

export interface Edits {
  /** Resolves when the edit is sealed and durable. */
  change<T>(key: DocumentKey, command: (draft: never) => T): Promise<Result<T, ChangeError>>
  /** What waits for more begins now: something else comes behind it. */
  start(): void
}

/**
 * The way of an edit into a bundle. While one bundle is sealed and written, whatever else is edited waits and goes
 * into the next one together, as one change of the document: a lone edit is not delayed, and a thousand cost few
 * changes, signatures and commits. While more than one comes at a time (nobody waits for each of them), bundles are
 * begun 10 ms apart for each edit of the last one, at most `gatherMs`: a change of sixteen edits costs Automerge a third
 * of sixteen changes on this device, and on each of the others a fifth.
 */
export const createEdits = (deps: {
  /** One thing at a time. */
  readonly run: (job: () => Promise<void>) => Promise<void>
  readonly clock: Clock
  readonly gatherMs: number
  readonly mayWrite: (key: DocumentKey) => boolean
  readonly open: (key: DocumentKey) => Promise<OpenDocument>
  /** The document shows the edits; they are not durable yet. */
  readonly onApplied: (key: DocumentKey, doc: Doc) => void
  /** Seals what the documents hold unsealed; durable when it resolves. */
  readonly publish: (keys: readonly DocumentKey[]) => Promise<void>
}): Edits => {
  let waiting = new Map<DocumentId, { readonly key: DocumentKey; readonly edits: WaitingEdit[] }>()
  let last = { count: 0, atMs: 0 }
  let cancelGathering: (() => void) | undefined

  const applyTo = (handle: OpenDocument, edits: readonly WaitingEdit[]): readonly WaitingEdit[] => {
    try {
      handle.change(draft => {
        for (const edit of edits) edit.apply(draft as never)
      })
      return edits
    } catch (error) {
      const [only] = edits
      if (only === undefined || edits.length > 1) return edits.flatMap(edit => applyTo(handle, [edit]))
      only.fail(error)
      return []
    }
  }

  /** Whether anything was changed. */
  const applyAll = async (key: DocumentKey, edits: readonly WaitingEdit[]): Promise<boolean> => {
    try {
      if (!deps.mayWrite(key)) return false
      const handle = await deps.open(key)
      if (applyTo(handle, edits).length === 0) return false
      deps.onApplied(key, handle.doc())
      return true
    } catch (error) {
      for (const { fail } of edits) fail(error)
      return false
    }
  }

  /** The edits of all documents are sealed one after the other and wait for the disk once. */
  const seal = async (now: readonly { key: DocumentKey; edits: readonly WaitingEdit[] }[]): Promise<void> => {
    const changed: DocumentKey[] = []
    for (const { key, edits } of now) if (await applyAll(key, edits)) changed.push(key)
    try {
      if (changed.length > 0) await deps.publish(changed)
      for (const { edits } of now) for (const { settle } of edits) settle()
    } catch (error) {
      for (const { edits } of now) for (const { fail } of edits) fail(error)
    }
  }

  const sealWaiting = async (): Promise<void> => {
    const now = waiting
    waiting = new Map()
    const count = [...now.values()].reduce((sum, { edits }) => sum + edits.length, 0)
    last = { count, atMs: deps.clock.now() }
    await seal([...now.values()])
  }

  const begin = (): void => {
    cancelGathering = undefined
    deps.run(sealWaiting).catch((error: unknown) => {
      const failed = waiting
      waiting = new Map()
      for (const { edits } of failed.values()) for (const { fail } of edits) fail(error)
    })
  }

  const beginInTime = (): void => {
    const apartMs = last.count > 1 ? Math.min(deps.gatherMs, ownBundleMs * last.count) : 0
    const waitMs = last.atMs + apartMs - deps.clock.now()
    // A clock that was set back makes nobody wait longer.
    if (waitMs <= 0 || waitMs > apartMs) begin()
    else cancelGathering = deps.clock.after(waitMs, begin)
  }

  return {
    change: <T>(key: DocumentKey, command: (draft: never) => T) =>
      new Promise<Result<T, ChangeError>>((resolve, reject) => {
        let result: Result<T, ChangeError> = err({ type: "NotAllowed" })
        const edit: WaitingEdit = {
          apply: draft => {
            result = ok(command(draft))
          },
          settle: () => resolve(result),
          fail: reject,
        }
        const isFirst = waiting.size === 0
        const known = waiting.get(key.id) ?? { key, edits: [] }
        known.edits.push(edit)
        waiting.set(key.id, known)
        if (!isFirst) return
        beginInTime()
      }),
    start: () => {
      if (cancelGathering === undefined) return
      cancelGathering()
      begin()
    },
  }
}
