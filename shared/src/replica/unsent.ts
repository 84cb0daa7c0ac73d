import * as A from "@automerge/automerge/slim"
import type { ActorId, ChangeHash } from "../base/index.js"
import { type Change, type Sealer, parseChange } from "../wire/index.js"
import { reauthor } from "./reauthor.js"

const ownChange = (raw: Uint8Array, sealer: Sealer): Change => {
  const change = parseChange(raw, sealer.sha256)
  if (change === undefined) throw new Error("a change of our own does not parse")
  return change
}

/**
 * A copied or restored profile may have typed what it did not send under numbers that it used before: no verdict
 * knows of those edits, and Automerge holds only one change under an (actor, seq). The document's changes, parted
 * into sent and unsent, when one of `coming` has the place of an unsent one; `undefined`: they stand side by side.
 */
export const rivalled = (
  doc: A.Doc<unknown>,
  coming: readonly Change[],
  isSent: (change: ChangeHash) => boolean,
  sealer: Sealer,
): { readonly sent: readonly Change[]; readonly unsent: readonly Change[] } | undefined => {
  // Nobody else builds upon an unsent edit: where there is one, there is one among the heads.
  if (A.getHeads(doc).every(head => isSent(head as ChangeHash))) return undefined
  const sent: Change[] = []
  const unsent: Change[] = []
  for (const raw of A.getAllChanges(doc)) {
    const change = ownChange(raw, sealer)
    if (isSent(change.hash)) sent.push(change)
    else unsent.push(change)
  }
  const places = new Set(coming.map(({ actor, seq }) => `${actor} ${seq}`))
  return unsent.some(({ actor, seq }) => places.has(`${actor} ${seq}`)) ? { sent, unsent } : undefined
}

/**
 * What is unsent in a document that is to be made anew from `kept`, as far as all that it stands on is kept. Nobody
 * else has it: a rebuild takes it along.
 */
export const unsentUpon = (
  doc: A.Doc<unknown>,
  kept: ReadonlySet<ChangeHash>,
  isSent: (change: ChangeHash) => boolean,
  sealer: Sealer,
): readonly Change[] => {
  if (A.getHeads(doc).every(head => isSent(head as ChangeHash))) return []
  const found = new Map<ChangeHash, Change>()
  for (const raw of A.getAllChanges(doc)) {
    const change = ownChange(raw, sealer)
    const stands = change.deps.every(dep => kept.has(dep) || found.has(dep))
    if (stands && !isSent(change.hash) && !kept.has(change.hash)) found.set(change.hash, change)
  }
  return [...found.values()]
}

/** The same edits under an actor that has written nothing in the document yet. */
export const rewritten = (unsent: readonly Change[], actor: ActorId, sealer: Sealer): readonly Change[] =>
  reauthor(
    unsent.map(({ bytes }) => bytes),
    actor,
  ).map(raw => ownChange(raw, sealer))
