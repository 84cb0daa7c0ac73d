import * as A from "@automerge/automerge/slim"
import type { ActorId, Area, ChangeHash } from "../base/index.js"
import { fixedChanges } from "../documents/areas.js"
import type { ObjectUse, Reference } from "../wire/index.js"
import type { RecordedChange } from "./bundle-record.js"

/** Operation numbers end at 2^32: who jumps ahead takes the rest from everybody. No family's year makes so many. */
const farthestJump = 10_000_000

/** What a change and its causal past hold. An actor's changes are a chain: the last tells all. */
interface Past {
  readonly actor: ActorId
  readonly seq: number
  /** The highest operation number. */
  readonly maxOp: number
  /** Of the other actors, the last seq. Shared along the chain of one writer. */
  readonly others: ReadonlyMap<ActorId, number>
}

/**
 * Whether a change can be one that Automerge made, as far as its head tells: it is its actor's next upon what it
 * stands on, its operations are numbered above all of those, not far above, it names nothing else's, and writes to a
 * list as to a list and to a map as to a map. That
 * depends on the change and its past alone, so everybody says the same of it, in whatever order things came.
 */
export class Lineage {
  readonly #pasts = new Map<ChangeHash, Past>()
  /** The highest operation number at each (actor, seq). */
  readonly #maxOps = new Map<string, number>()

  /** Of the objects made, whether they are lists or texts: `counter@actor`. */
  readonly #isSequence = new Map<string, boolean>()

  /** Its dependencies were added before and are possible. A change that is not is not remembered. */
  add(change: RecordedChange): boolean {
    const pasts = change.deps.map(dep => this.#pasts.get(dep)).filter(past => past !== undefined)
    const { others, seq } = joined(change.actor, pasts)
    const before = Math.max(0, ...pasts.map(past => past.maxOp))
    const maxOp = change.startOp + change.operationCount - 1
    const isNext = change.seq === seq + 1
    const isNumbered = change.startOp > before && maxOp - before <= farthestJump
    const isKnown = ({ actor, counter }: Reference): boolean => {
      if (actor === change.actor && change.operationCount > 0 && counter >= change.startOp)
        return counter <= maxOp
      const at = actor === change.actor ? seq : (others.get(actor) ?? 0)
      return counter <= (this.#maxOps.get(`${actor} ${at}`) ?? 0)
    }
    const own = new Map(change.makes.map(made => [`${made.counter}@${change.actor}`, made.isSequence]))
    const isOfItsKind = ({ actor, counter, isSequence }: ObjectUse): boolean => {
      const id = `${counter}@${actor}`
      return (own.get(id) ?? this.#isSequence.get(id)) === isSequence
    }
    if (!change.uses.every(isOfItsKind)) return false
    if (!isNext || !isNumbered || !change.references.every(isKnown)) return false
    this.#pasts.set(change.hash, { actor: change.actor, seq: change.seq, maxOp, others })
    this.#maxOps.set(`${change.actor} ${change.seq}`, maxOp)
    for (const [id, isSequence] of own) this.#isSequence.set(id, isSequence)
    return true
  }
}

const joined = (actor: ActorId, pasts: readonly Past[]): Pick<Past, "others" | "seq"> => {
  const [only] = pasts
  if (only !== undefined && pasts.length === 1 && only.actor === actor) return only
  const others = new Map<ActorId, number>()
  for (const past of pasts) {
    for (const [other, seq] of [...past.others, [past.actor, past.seq] as const]) {
      others.set(other, Math.max(others.get(other) ?? 0, seq))
    }
  }
  const seq = others.get(actor) ?? 0
  others.delete(actor)
  return { others, seq }
}

const fixedByArea = new Map<Area, readonly RecordedChange[]>()

/** The heads of an area's fixed changes, in order. */
export const fixedHeads = (area: Area): readonly RecordedChange[] => {
  const known = fixedByArea.get(area)
  if (known !== undefined) return known
  const heads = fixedChanges(area).map(({ hash, bytes }) => {
    const { actor, seq, deps, startOp, ops } = A.decodeChange(bytes)
    return {
      hash,
      actor: actor as ActorId,
      seq,
      deps: deps as ChangeHash[],
      startOp,
      operationCount: ops.length,
      references: [],
      makes: ops.flatMap(({ action }, i) =>
        action.startsWith("make")
          ? [{ counter: startOp + i, isSequence: action === "makeList" || action === "makeText" }]
          : [],
      ),
      uses: [],
    }
  })
  fixedByArea.set(area, heads)
  return heads
}
