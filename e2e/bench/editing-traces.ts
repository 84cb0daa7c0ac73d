import { join } from "node:path"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { openPair } from "./replicas/pair.js"
import type { ReplicaKind } from "./replicas/protocol.js"
import { type Trace, digestOf, headOf, traces } from "./replicas/traces.js"
import { interleave, timed } from "./rounds.js"

interface Replay {
  readonly tookMs: number
  readonly bytes: number
}

/** A fresh pair; the whole trace into A's note as fast as it is taken, until B's note has the same text. */
const replay = async (kind: ReplicaKind, trace: Trace, folder: string): Promise<Replay> => {
  const pair = await openPair(kind, folder, { isTapped: true })
  const { patches, text } = trace
  const before = pair.bytes()
  const tookMs = await timed(async () => {
    await pair.a.ask({ type: "Patches", patches }, "Done")
    await pair.b.ask({ type: "ExpectText", text }, "Done")
  })
  const bytes = pair.bytes() - before
  for (const replica of [pair.a, pair.b]) {
    const shown = await replica.ask({ type: "Text" }, "Text")
    if (digestOf(shown.text) !== digestOf(text)) throw new Error(`${kind}: the text of ${trace.name} differs`)
  }
  await pair.close()
  return { tookMs, bytes }
}

const measureTrace = async (run: Run, trace: Trace): Promise<readonly Measurement[]> => {
  const rounds = run.isQuick ? 1 : run.rounds
  const bytes = { ours: [] as number[], theirs: [] as number[] }
  const one = async (kind: ReplicaKind, round: number, into: number[]): Promise<number> => {
    const done = await replay(kind, trace, join(run.folder, `${trace.name}-${kind}-${round}`))
    into.push(done.bytes)
    return done.tookMs
  }
  const time = await interleave(
    rounds,
    round => one("home", round, bytes.ours),
    round => one("automerge-repo", round, bytes.theirs),
    { isFresh: true },
  )
  const what = `${trace.name}, ${trace.patches.length} patches`
  const peer = "automerge-repo"
  return [
    {
      what: `${what}: bytes between the replicas and the server`,
      unit: "B",
      ours: bytes.ours,
      against: { name: peer, samples: bytes.theirs },
      goal: { type: "RatioAtMost", bound: 1.1 },
    },
    {
      what: `${what}: until B has the text`,
      unit: "ms",
      ours: time.ours,
      against: { name: peer, samples: time.theirs },
      goal: { type: "RatioAtMost", bound: 1.0 },
    },
  ]
}

export const editingTraces: Benchmark = {
  id: "P9",
  what: "editing traces through two replicas",
  sides: [
    "ours: sealed, signed and durable on A, relay and B; patches that come while others are sealed share a change",
    "automerge-repo 2.5.6: Automerge's sync protocol in plaintext, one change a patch, files on all three",
    "both: patch after patch in one process's turns, fresh documents each round, the final text compared",
  ],
  run: async run => {
    const most = run.isQuick ? 300 : 3_000
    const measurements: Measurement[] = []
    const found = traces()
    run.note(`at most ${most} patches of a trace; ${run.isQuick ? "one round a trace" : "all rounds"}`)
    for (const trace of run.isQuick ? found.slice(0, 1) : found)
      measurements.push(...(await measureTrace(run, headOf(trace, most))))
    return { type: "Measured", measurements }
  },
}
