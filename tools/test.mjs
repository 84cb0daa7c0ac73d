// `npm test`: everything, one step after the other; `--node` leaves out what needs a browser.
// The last line is `N passed, N failed, N skipped` over all steps.
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const repository = fileURLToPath(new URL("../", import.meta.url))
const reports = mkdtempSync(join(tmpdir(), "home-test-"))
const vitestReport = join(reports, "vitest.json")
const browserReport = join(reports, "browser.json")
const isWithoutBrowser = process.argv.includes("--node")

const bin = name => join("node_modules", ".bin", name)

/** A step that passed or failed as a whole. */
const asOne = code => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 })

const vitestCounts = file => code => {
  if (!existsSync(file)) return asOne(1)
  const report = JSON.parse(readFileSync(file, "utf8"))
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report
  // A file that cannot be loaded fails without a test of its own; no test at all is no success either.
  const isUnseen = failed === 0 && (code !== 0 || passed === 0)
  return { passed, failed: failed + (isUnseen ? 1 : 0), skipped }
}

/** Counts from a line that says how many `good` of how many there were; without that line the step failed. */
const partCounts = line => (code, text) => {
  const [, good, all] = line.exec(text) ?? []
  if (all === undefined) return asOne(1)
  const failed = Number(all) - Number(good)
  return { passed: Number(good), failed: failed === 0 && code !== 0 ? 1 : failed, skipped: 0 }
}
const mutateCounts = partCounts(/^caught (\d+) of (\d+)$/m)
const simulationCounts = partCounts(/^(\d+) of (\d+) seeds converged/m)

/** A step may say `N passed, N failed` in a line of its own (`, N skipped` behind it); else it counts as one. */
const saidCounts = (code, text) => {
  const said = [...text.matchAll(/(?:^|\s)(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1)
  if (said === undefined) return asOne(code)
  const [passed = 0, failed = 0, skipped = 0] = said.slice(1).map(count => Number(count ?? 0))
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped }
}

const vitestRun = (file, ...projects) => [
  bin("vitest"),
  ...["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
  ...projects.map(project => `--project=${project}`),
]
const node = (...args) => [process.execPath, ...args]

const unit = {
  name: "unit, property and contract tests",
  command: vitestRun(vitestReport, "node", "engine", "screens"),
  counts: vitestCounts(vitestReport),
}
const weakened = {
  name: "weakened rules, quick subset",
  command: node("tools/mutate.mjs", "--quick", "--passed", vitestReport),
  counts: mutateCounts,
}
const simulation = {
  name: "simulation, 20 seeds",
  command: node("e2e/bin/simulate.mjs", "--seeds", "20"),
  counts: simulationCounts,
}
const people = {
  name: "simulation of people and cheats, 4 seeds",
  command: node("e2e/bin/simulate.mjs", "--world", "people", "--seeds", "4"),
  counts: simulationCounts,
}
const share = {
  name: "simulation of a share, 3 seeds",
  command: node("e2e/bin/simulate.mjs", "--world", "share", "--seeds", "3"),
  counts: simulationCounts,
}
const journey = {
  name: "journey on our own files",
  command: node("e2e/bin/journey.mjs"),
  counts: saidCounts,
}
const browser = {
  name: "browser",
  command: vitestRun(browserReport, "browser"),
  counts: vitestCounts(browserReport),
}

/** One round after the other. Rows of a round go side by side: each keeps one processor busy, not two. */
const rounds = [
  [[unit, weakened]],
  [
    [simulation, people],
    [journey, share],
  ],
  ...(isWithoutBrowser ? [] : [[[browser]]]),
]

/** Runs one step, and gives its exit code and what it wrote; `write` is told of that as it comes. */
const run = ([command, ...args], write) =>
  new Promise(resolve => {
    const child = spawn(command, args, { cwd: repository, stdio: ["ignore", "pipe", "pipe"] })
    let text = ""
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8")
      child[name].on("data", chunk => {
        text += chunk
        write(name, chunk)
      })
    }
    child.on("error", error => {
      console.error(error.message)
      resolve({ code: 1, text })
    })
    child.on("close", code => resolve({ code: code ?? 1, text }))
  })

const startedMs = performance.now()
const seconds = fromMs => `${((performance.now() - fromMs) / 1000).toFixed(0)} s`
const total = { passed: 0, failed: 0, skipped: 0 }
const summary = []
const runStep = async ({ name, command, counts }, write) => {
  write("stdout", `\n== ${name}\n`)
  const stepMs = performance.now()
  const { code, text } = await run(command, write)
  const { passed, failed, skipped } = counts(code, text)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  summary.push(
    `${failed === 0 ? "ok  " : "FAIL"} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds(stepMs)}`,
  )
}
for (const round of rounds) {
  // The first of a round is seen as it goes, the others when it is over.
  const heldBack = []
  const writes = round.map((_, at) => (name, chunk) => {
    if (at === 0) process[name].write(chunk)
    else heldBack.push([name, chunk])
  })
  await Promise.all(
    round.map(async (row, at) => {
      for (const step of row) await runStep(step, writes[at])
    }),
  )
  for (const [name, chunk] of heldBack) process[name].write(chunk)
}
rmSync(reports, { recursive: true, force: true })
console.log(`\n${summary.join("\n")}\nin ${seconds(startedMs)}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
