import type { MemberId, OperationId } from "../base/index.js"
import type { Operation, Role } from "./operation.js"
import type { Rank } from "./rank.js"

/** A set of entries, by index. */
export class IndexSet {
  readonly #words: Uint32Array

  private constructor(words: Uint32Array) {
    this.#words = words
  }

  /** The entries given and all of their pasts. */
  static pastOf(entries: readonly Entry[]): IndexSet {
    const highest = Math.max(-1, ...entries.map(entry => entry.index))
    const words = new Uint32Array((highest + 32) >>> 5)
    for (const entry of entries) {
      entry.past.#words.forEach((word, i) => (words[i] = (words[i] ?? 0) | word))
      words[entry.index >>> 5] = (words[entry.index >>> 5] ?? 0) | (1 << (entry.index & 31))
    }
    return new IndexSet(words)
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1
  }
}

/** What an operation rests on, found when it was checked at its parents. */
export interface Basis {
  /** The author's member; `undefined` for the recovery key. */
  readonly member: MemberId | undefined
  /** The author's rank at the parents. */
  readonly rank: Rank
  /** The lowest role that permits the operation. */
  readonly needs: Role
  /** The admissions, grants, yields and listings without which it would not have been permitted. */
  readonly relies: readonly OperationId[]
  /** Whose rights it takes; empty when it takes none. Given for setRole and docPolicy, where the body cannot tell. */
  readonly losers: readonly MemberId[]
  /** Hex of the recovery key that its rekeys are wrapped to. */
  readonly recovery: string
}

/** One operation of the log with its place in it. */
export interface Entry {
  readonly operation: Operation
  /** Order of arrival: local, for `IndexSet` only. */
  readonly index: number
  /** Longest way from the genesis. */
  readonly depth: number
  readonly parents: readonly Entry[]
  readonly past: IndexSet
  readonly basis: Basis
}

/** Parents first, then by id: one order on every device. */
export const compareEntries = (a: Entry, b: Entry): number =>
  a.depth - b.depth || (a.operation.id < b.operation.id ? -1 : a.operation.id > b.operation.id ? 1 : 0)

export const isBefore = (a: Entry, b: Entry): boolean => b.past.has(a.index)

export const isConcurrent = (a: Entry, b: Entry): boolean =>
  a.index !== b.index && !isBefore(a, b) && !isBefore(b, a)

/** Those that no other one follows, ascending. */
export const maximalOf = (entries: readonly Entry[]): readonly Entry[] =>
  [...new Set(entries)].filter(entry => !entries.some(other => isBefore(entry, other))).sort(compareEntries)

/**
 * The last entry that everything in the past of `heads` precedes or follows, and in order what follows it. What
 * happened before such a neck is settled: nothing after it is concurrent with anything before it.
 */
export const neckOf = (
  heads: readonly Entry[],
): { readonly neck: Entry; readonly after: readonly Entry[] } => {
  const waiting = new Set(heads)
  const after: Entry[] = []
  for (;;) {
    const last = [...waiting].reduce((a, b) => (compareEntries(a, b) > 0 ? a : b))
    if (waiting.size === 1) return { neck: last, after: after.reverse() }
    waiting.delete(last)
    after.push(last)
    for (const parent of last.parents) waiting.add(parent)
  }
}
