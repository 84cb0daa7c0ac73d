import * as A from "@automerge/automerge/slim"
import { type Area, type ChangeHash, areas, hexToBytes } from "../base/index.js"
import { fixedBytes } from "./fixed-bytes.js"

/** One Automerge change that is the same bytes on every device. */
export interface FixedChange {
  readonly hash: ChangeHash
  readonly bytes: Uint8Array
}

/** The actor of all fixed changes. No device has it: theirs are hashes. */
export const fixedActor = "0".repeat(32)

const decode = (hex: string): Uint8Array => {
  const bytes = hexToBytes(hex)
  if (bytes === undefined) throw new TypeError("fixed-bytes.ts holds no hex")
  return bytes
}

const registry = new Map<Area, readonly FixedChange[]>(
  areas.map(area => [
    area,
    fixedBytes[area].map(([hash, hex]) => ({ hash: hash as ChangeHash, bytes: decode(hex) })),
  ]),
)

/**
 * With what every document of the area starts, in order: the initial change, then one per migration. Change n has
 * seq n, time 0, the fixed actor, and depends only on n-1. Receivers allow them by hash; nobody signs for them.
 */
export const fixedChanges = (area: Area): readonly FixedChange[] => registry.get(area) ?? []

/** The schema that this version writes. A document that says more is read, never written. */
export const schemaOf = (area: Area): number => fixedChanges(area).length

/** A new document of the area: only its fixed changes. `actor`: 32 hex digits, the device's for this document. */
export const createDocument = (area: Area, actor?: string): A.Doc<unknown> => {
  const empty = actor === undefined ? A.init<unknown>() : A.init<unknown>({ actor })
  return migrate(area, empty)
}

/** Fixed changes of the area that the document lacks: what a replica adds when it opens what an older version made. */
export const missingFixedChanges = (area: Area, doc: A.Doc<unknown>): readonly FixedChange[] =>
  fixedChanges(area).filter(({ hash }) => !A.hasHeads(doc, [hash]))

/** Idempotent, and the same on two devices at once: the changes are the same bytes, so Automerge keeps one of each. */
export const migrate = (area: Area, doc: A.Doc<unknown>): A.Doc<unknown> => {
  const missing = missingFixedChanges(area, doc)
  if (missing.length === 0) return doc
  return A.applyChanges(
    doc,
    missing.map(({ bytes }) => bytes),
  )[0]
}
