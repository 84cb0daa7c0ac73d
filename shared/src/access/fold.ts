import type { OperationId } from "../base/index.js"
import { applyEntry } from "./apply.js"
import { type Entry, compareEntries, maximalOf, neckOf } from "./causality.js"
import { draftOf, finish } from "./draft.js"
import type { Precedes } from "./epochs.js"
import type { DeviceId } from "../base/index.js"
import type { DeviceKeys } from "./operation.js"
import type { GroupState } from "./state.js"

/** States kept besides the pinned ones: the heads of some branches, and what recent bundles named. */
const keptStates = 128
/** Every so many operations deep a state is pinned, so that no question goes back to the genesis. */
const pinnedDepth = 64

type Decide = (entries: readonly Entry[], settled: ReadonlySet<OperationId>) => ReadonlySet<OperationId>

export interface Fold {
  /** The state of the past of `heads`, they included. At least one head. */
  stateOf(heads: readonly Entry[]): GroupState
  /** Some of the states that are pinned, of one head each: as many as the depth of the newest has digits. */
  pinned(): readonly { readonly head: Entry; readonly state: GroupState }[]
  /** A state that was folded before, in another process. */
  pin(heads: readonly Entry[], state: GroupState): void
  /** Drops what was folded of pasts that hold one of these. */
  forget(entries: readonly Entry[]): void
}

const keyOf = (heads: readonly Entry[]): string => heads.map(head => head.index).join()

/** The newest, and before it each at least twice as far from it as the one before: from any place on it is not far. */
const fewer = <T extends { readonly head: Entry }>(pinned: readonly T[]): readonly T[] => {
  const newestFirst = [...pinned].sort((a, b) => compareEntries(b.head, a.head))
  const newest = newestFirst[0]?.head.depth ?? 0
  let least = 0
  return newestFirst.filter(({ head }) => {
    const distance = newest - head.depth
    if (distance < least) return false
    least = Math.max(1, 2 * distance)
    return true
  })
}

/**
 * Folds pasts of heads, each from the nearest one that it has folded before. `decide` says which operations are
 * void: those that follow a neck are decided together, for nothing before it is concurrent with them.
 */
export const createFold = (
  genesis: { readonly entry: Entry; readonly state: GroupState },
  decide: Decide,
  precedes: Precedes,
  deviceOf: (keys: DeviceKeys) => DeviceId,
): Fold => {
  const recent = new Map<string, { readonly heads: readonly Entry[]; readonly state: GroupState }>()
  const pinned: typeof recent = new Map()

  const find = (heads: readonly Entry[]): GroupState | undefined => {
    const key = keyOf(heads)
    const found = recent.get(key)
    if (found === undefined) return pinned.get(key)?.state
    recent.delete(key)
    recent.set(key, found)
    return found.state
  }

  const keep = (heads: readonly Entry[], state: GroupState): GroupState => {
    const [head] = heads
    if (heads.length === 1 && head !== undefined && head.depth % pinnedDepth === 0)
      pinned.set(keyOf(heads), { heads, state })
    recent.set(keyOf(heads), { heads, state })
    for (const key of recent.keys()) {
      if (recent.size <= keptStates) break
      recent.delete(key)
    }
    return state
  }

  const advance = (base: GroupState, entries: readonly Entry[]): GroupState => {
    const draft = draftOf(base, decide(entries, base.void))
    for (const entry of entries) applyEntry(draft, entry, precedes, deviceOf)
    return finish(draft)
  }

  /** From here back to what is known, in steps that each follow from the one before. */
  const stepsTo = (
    heads: readonly Entry[],
  ): { readonly base: GroupState; readonly steps: readonly Step[] } => {
    const steps: Step[] = []
    let at = heads
    for (;;) {
      const known = find(at)
      if (known !== undefined) return { base: known, steps: steps.reverse() }
      const [head] = at
      if (at.length === 1 && head === genesis.entry) return { base: genesis.state, steps: steps.reverse() }
      if (at.length === 1 && head !== undefined) {
        steps.push({ heads: at, entries: [head] })
        at = maximalOf(head.parents)
      } else {
        const { neck, after } = neckOf(at)
        steps.push({ heads: at, entries: after })
        at = [neck]
      }
    }
  }

  return {
    stateOf(heads) {
      const { base, steps } = stepsTo(maximalOf(heads))
      let state = base
      for (const step of steps) state = keep(step.heads, advance(state, step.entries))
      return state
    },
    pinned: () =>
      fewer(
        [...pinned.values()].flatMap(({ heads, state }) => {
          const [head] = heads
          return heads.length === 1 && head !== undefined ? [{ head, state }] : []
        }),
      ),
    pin: (heads, state) => void pinned.set(keyOf(heads), { heads, state }),
    forget(entries) {
      const isStale = (heads: readonly Entry[]): boolean =>
        entries.some(entry => heads.some(head => head === entry || head.past.has(entry.index)))
      for (const states of [recent, pinned]) {
        for (const [key, { heads }] of states) if (isStale(heads)) states.delete(key)
      }
    },
  }
}

interface Step {
  readonly heads: readonly Entry[]
  readonly entries: readonly Entry[]
}
