import { join } from "node:path"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { floorCpuMs } from "./replicas/floor.js"
import { type Pair, openPair } from "./replicas/pair.js"
import type { ReplicaKind } from "./replicas/protocol.js"
import { editKinds } from "./replicas/workload.js"
import { interleave } from "./rounds.js"

/** As an import, a restored queue or many hands would make them; still each an edit of its own. */
const perSecond = 500

/** CPU of A, B and the server for `count` edits, a third of each kind, until B shows the last; milliseconds. */
const cpuOf = (pair: Pair, count: number): (() => Promise<number>) => {
  let from = 0
  const total = (): number => {
    const { a, b, server } = pair.cpuMs()
    return a + b + server
  }
  return async () => {
    const before = total()
    await pair.a.ask({ type: "Write", kinds: editKinds, from, count, perSecond }, "Times")
    from += count / editKinds.length
    await pair.b.ask({ type: "Expect", counts: { row: from, message: from, letter: from } }, "Times")
    return total() - before
  }
}

const informational = async (run: Run, kind: ReplicaKind, count: number): Promise<number> => {
  const pair = await openPair(kind, join(run.folder, kind))
  const once = cpuOf(pair, count)
  await once()
  const cpu = await once()
  await pair.close()
  return cpu
}

/** One round each, as information. */
const others: readonly (readonly [ReplicaKind, string])[] = [
  ["yjs", "Yjs, y-websocket"],
  ["loro", "Loro, bare ws"],
]

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const { rounds } = run
  const perRound = run.isQuick ? 90 : 2_001
  run.note(
    `${perRound} edits a round at ${perSecond}/s into the same growing documents, ${perRound * rounds} in all`,
  )
  const ourPair = await openPair("home", join(run.folder, "home"))
  const theirPair = await openPair("automerge-repo", join(run.folder, "automerge-repo"))
  const samples = await interleave(rounds, cpuOf(ourPair, perRound), cpuOf(theirPair, perRound))
  const { ours } = samples
  const what = `CPU of ${perRound} small edits, all processes`
  await ourPair.close()
  await theirPair.close()
  const floor: number[] = []
  // The same numbers as above: a warm-up round, then those that count.
  for (const cpu of floorCpuMs(perRound, rounds + 1).slice(1)) floor.push(cpu)
  const information: Measurement[] = []
  if (run.isQuick) run.note("without Yjs and Loro, for --quick")
  else
    for (const [kind, name] of others) {
      const samples = [await informational(run, kind, perRound)]
      information.push({ what, unit: "ms", ours, against: { name, samples }, goal: { type: "None" } })
    }
  return [
    {
      what,
      unit: "ms",
      ours,
      against: { name: "automerge-repo", samples: samples.theirs },
      goal: { type: "RatioAtMost", bound: 0.4 },
    },
    {
      what: `${what}; floor: Automerge's own, a change an edit on A, applied on B`,
      unit: "ms",
      ours,
      against: { name: "Automerge alone", samples: floor },
      goal: { type: "RatioAtMost", bound: 1.5 },
    },
    ...information,
  ]
}

export const editCpu: Benchmark = {
  id: "P2",
  what: "CPU of small edits from A to B",
  sides: [
    "ours: sealed, signed, durable on A, relay and B; edits that come while others are sealed share a change and a bundle",
    "automerge-repo 2.5.6: plaintext, one change an edit, files on A, server and B; its throttles put messages together",
    "Yjs with y-websocket 3.0 and its server: plaintext, in memory, one round. Loro: plaintext, updates over a bare ws, in memory, one round",
    "all: rows in month buckets, chat messages and a note being typed, a third each; CPU of three processes from /proc",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
