/** Sequence numbers `from..to`, both included. */
export type SeqRange = readonly [from: number, to: number]

/**
 * What one sequence number changes in a feed's position: all of `1..contiguousSeq` are here, above it there are
 * islands, which never touch each other nor the contiguous part. So one number concerns two neighbours at most,
 * and an adapter can keep a position with three small reads, whatever the order of arrival.
 */
export interface RangeEdit {
  readonly contiguousSeq: number
  readonly removed: readonly SeqRange[]
  readonly added: readonly SeqRange[]
}

/**
 * A number that was not here before. `below` is the island with the largest `from` that is not above `seq`,
 * `above` the one with the smallest `from` that is.
 */
export const addSeq = (
  contiguousSeq: number,
  below: SeqRange | undefined,
  above: SeqRange | undefined,
  seq: number,
): RangeEdit => {
  const left = below !== undefined && below[1] === seq - 1 ? below : undefined
  const right = above !== undefined && above[0] === seq + 1 ? above : undefined
  if (seq === contiguousSeq + 1)
    return { contiguousSeq: right?.[1] ?? seq, removed: right === undefined ? [] : [right], added: [] }
  return {
    contiguousSeq,
    removed: [left, right].filter(range => range !== undefined),
    added: [[left?.[0] ?? seq, right?.[1] ?? seq]],
  }
}

/** A number whose last bundle goes. `below` as in `addSeq`. */
export const removeSeq = (contiguousSeq: number, below: SeqRange | undefined, seq: number): RangeEdit => {
  if (seq <= contiguousSeq)
    return {
      contiguousSeq: seq - 1,
      removed: [],
      added: seq < contiguousSeq ? [[seq + 1, contiguousSeq]] : [],
    }
  if (below === undefined || below[1] < seq) return { contiguousSeq, removed: [], added: [] }
  const [from, to] = below
  const left: SeqRange[] = from < seq ? [[from, seq - 1]] : []
  const right: SeqRange[] = seq < to ? [[seq + 1, to]] : []
  return { contiguousSeq, removed: [below], added: [...left, ...right] }
}
