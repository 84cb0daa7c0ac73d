import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Benchmark, Run } from "./benchmark.js"
import { stopHomeProcesses } from "../harness/home-process.js"
import { beProgram, childOf, closeChildren } from "./child.js"
import { children } from "./children.js"
import { type Row, rowsOf, tableOf } from "./rows.js"

/** With fewer nothing is compared, only tried. */
const usualRounds = 5
const quickRounds = 3

const usageOf = (benchmarks: readonly Benchmark[]): string =>
  `npm run bench -- [--quick] [--json] [--only ID]... [--rounds N]
Benchmarks: ${benchmarks.map(({ id, what }) => `${id} (${what})`).join(", ")}`

/** One that hangs must not take the others' time. */
const longestMs = 15 * 60_000

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${seconds(longestMs)}`)), longestMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`

const makeFolder = (): string =>
  mkdtempSync(join(process.env["HOME_BENCH_FOLDER"] ?? tmpdir(), "home-bench-"))

const runOne = async (
  benchmark: Benchmark,
  options: Pick<Run, "isQuick" | "rounds" | "shared">,
  say: (text: string) => void,
): Promise<readonly Row[]> => {
  const folder = makeFolder()
  const run: Run = { ...options, folder, note: text => say(`  ${benchmark.id} note: ${text}`) }
  try {
    return rowsOf(benchmark, await inTime(benchmark.run(run)))
  } catch (thrown) {
    // The others still run; the exit code tells.
    console.error(thrown)
    process.exitCode = 1
    return rowsOf(benchmark, { type: "Skipped", reason: "failed" })
  } finally {
    await closeChildren()
    await stopHomeProcesses()
    rmSync(folder, { recursive: true, force: true })
  }
}

const runAll = async (args: string[]): Promise<number> => {
  const { benchmarks } = await import("./registry.js")
  const usage = usageOf(benchmarks)
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      rounds: { type: "string" },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const chosen = benchmarks.filter(({ id }) => values.only.length === 0 || values.only.includes(id))
  if (chosen.length === 0) {
    console.error(`no such benchmark\n${usage}`)
    return 2
  }
  const rounds = Number(values.rounds ?? (values.quick ? quickRounds : usualRounds))
  if (!Number.isInteger(rounds) || rounds < 1) {
    console.error(`--rounds takes a whole number from 1 on\n${usage}`)
    return 2
  }
  const rows: Row[] = []
  const took: string[] = []
  const beganMs = performance.now()
  const shared = makeFolder()
  for (const benchmark of chosen) {
    console.error(`${benchmark.id} ${benchmark.what}`)
    for (const side of benchmark.sides) console.error(`  ${side}`)
    const startedMs = performance.now()
    const options = { isQuick: values.quick, rounds, shared }
    const measured = await runOne(benchmark, options, text => console.error(text))
    rows.push(...measured)
    took.push(`${benchmark.id} ${seconds(performance.now() - startedMs)}`)
    // Whoever does not wait for the end has seen these.
    console.error(`${tableOf(measured)}\ntook ${took.at(-1)}\n`)
  }
  rmSync(shared, { recursive: true, force: true })
  if (values.json) console.log(JSON.stringify(rows, undefined, 2))
  else {
    console.log(tableOf(rows))
    console.log(
      `\n${rows.length} measurements, median of ${values.quick ? "at most " : ""}${rounds} rounds with both sides in turns${values.quick ? ", quick sizes" : ""}; ` +
        `spread: lowest and highest round`,
    )
    console.log(`took ${seconds(performance.now() - beganMs)}: ${took.join(", ")}`)
  }
  return 0
}

beProgram(fileURLToPath(import.meta.url))
const child = childOf(process.argv.slice(2))
if (child === undefined) {
  const code = await runAll(process.argv.slice(2))
  // Also when something of a benchmark that failed is still under way.
  process.exit(code === 0 ? process.exitCode : code)
} else {
  const program = children.get(child.name)
  if (program === undefined) throw new Error(`no child ${child.name}`)
  await (
    await program()
  )(child.parent)
}
