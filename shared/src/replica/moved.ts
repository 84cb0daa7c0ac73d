import { type ChangeHash, type DocumentId, type Result, err, ok } from "../base/index.js"
import { documentIdOf, movableAreas, movedNameOf } from "../access/index.js"
import { fixedChanges } from "../documents/areas.js"
import type { Change, Sealer } from "../wire/index.js"
import type { GroupSession } from "./group-session.js"
import { type OpenError, type OpenedBundle, rawChangesOf } from "./opened-bundle.js"

// A document that goes to another circle is sealed there once more, under a new id: the same changes, in one bundle,
// by whoever moves it. Their actors belong to the old document, so no certificate proves them. What stands for them
// is the move in the log, which names the heads of what goes along: that closure, by hash, and not one change more.

/** The changes that no other of them builds upon, ascending: with their closure they are all of them. */
export const frontierOf = (changes: readonly Pick<Change, "hash" | "deps">[]): readonly ChangeHash[] => {
  const built = new Set(changes.flatMap(({ deps }) => deps))
  return changes
    .map(({ hash }) => hash)
    .filter(hash => !built.has(hash))
    .sort()
}

/**
 * The changes that a move brings into its new document. `NotMoved`: no move in the author's past names this document
 * and exactly these changes, or something that they build upon is not among them.
 */
export const movedChangesOf = (
  sealer: Sealer,
  { group, log, covers }: Pick<GroupSession, "group" | "log" | "covers">,
  { body, circle }: OpenedBundle,
): Result<{ readonly document: DocumentId; readonly changes: readonly Change[] }, OpenError> => {
  const refused = err({ type: "Refused", reason: "NotMoved" } as const)
  if (body.document === undefined || circle === undefined) return refused
  const { area, name } = body.document
  const changes = rawChangesOf(sealer, area, body.payload)
  if (changes === undefined || !movableAreas.includes(area)) return refused
  const document = documentIdOf(group, circle, body.document, sealer.hash)
  const frontier = frontierOf(changes).join()
  // Void or not: whether a move counts is the verdict's question, and its answer may change.
  const isNamed = log.operations().some(
    ({ id, body: move }) =>
      move.type === "move" &&
      move.to === document &&
      move.frontier.join() === frontier &&
      // A name that follows from the old document is nobody else's: into no document that is there changes come so.
      movedNameOf(move.document, circle, sealer.hash) === name &&
      covers(body.groupHeads, [id]),
  )
  if (!isNamed) return refused
  const there = new Set([...fixedChanges(area), ...changes].map(({ hash }) => hash))
  if (!changes.every(({ deps }) => deps.every(dep => there.has(dep)))) return refused
  return ok({ document, changes })
}
