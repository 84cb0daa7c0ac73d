import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { openTap } from "../harness/tap.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { type Message, startChild } from "./child.js"
import { describeSize, fiveYears, shortWhile } from "./family/content.js"
import { familyOfYears } from "./family/home-family.js"
import { loadAloneMs, writeLastLedger } from "./family/ledger-floor.js"
import type { Arrival } from "./family/newcomer.js"
import { interleave } from "./rounds.js"

interface Joined extends Arrival {
  readonly bytes: number
}

/** A newcomer's process, started and open, then one run through a tap that counts. */
const joinThrough = async (
  program: string,
  options: Message,
  port: number,
  ask: (tapPort: number) => Message,
): Promise<Joined> => {
  const child = startChild(program, options)
  await child.next()
  const tap = await openTap(port)
  const { arrivals, failed } = await child.ask(ask(tap.port))
  const bytes = tap.bytes.toServer + tap.bytes.toClient
  await child.close()
  await tap.close()
  const [arrival] = (arrivals ?? []) as Arrival[]
  if (arrival === undefined) throw new Error(String(failed))
  return { ...arrival, bytes }
}

/** Of the peer's newcomer, each from nothing; the one that succeeds counts. */
const attempts = 3

const portOf = (url: string): number => Number(new URL(url).port)

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const size = run.isQuick ? shortWhile : fiveYears
  const rounds = run.isQuick ? 1 : run.rounds
  if (rounds < run.rounds) run.note("one round only, for --quick: each is four processes")
  const names = Array.from({ length: rounds }, (_, i) => `newcomer${i}`)

  const dir = join(run.folder, "server")
  mkdirSync(dir)
  const server = startChild("server", { kind: "automerge-repo", dir })
  const url = `ws://127.0.0.1:${String((await server.next())["port"])}`
  const author = startChild("automerge-author", { url, size } as unknown as Message)
  // Nothing is measured yet, so both write at once.
  const [{ urls }, family] = await Promise.all([author.next(), familyOfYears(run.shared, size, names)])
  await author.close()
  const ledger = join(run.folder, "ledger.automerge")
  await writeLastLedger(size, ledger)

  const ours: Joined[] = []
  const theirs: Joined[] = []
  const floorMs: number[] = []
  const keep = async (list: Joined[], joined: Promise<Joined>): Promise<number> => {
    const one = await joined
    list.push(one)
    return one.allMs
  }
  await interleave(
    rounds,
    async round => {
      floorMs.push(await loadAloneMs(ledger, size))
      return keep(
        ours,
        joinThrough(
          "home-newcomers",
          { root: family.root, names: [names[round]], size } as unknown as Message,
          portOf(family.address),
          port => ({ address: `ws://127.0.0.1:${port}` }),
        ),
      )
    },
    round => {
      const attemptAt = (attempt: number): Promise<Joined> => {
        const mine = join(run.folder, `client${round}-${attempt}`)
        mkdirSync(mine)
        const options = { dir: mine, size } as unknown as Message
        return joinThrough("automerge-newcomer", options, portOf(url), port => ({
          url: `ws://127.0.0.1:${port}`,
          urls,
        })).catch((error: unknown) => {
          // On a machine that is too busy its server takes a client for dead.
          if (attempt === attempts) throw error
          run.note(`automerge-repo began anew: ${String(error)}`)
          return attemptAt(attempt + 1)
        })
      }
      return keep(theirs, attemptAt(1))
    },
    { isFresh: true },
  )
  await family.close()
  await server.close()
  const line = (what: string, unit: string, of: (joined: Joined) => number, bound: number): Measurement => ({
    what: `${what}; ${describeSize(size)}`,
    unit,
    ours: ours.map(of),
    against: { name: "automerge-repo", samples: theirs.map(of) },
    goal: { type: "RatioAtMost", bound },
  })
  return [
    line("first screen: this year's ledger", "ms", ({ firstMs }) => firstMs, 0.1),
    {
      what: "first screen: Automerge alone loads and reads it, the floor",
      unit: "ms",
      ours: floorMs,
      against: { name: "automerge-repo", samples: theirs.map(({ firstMs }) => firstMs) },
      goal: { type: "None" },
    },
    line("everything here", "ms", ({ allMs }) => allMs, 0.5),
    line("bytes both ways", "B", ({ bytes }) => bytes, 1.05),
  ]
}

export const joining: Benchmark = {
  id: "P3",
  what: "a new device joins a family",
  sides: [
    "ours: a device that was just admitted and has nothing, over a link with the box; sealed and signed, everything durable; from the dial on",
    "automerge-repo 2.5.6: a client with files that is handed all URLs, asks for the first screen's first and for all others at once; plaintext, its server warm",
    "Automerge alone: a process of its own that has this year's ledger in memory as one saved document",
    "both: the same commands make the same documents, ten ledger rows, thirty messages or five plans a change and two changes a note: as sittings and days leave them",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
