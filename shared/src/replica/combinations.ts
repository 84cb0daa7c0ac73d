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

/** By circle, sets of epochs of which none comes after another. */
export type KeptCombinations = ReadonlyMap<CircleId, readonly (readonly EpochId[])[]>

interface Combined {
  readonly id: EpochId
  readonly key: Uint8Array
  /** Its place among the circle's epochs, and a bit for the place of each that it comes after. */
  readonly place: number
  readonly past: Uint32Array
}

/**
 * Which epochs of a circle some writer may have known as its heads: every set of up to six of which none replaces
 * another, whatever ever stood together here.
 */
export class Combinations {
  /** Per circle, sets of epochs that we hold the keys of, and of which none comes after another. */
  readonly #sideBySide = new Map<CircleId, (readonly Combined[])[]>()
  readonly #seen = new Set<EpochId>()
  readonly #places = new Map<EpochId, { readonly place: number; readonly past: Uint32Array }>()

  /**
   * The keys of each combination that was not given before. `fresh`: in the order of the circle those epochs that were
   * not combined yet; what is not in the circle, or has no key, has to be given again.
   */
  of(
    circle: Circle,
    fresh: Iterable<EpochId>,
    keyOf: (epoch: EpochId) => Uint8Array | undefined,
  ): readonly (readonly Uint8Array[])[] {
    const found: (readonly Uint8Array[])[] = []
    for (const id of fresh) {
      const key = this.#seen.has(id) || !circle.epochs.has(id) ? undefined : keyOf(id)
      if (key === undefined) continue
      this.#seen.add(id)
      found.push(...this.#combine(circle, { id, key, ...this.#placeOf(circle, id) }))
    }
    return found
  }

  has(epoch: EpochId): boolean {
    return this.#seen.has(epoch)
  }

  /** Which were found beside each other, to be kept. */
  kept(): KeptCombinations {
    return new Map(
      [...this.#sideBySide].map(([circle, sets]) => [circle, sets.map(set => set.map(({ id }) => id))]),
    )
  }

  resume(
    kept: KeptCombinations,
    circles: ReadonlyMap<CircleId, Circle>,
    keyOf: (epoch: EpochId) => Uint8Array | undefined,
  ): void {
    for (const [id, sets] of kept) {
      const circle = circles.get(id)
      if (circle === undefined) continue
      const known = new Map<EpochId, Combined>()
      const combined = (epoch: EpochId): readonly Combined[] => {
        const key = keyOf(epoch)
        if (key === undefined) return []
        const found = known.get(epoch) ?? { id: epoch, key, ...this.#placeOf(circle, epoch) }
        known.set(epoch, found)
        this.#seen.add(epoch)
        return [found]
      }
      this.#sideBySide.set(
        id,
        sets.map(set => set.flatMap(combined)),
      )
    }
  }

  #combine(circle: Circle, added: Combined): readonly (readonly Uint8Array[])[] {
    const sets = this.#sideBySide.get(circle.id) ?? []
    this.#sideBySide.set(circle.id, sets)
    const isBeside = (other: Combined): boolean => !isIn(added.past, other) && !isIn(other.past, added)
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

  /** Those that an epoch takes the place of have theirs first: its past is made of theirs. */
  #placeOf(circle: Circle, id: EpochId): { readonly place: number; readonly past: Uint32Array } {
    const waiting = [id]
    for (let epoch = waiting.at(-1); epoch !== undefined; epoch = waiting.at(-1)) {
      const replaced = circle.epochs.get(epoch)?.rekey.replaces ?? []
      const unknown = this.#places.has(epoch) ? [] : replaced.filter(each => !this.#places.has(each))
      waiting.push(...unknown)
      if (unknown.length > 0) continue
      waiting.pop()
      if (this.#places.has(epoch)) continue
      const before = replaced.flatMap(each => this.#places.get(each) ?? [])
      const place = this.#places.size
      const past = new Uint32Array((place + 31) >>> 5)
      for (const earlier of before) {
        for (const [i, word] of earlier.past.entries()) past[i] = (past[i] ?? 0) | word
        past[earlier.place >>> 5] = (past[earlier.place >>> 5] ?? 0) | (1 << (earlier.place & 31))
      }
      this.#places.set(epoch, { place, past })
    }
    const found = this.#places.get(id)
    if (found === undefined) throw new Error("an epoch has a place once its past has")
    return found
  }
}

const isIn = (past: Uint32Array, { place }: Pick<Combined, "place">): boolean =>
  (((past[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1
