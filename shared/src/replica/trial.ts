import * as A from "@automerge/automerge/slim"
import type { ChangeHash } from "../base/index.js"
import type { Change } from "../wire/index.js"

/** Whether Automerge has this document again after saving it: what it takes, it cannot always load. */
export const survivesSaving = (doc: A.Doc<unknown>): boolean => {
  try {
    const again = A.load<unknown>(A.save(doc))
    const isSame = A.getHeads(again).join() === A.getHeads(doc).join()
    A.free(again)
    return isSame
  } catch {
    return false
  }
}

/**
 * The trial: these changes, in causal order, applied to nothing, saved and loaded again; what was saved when it holds.
 * They are applied without being shown: building what a screen sees from single changes takes Automerge several times
 * as long as all the rest, and loading shows the whole once.
 */
export const savedWhole = (changes: readonly Uint8Array[]): Uint8Array | undefined => {
  try {
    const doc = A.init<unknown>()
    A.getBackend(doc).applyChanges([...changes])
    const bytes = A.save(doc)
    const again = A.load<unknown>(bytes)
    const isSame = A.getHeads(again).join() === A.getHeads(doc).join()
    // Of a document in which Automerge threw nothing is touched again, not even to free it.
    A.free(again)
    A.free(doc)
    return isSame ? bytes : undefined
  } catch {
    return undefined
  }
}

export const holds = (changes: readonly Uint8Array[]): boolean => savedWhole(changes) !== undefined

export interface Trial {
  /** Changes that fail upon exactly their own past. The answer is the same wherever it is asked. */
  readonly broken: ReadonlySet<ChangeHash>
  /** Whether Automerge holds everything else, less what depends on the broken ones. */
  readonly isRestSound: boolean
}

/**
 * Finds what a document cannot be loaded with. `fixed`: its first changes, above suspicion. `changes`: all others,
 * in causal order. A sound document costs one trial, each broken change about log2(n) more.
 */
export const tryChanges = (fixed: readonly Uint8Array[], changes: readonly Change[]): Trial => {
  const broken = new Set<ChangeHash>()
  const isHeld = (some: readonly Change[]): boolean => holds([...fixed, ...some.map(({ bytes }) => bytes)])
  let left = changes
  while (!isHeld(left)) {
    // The last change of the shortest beginning that fails.
    let good = 0
    let bad = left.length
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2)
      if (isHeld(left.slice(0, middle))) good = middle
      else bad = middle
    }
    const suspect = left[bad - 1]
    // Two that fail only together: to blame the one that came second here would be to disagree with others.
    if (suspect === undefined || isHeld(withPast(suspect, left))) return { broken, isRestSound: false }
    broken.add(suspect.hash)
    left = withoutDependents(suspect.hash, left)
  }
  return { broken, isRestSound: true }
}

const withPast = (change: Change, ordered: readonly Change[]): readonly Change[] => {
  const past = new Set<ChangeHash>([change.hash])
  const found: Change[] = []
  for (let i = ordered.length - 1; i >= 0; i--) {
    const candidate = ordered[i]
    if (candidate === undefined || !past.has(candidate.hash)) continue
    for (const dep of candidate.deps) past.add(dep)
    found.push(candidate)
  }
  return found.reverse()
}

const withoutDependents = (root: ChangeHash, ordered: readonly Change[]): readonly Change[] => {
  const gone = new Set<ChangeHash>([root])
  return ordered.filter(({ hash, deps }) => {
    if (deps.some(dep => gone.has(dep))) gone.add(hash)
    return !gone.has(hash)
  })
}
