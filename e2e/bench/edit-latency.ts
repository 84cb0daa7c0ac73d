import { join } from "node:path"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { delaysMs } from "./replicas/delays.js"
import { floorDelays } from "./replicas/floor.js"
import { type Pair, openPair } from "./replicas/pair.js"
import { interleave, percentile } from "./rounds.js"

interface Sizes {
  readonly isolated: number
  readonly typed: number
}

/** Enough apart that no side can put two together. */
const isolatedPerSecond = 4
const typedPerSecond = 20

/** One side's edits, numbered on from round to round. */
const side = (pair: Pair, sizes: Sizes) => {
  let rows = 0
  let letters = 0
  let typed: readonly number[] = []
  return {
    isolated: async (): Promise<number> => {
      const count = sizes.isolated
      const delays = await delaysMs(pair, { kind: "row", from: rows, count, perSecond: isolatedPerSecond })
      rows += count
      return percentile(delays, 0.5)
    },
    typing: async (): Promise<number> => {
      const count = sizes.typed
      typed = await delaysMs(pair, { kind: "letter", from: letters, count, perSecond: typedPerSecond })
      letters += count
      return percentile(typed, 0.5)
    },
    /** Of the letters of the last `typing`. */
    slowest: (): number => percentile(typed, 0.95),
  }
}

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const { rounds } = run
  const sizes = run.isQuick ? { isolated: 2, typed: 5 } : { isolated: 20, typed: 100 }
  const ourPair = await openPair("home", join(run.folder, "home"))
  const theirPair = await openPair("automerge-repo", join(run.folder, "automerge-repo"))
  const ours = side(ourPair, sizes)
  const theirs = side(theirPair, sizes)
  const isolated = await interleave(rounds, ours.isolated, theirs.isolated)
  // Processes are alive and waiting, as they were for the edits above.
  const delaysOf = floorDelays(run.folder)
  const floor = { automerge: [] as number[], synced: [] as number[] }
  await delaysOf("row", sizes.isolated, isolatedPerSecond)
  for (let round = 0; round < rounds; round++) {
    const delays = await delaysOf("row", sizes.isolated, isolatedPerSecond)
    floor.automerge.push(
      percentile(
        delays.map(({ automergeMs }) => automergeMs),
        0.5,
      ),
    )
    floor.synced.push(
      percentile(
        delays.map(({ syncedMs }) => syncedMs),
        0.5,
      ),
    )
  }
  const slow = { ours: [] as number[], theirs: [] as number[] }
  const typing = await interleave(
    rounds,
    async round => {
      const middle = await ours.typing()
      if (round >= 0) slow.ours.push(ours.slowest())
      return middle
    },
    async round => {
      const middle = await theirs.typing()
      if (round >= 0) slow.theirs.push(theirs.slowest())
      return middle
    },
  )
  await ourPair.close()
  await theirPair.close()
  const line = (
    what: string,
    samples: { readonly ours: readonly number[]; readonly theirs: readonly number[] },
    bound: number,
  ): Measurement => ({
    what,
    unit: "ms",
    ours: samples.ours,
    against: { name: "automerge-repo", samples: samples.theirs },
    goal: { type: "RatioAtMost", bound },
  })
  const against = (floorOf: string, name: string, samples: readonly number[]): Measurement => ({
    what: `an isolated row, p50 of ${sizes.isolated}; floor: ${floorOf}`,
    unit: "ms",
    ours: isolated.ours,
    against: { name, samples },
    goal: { type: "None" },
  })
  return [
    line(`an isolated row, p50 of ${sizes.isolated}`, isolated, 0.5),
    against("Automerge's own, changed on A and applied on B", "Automerge alone", floor.automerge),
    against("the same, and one wait for A's disk", "with a sync", floor.synced),
    line(`a letter at ${typedPerSecond}/s, p50 of ${sizes.typed}`, typing, 0.2),
    line(`a letter at ${typedPerSecond}/s, p95 of ${sizes.typed}`, slow, 0.4),
  ]
}

export const editLatency: Benchmark = {
  id: "P1",
  what: "one edit until the other replica shows it",
  sides: [
    "ours: sealed and signed; on A's disk before it is sent, through `home relay`, which shows it at once and acknowledges it when its disk has it; B commits it before it shows it, and its disk has it before anybody is told so",
    "automerge-repo 2.5.6: plaintext; WebSocketClientAdapter and NodeFSStorageAdapter on both sides, NodeWSServerAdapter with files between; disk after the fact",
    "both: A, B and the server in processes of their own on this machine, the same documents and commands, from the call on A to the patch on B",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
