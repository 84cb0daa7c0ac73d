import * as A from "@automerge/automerge/slim"
import type { ActorId, ChangeHash } from "../base/index.js"

/** The last change of an actor in a document. */
export interface LastOfActor {
  readonly hash: string
  readonly seq: number
  readonly maxOp: number
}

/**
 * Writes changes again under another actor: the same edits on the same parents, for an actor that may sign for
 * them. Used for what a copied or restored profile had not sent: its old actor's next numbers may already be in
 * use elsewhere, and Automerge refuses a second change with one (actor, seq) for ever.
 *
 * `raw` in causal order. `last`: the new actor's last change in the document. As an actor's changes are a chain,
 * each also follows the one before it, with higher operation numbers.
 */
export const reauthor = (
  raw: readonly Uint8Array[],
  to: ActorId,
  last?: LastOfActor,
): readonly Uint8Array[] => {
  const rewritten: {
    readonly actor: string
    readonly from: number
    readonly count: number
    readonly to: number
  }[] = []
  const newHashes = new Map<string, ChangeHash>()
  let before = last
  /** Operation ids are `counter@actor`. */
  const renamed = (id: string): string => {
    const [number, actor] = id.split("@")
    const counter = Number(number)
    const of = rewritten.find(
      one => one.actor === actor && counter >= one.from && counter < one.from + one.count,
    )
    return of === undefined ? id : `${of.to + counter - of.from}@${to}`
  }
  return raw.map(bytes => {
    const { hash, ...change } = A.decodeChange(bytes)
    const startOp = Math.max(change.startOp, (before?.maxOp ?? 0) + 1)
    rewritten.push({ actor: change.actor, from: change.startOp, count: change.ops.length, to: startOp })
    const deps = new Set<string>(change.deps.filter(dep => !newHashes.has(dep)))
    if (before !== undefined) deps.add(before.hash)
    const ops = change.ops.map(op => {
      const { obj, elemId, pred } = op as { obj: string; elemId?: string; pred?: readonly string[] }
      return {
        ...op,
        obj: renamed(obj),
        ...(elemId === undefined ? {} : { elemId: renamed(elemId) }),
        ...(pred === undefined ? {} : { pred: pred.map(renamed) }),
      }
    }) as typeof change.ops
    const seq = (before?.seq ?? 0) + 1
    const encoded = A.encodeChange({ ...change, hash, actor: to, seq, startOp, deps: [...deps].sort(), ops })
    const newHash = A.decodeChange(encoded).hash as ChangeHash
    newHashes.set(hash ?? "", newHash)
    before = { hash: newHash, seq, maxOp: startOp + ops.length - 1 }
    return encoded
  })
}
