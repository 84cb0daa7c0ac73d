import * as A from "@automerge/automerge/slim"
import { type DeviceId, type DocumentId, type Result, type Store, err, ok } from "../base/index.js"
import { movedTo } from "../access/index.js"
import { parseRecord } from "./bundle-record.js"
import type { DocumentKey, Documents, OpenDocument } from "./documents.js"
import type { GroupSession } from "./group-session.js"
import type { Moving } from "./moving.js"
import type { Pipeline } from "./pipeline-port.js"
import { reauthor } from "./reauthor.js"
import type { ChangeError, LateEdits } from "./replica-port.js"
import { lateBundles } from "./verdict.js"

/** Edits that do not count: shown, taken in after all, or put away; and the own ones that only lost their place. */
export interface LateEditsDesk {
  list(): Promise<readonly LateEdits[]>
  accept(edits: Pick<LateEdits, "key" | "changes">): Promise<Result<void, ChangeError>>
  discard(edits: Pick<LateEdits, "bundle">): Promise<void>
  rewriteOwnLosers(): Promise<void>
}

/** Runs inside the replica's queue. `documents`: none on a keeper, which shows no edits. */
export const createLateEdits = (deps: {
  readonly store: Store
  readonly pipeline: Pipeline
  readonly documents: Documents | undefined
  readonly device: DeviceId
  readonly mayWrite: (key: DocumentKey) => boolean
  readonly open: (key: DocumentKey) => Promise<OpenDocument>
  readonly publish: (key: DocumentKey) => Promise<void>
  readonly moving: Moving
  readonly session: Pick<GroupSession, "state">
  readonly each: (keys: readonly DocumentKey[], job: (key: DocumentKey) => Promise<void>) => Promise<void>
}): LateEditsDesk => {
  const { store, pipeline, documents, device, mayWrite, each } = deps
  if (documents === undefined) {
    return {
      list: () => Promise.resolve([]),
      accept: () => Promise.resolve(err({ type: "NotAllowed" })),
      discard: () => Promise.resolve(),
      rewriteOwnLosers: () => Promise.resolve(),
    }
  }

  const isMoved = ({ area, id }: DocumentKey): boolean =>
    movedTo(deps.session.state(), { area, document: id }) !== undefined

  /**
   * Whoever may write there takes late edits in: by an empty change upon them, which adopts them under their own
   * author; or, where Automerge has no place for them beside a rival, by writing them again as this device's.
   */
  const accept = async (edits: Pick<LateEdits, "key" | "changes">): Promise<Result<void, ChangeError>> => {
    const { key } = edits
    if (isMoved(key)) {
      const left = new Set(deps.moving.leftBehind(key, await pipeline.indexOf(key)))
      const wanted = edits.changes.filter(change => left.has(change))
      const taken = wanted.length === 0 ? ok(key) : await deps.moving.takeAlong(key, wanted)
      return taken.ok ? ok(undefined) : err({ type: "NotAllowed" })
    }
    if (!mayWrite(key)) return err({ type: "NotAllowed" })
    const handle = await deps.open(key)
    const index = await pipeline.indexOf(key)
    const changes = await pipeline.acceptable(key, index.unacceptedBelow(edits.changes))
    // Nothing of it can be in any document.
    if (changes.length === 0) return err({ type: "NotAllowed" })
    const { actor } = await documents.actorOf(key)
    const bytes = changes.map(change => change.bytes)
    handle.update(doc => {
      if (!index.hasEquivocation) return A.emptyChange(A.applyChanges(doc, bytes)[0])
      const own = A.getChangesMetaSince(doc, []).filter(meta => meta.actor === actor)
      return A.applyChanges(doc, [...reauthor(bytes, actor, own.at(-1))])[0]
    })
    await deps.publish(key)
    return ok(undefined)
  }

  /** What this device itself wrote on a branch that lost against a copy's: it is still allowed, so write it again. */
  const rewriteOwnLosers = async (): Promise<void> => {
    const foreign = new Set((await store.list(["foreign"])).map(({ key }) => key[1]))
    if (foreign.size === 0) return
    await each(await documents.known(), async key => {
      const index = await pipeline.indexOf(key)
      if (!index.hasEquivocation) return
      const rewritten = new Set((await store.list(["rewritten", key.id])).map(({ key: path }) => path[2]))
      const lost = lateBundles(index.records(), index.accepted).filter(
        ({ bundle }) =>
          index.record(bundle)?.device === device && !foreign.has(bundle) && !rewritten.has(bundle),
      )
      if (lost.length === 0) return
      await accept({ key, changes: lost.flatMap(({ changes }) => changes) })
      await store.write(
        lost.map(({ bundle }) => ({
          type: "Put",
          key: ["rewritten", key.id, bundle],
          value: new Uint8Array(0),
        })),
      )
    })
  }

  const list = async (): Promise<readonly LateEdits[]> => {
    const found: LateEdits[] = []
    const discarded = new Set((await store.list(["discarded"])).map(({ key }) => key[1]))
    // A document of which nothing counts was never begun here; its late edits are found all the same.
    for (const { key: path, value } of await store.list(["indexed"])) {
      const indexed = parseRecord(value)
      if (indexed === undefined) continue
      const key: DocumentKey = { ...indexed.document, circle: indexed.circle, id: path[1] as DocumentId }
      const index = await pipeline.indexOf(key)
      const left = isMoved(key) ? new Set(deps.moving.leftBehind(key, index)) : undefined
      // Of a moved document nothing that does not count can be made to.
      const counting =
        left &&
        new Set(
          index
            .unaccepted()
            .concat(index.applied())
            .filter(hash => !left.has(hash)),
        )
      for (const { bundle, changes } of lateBundles(index.records(), counting ?? index.accepted)) {
        const record = index.record(bundle)
        if (record === undefined || discarded.has(bundle)) continue
        found.push({ bundle, key, device: record.device, changes })
      }
    }
    return found
  }

  return {
    list,
    accept,
    discard: ({ bundle }) =>
      store.write([{ type: "Put", key: ["discarded", bundle], value: new Uint8Array(0) }]),
    rewriteOwnLosers,
  }
}
