// Weakens each rule and checks that its tests notice: `node tools/mutate.mjs [--quick] [--only ID]`.
// Mutants stand in mutants.json beside the code: [{ id, rule, file, find, replace, test, quick? }], paths from the root.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { parseArgs } from "node:util"

const root = join(import.meta.dirname, "..")
const {
  only,
  quick: isQuick,
  help,
} = parseArgs({
  options: { only: { type: "string" }, quick: { type: "boolean" }, help: { type: "boolean" } },
}).values
if (help) {
  console.log("npm run mutate -- [--quick] [--only ID]: weakens each rule and checks that its tests notice")
  process.exit(0)
}
const skipped = new Set(["node_modules", "dist", ".git"])

const listsIn = folder =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listsIn(path)
    return entry.name === "mutants.json" ? [path] : []
  })

const mutants = listsIn(root)
  .sort()
  .flatMap(list =>
    JSON.parse(readFileSync(list, "utf8")).map(mutant => ({ ...mutant, list: relative(root, list) })),
  )
  .filter(mutant => (only === undefined ? isQuick !== true || mutant.quick === true : mutant.id === only))

const reports = mkdtempSync(join(tmpdir(), "home-mutate-"))
let runs = 0

/** "passed", "failed" (a test failed its assertion) or "broken" (nothing ran: does the mutant compile?). */
const runTests = async (test, mutant) => {
  const report = join(reports, `${runs++}.json`)
  const env = { ...process.env }
  delete env.HOME_MUTANT
  if (mutant !== undefined) env.HOME_MUTANT = `${mutant.list}#${mutant.id}`
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const options = ["run", test, "--bail=1", "--reporter=json", `--outputFile=${report}`]
  const [status] = await once(
    spawn(process.execPath, [vitest, ...options], { cwd: root, env, stdio: "ignore" }),
    "exit",
  )
  let counts
  try {
    counts = JSON.parse(readFileSync(report, "utf8"))
  } catch {
    return "broken"
  }
  if (counts.numFailedTests > 0) return "failed"
  return status === 0 && counts.numPassedTests > 0 ? "passed" : "broken"
}

const isUnique = ({ file, find }) => readFileSync(join(root, file), "utf8").split(find).length === 2

const soundTests = new Map()
const isSound = test => {
  const known = soundTests.get(test) ?? runTests(test, undefined).then(outcome => outcome === "passed")
  soundTests.set(test, known)
  return known
}

const judge = async mutant => {
  if (!isUnique(mutant)) return "not found exactly once"
  if (!(await isSound(mutant.test))) return "its test fails or runs nothing without it"
  const outcome = await runTests(mutant.test, mutant)
  return outcome === "failed" ? "caught" : outcome === "passed" ? "SURVIVED" : "does not run"
}

let caught = 0
const waiting = [...mutants]
const work = async () => {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const outcome = await judge(mutant)
    if (outcome === "caught") caught++
    console.log(`${outcome.padEnd(10)} ${mutant.rule.padEnd(5)} ${mutant.id}  (${mutant.file})`)
  }
}
// A test that waits for a process or for its start leaves the processor to the other one.
await Promise.all([work(), work()])
rmSync(reports, { recursive: true, force: true })
console.log(`caught ${caught} of ${mutants.length}`)
process.exit(mutants.length > 0 && caught === mutants.length ? 0 : 1)
