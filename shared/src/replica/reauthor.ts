import * as A from "@automerge/automerge/slim"
import type { ActorId, ChangeHash } from "../base/index.js"

/**
 * Writes changes again under another actor: the same edits on the same parents, for an actor that may sign for
 * them. Used for what a copied or restored profile had not sent: its old actor's next numbers may already be in
 * use elsewhere, and Automerge refuses a second change with one (actor, seq) for ever.
 *
 * `raw` in causal order. `firstSeq`: the new actor's next number in the document.
 */
export const reauthor = (raw: readonly Uint8Array[], to: ActorId, firstSeq: number): readonly Uint8Array[] => {
  const decoded = raw.map(bytes => A.decodeChange(bytes))
  const from = new Set(decoded.map(change => change.actor))
  const newHashByOld = new Map<string, ChangeHash>()
  // Operation ids are `counter@actor`, inside any field of an operation.
  const renamed = (value: unknown): unknown => {
    if (typeof value === "string") {
      const [counter, actor, ...rest] = value.split("@")
      return actor !== undefined && rest.length === 0 && from.has(actor) ? `${counter}@${to}` : value
    }
    if (Array.isArray(value)) return value.map(renamed)
    if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === "value" ? inner : renamed(inner)]))
  }
  return decoded.map((change, i) => {
    const { hash, ...rest } = change
    const deps = change.deps.map(dep => newHashByOld.get(dep) ?? dep)
    const ops = change.ops.map(op => renamed(op)) as typeof change.ops
    const encoded = A.encodeChange({ ...rest, hash, actor: to, seq: firstSeq + i, deps, ops })
    newHashByOld.set(hash ?? "", A.decodeChange(encoded).hash as ChangeHash)
    return encoded
  })
}
