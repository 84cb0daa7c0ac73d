export interface Samples {
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
}

/**
 * Runs both sides in turns, one after the other, and changes who goes first from round to round, so that whatever
 * the machine does besides meets both. One round before the first is not counted: it warms up. `isFresh`: each round
 * starts processes of its own, which nothing could warm.
 */
export const interleave = async (
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
  { isFresh }: { readonly isFresh: boolean } = { isFresh: false },
): Promise<Samples> => {
  const samples = { ours: [] as number[], theirs: [] as number[] }
  for (let round = isFresh ? 0 : -1; round < rounds; round++) {
    const isOursFirst = round % 2 === 0
    const first = await (isOursFirst ? ours : theirs)(round)
    const second = await (isOursFirst ? theirs : ours)(round)
    if (round < 0) continue
    samples.ours.push(isOursFirst ? first : second)
    samples.theirs.push(isOursFirst ? second : first)
  }
  return samples
}

/**
 * The same for work that can be cut: each round is `slices` short turns of both sides, and a sample is the sum of a
 * side's milliseconds, so that a neighbour who disturbs for a second meets both alike.
 */
export const alternate = async (
  rounds: number,
  slices: number,
  ours: () => Promise<void>,
  theirs: () => Promise<void>,
): Promise<Samples> => {
  const sums = { ours: [] as number[], theirs: [] as number[] }
  const round = async (): Promise<readonly [number, number]> => {
    let [oursMs, theirsMs] = [0, 0]
    for (let slice = 0; slice < slices; slice++) {
      if (slice % 2 === 0) oursMs += await timed(ours)
      theirsMs += await timed(theirs)
      if (slice % 2 === 1) oursMs += await timed(ours)
    }
    return [oursMs, theirsMs]
  }
  await round()
  for (let i = 0; i < rounds; i++) {
    const [oursMs, theirsMs] = await round()
    sums.ours.push(oursMs)
    sums.theirs.push(theirsMs)
  }
  return sums
}

/** Milliseconds. */
export const timed = async (work: () => Promise<void> | void): Promise<number> => {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b)

/** The value that the share `rank` (0 to 1) of all values does not exceed. */
export const percentile = (values: readonly number[], rank: number): number => {
  const all = sorted(values)
  const value = all[Math.min(all.length - 1, Math.ceil(rank * all.length) - 1)]
  if (value === undefined) throw new RangeError("no samples")
  return value
}

export const median = (values: readonly number[]): number => {
  const all = sorted(values)
  const middle = Math.floor(all.length / 2)
  const [low, high] = [all[all.length % 2 === 0 ? middle - 1 : middle], all[middle]]
  if (low === undefined || high === undefined) throw new RangeError("no samples")
  return (low + high) / 2
}
