import { readFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { type Message, startChild } from "./child.js"
import { describeSize, fiveYears, shortWhile } from "./family/content.js"
import { familyOfYears } from "./family/home-family.js"

const megabyte = 1_000_000

/** A value in kB of a file of /proc/PID (proc(5)) as megabytes; `undefined` where the kernel does not tell. */
const fieldOf = (pid: number, file: "status" | "smaps_rollup", field: string): number | undefined => {
  try {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(
      readFileSync(`/proc/${pid}/${file}`, "utf8"),
    )
    return found?.[1] === undefined ? undefined : (Number(found[1]) * 1_024) / megabyte
  } catch {
    return undefined
  }
}

const rssOf = (pid: number): number => fieldOf(pid, "status", "VmRSS") ?? 0

/** Until the memory has not moved by a megabyte for so long, milliseconds. */
const quietMs = 2_000

const settledRss = async (pid: number): Promise<number> => {
  for (let before = rssOf(pid); ;) {
    await pause(quietMs)
    const now = rssOf(pid)
    if (Math.abs(now - before) < 1) return now
    before = now
  }
}

const newcomersAtOnce = 10

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const size = run.isQuick ? shortWhile : fiveYears
  // Nobody is compared: three rounds show the spread.
  const rounds = Math.min(run.isQuick ? 1 : 3, run.rounds)
  const namesOf = (round: number): readonly string[] =>
    Array.from({ length: newcomersAtOnce }, (_, i) => `crowd${round * newcomersAtOnce + i}`)
  const newcomers = Array.from({ length: rounds }, (_, round) => namesOf(round)).flat()
  let family = await familyOfYears(run.shared, size, newcomers)
  const { root } = family
  const idle: number[] = []
  const pss: number[] = []
  const peak: number[] = []
  for (let round = 0; round < rounds; round++) {
    family = await family.restartBox()
    const { pid } = family.box
    idle.push(await settledRss(pid))
    pss.push(fieldOf(pid, "smaps_rollup", "Pss") ?? 0)
    const crowd = startChild("home-newcomers", { root, names: namesOf(round), size } as unknown as Message)
    await crowd.next()
    const { failed } = await crowd.ask({ address: family.address })
    if (failed !== undefined) throw new Error(String(failed))
    // The highest that it ever was, its start included.
    peak.push(fieldOf(pid, "status", "VmHWM") ?? 0)
    await crowd.close()
  }
  await family.close()
  if (pss.some(value => value > 0))
    run.note(`PSS of the idle box: ${pss.map(value => value.toFixed(1)).join(", ")} MB`)
  const family_ = `box of a family of ${describeSize(size)}`
  return [
    { what: `idle ${family_}, RSS`, unit: "MB", ours: idle, goal: { type: "ValueAtMost", bound: 110 } },
    {
      what: `${newcomersAtOnce} newcomers at once, ${family_}, highest RSS`,
      unit: "MB",
      ours: peak,
      goal: { type: "ValueAtMost", bound: 200 },
    },
  ]
}

export const boxMemory: Benchmark = {
  id: "P10",
  what: "memory of the box",
  sides: [
    "ours: `home box` as a process of its own, restarted; idle when its memory has not moved for two seconds; then ten admitted devices that have nothing fetch everything over links at once",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
