import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Benchmark, Run } from "./benchmark.js"
import { childOf } from "./child.js"
import { benchmarks, children } from "./registry.js"
import { type Row, rowsOf, tableOf } from "./rows.js"

const rounds = 5

const usage = `npm run bench -- [--quick] [--json] [--only ID]...
Benchmarks: ${benchmarks.map(({ id, what }) => `${id} (${what})`).join(", ")}`

const runOne = async (
  benchmark: Benchmark,
  isQuick: boolean,
  say: (text: string) => void,
): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(process.env["HOME_BENCH_FOLDER"] ?? tmpdir(), "home-bench-"))
  const run: Run = { isQuick, rounds, folder, note: text => say(`  ${benchmark.id} note: ${text}`) }
  const startedMs = performance.now()
  try {
    const rows = rowsOf(benchmark, await benchmark.run(run))
    say(`${benchmark.id} took ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`)
    return rows
  } catch (thrown) {
    // The others still run; the exit code tells.
    console.error(thrown)
    process.exitCode = 1
    return rowsOf(benchmark, { type: "Skipped", reason: "failed" })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const runAll = async (args: string[]): Promise<number> => {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
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
  const rows: Row[] = []
  for (const benchmark of chosen) {
    console.error(`${benchmark.id} ${benchmark.what}`)
    for (const side of benchmark.sides) console.error(`  ${side}`)
    rows.push(...(await runOne(benchmark, values.quick, text => console.error(text))))
  }
  if (values.json) console.log(JSON.stringify(rows, undefined, 2))
  else {
    console.log(tableOf(rows))
    console.log(
      `\n${rows.length} measurements, median of ${rounds} rounds with both sides in turns${values.quick ? ", quick sizes" : ""}; ` +
        `spread: lowest and highest round`,
    )
  }
  return 0
}

const child = childOf(process.argv.slice(2))
if (child === undefined) process.exitCode = (await runAll(process.argv.slice(2))) || process.exitCode
else {
  const program = children.get(child.name)
  if (program === undefined) throw new Error(`no child ${child.name}`)
  await program(child.parent)
}
