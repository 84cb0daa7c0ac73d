import type { CircleId, EpochId } from "../base/index.js"
import type { Circle } from "../access/index.js"

/** Nobody seals under more heads than these before a rekey heals them: a family of six that rekeys all at once. */
export const combinedEpochs = 6
/**
 * Combinations that one epoch may add, of live epochs and of such with a void one among them: far above what a
 * partition brings. Each epoch has budgets of its own, so that nobody's rekeys, however many, use up another's.
 */
const liveCombinations = 512
const voidCombinations = 128

interface Combined {
  readonly id: EpochId
  readonly key: Uint8Array
  readonly past: ReadonlySet<EpochId>
}

/**
 * Which epochs of a circle some writer may have known as its heads: every set of up to six of which none replaces
 * another, whatever ever stood together here.
 */
export class Combinations {
  /** Per circle, sets of epochs that we hold the keys of, and of which none comes after another. */
  readonly #sideBySide = new Map<CircleId, (readonly Combined[])[]>()
  readonly #seen = new Set<EpochId>()

  /** The keys of each combination that was not given before. Epochs whose keys come later are combined then. */
  of(circle: Circle, keyOf: (epoch: EpochId) => Uint8Array | undefined): readonly (readonly Uint8Array[])[] {
    const fresh: (readonly Uint8Array[])[] = []
    for (const { id } of circle.epochs.values()) {
      const key = this.#seen.has(id) ? undefined : keyOf(id)
      if (key === undefined) continue
      this.#seen.add(id)
      fresh.push(...this.#combine(circle, { id, key, past: pastOf(circle, id) }))
    }
    return fresh
  }

  #combine(circle: Circle, added: Combined): readonly (readonly Uint8Array[])[] {
    const sets = this.#sideBySide.get(circle.id) ?? []
    this.#sideBySide.set(circle.id, sets)
    const isBeside = ({ id, past }: Combined): boolean => !added.past.has(id) && !past.has(added.id)
    const isLive = ({ id }: Combined): boolean => circle.epochs.get(id)?.live === true
    const found = sets
      .filter(set => set.length < combinedEpochs && set.every(isBeside))
      // Few heads at once are likelier than many.
      .sort((a, b) => a.length - b.length)
    const isLiveSet = (set: readonly Combined[]): boolean => isLive(added) && set.every(isLive)
    const live = found.filter(isLiveSet)
    const others = found.filter(set => !isLiveSet(set))
    const kept = [...live.slice(0, liveCombinations), ...others.slice(0, voidCombinations)]
    const grown = kept.map(set => [...set, added])
    sets.push([added], ...grown)
    return grown.map(set => set.map(({ key }) => key))
  }
}

/** The epochs that this one takes the place of, directly or by way of others. */
const pastOf = (circle: Circle, id: EpochId): ReadonlySet<EpochId> => {
  const past = new Set<EpochId>()
  const waiting = [...(circle.epochs.get(id)?.rekey.replaces ?? [])]
  for (let earlier = waiting.pop(); earlier !== undefined; earlier = waiting.pop()) {
    if (past.has(earlier)) continue
    past.add(earlier)
    waiting.push(...(circle.epochs.get(earlier)?.rekey.replaces ?? []))
  }
  return past
}
