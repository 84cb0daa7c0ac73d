// Weakens each rule and checks that its tests notice: `node tools/mutate.mjs [--quick] [--only ID] [--passed REPORT]`.
// Mutants stand in mutants.json beside the code: [{ id, rule, file, find, replace, test, quick? }], paths from the root.
import { fork } from "node:child_process"
import { once } from "node:events"
import { readFileSync, readdirSync } from "node:fs"
import { join, relative } from "node:path"
import { parseArgs } from "node:util"

const root = join(import.meta.dirname, "..")
const {
  only,
  quick: isQuick,
  passed,
  help,
} = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean" },
    passed: { type: "string" },
    help: { type: "boolean" },
  },
}).values
if (help) {
  console.log(`npm run mutate -- [--quick] [--only ID] [--passed REPORT]: weakens each rule and checks that its tests notice.
REPORT is vitest's, as JSON: tests that passed there are not run again without a mutant.`)
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

/** A process that runs tests, one file at a time: "passed", "failed" or "broken". */
const startRunner = () => {
  const start = () => fork(join(import.meta.dirname, "mutant-runner.mjs"), { stdio: "ignore" })
  let child
  return {
    run: async (test, mutant) => {
      // A mutant may have ended it.
      if (child?.connected !== true) child = start()
      const settled = new AbortController()
      const { signal } = settled
      const ended = once(child, "exit", { signal }).then(() => ["broken"])
      child.send({ test, mutant })
      const [outcome] = await Promise.race([once(child, "message", { signal }), ended])
      settled.abort()
      return outcome
    },
    stop: async () => {
      if (child?.connected !== true) return
      const ended = once(child, "exit")
      child.disconnect()
      await ended
    },
  }
}

const isUnique = ({ file, find }) => readFileSync(join(root, file), "utf8").split(find).length === 2

/** Tests that a run has just shown to pass need not be run again without a mutant. */
const passedIn = report =>
  JSON.parse(readFileSync(report, "utf8")).testResults.flatMap(({ name, status, assertionResults }) =>
    status === "passed" && assertionResults.some(({ status }) => status === "passed")
      ? [relative(root, name)]
      : [],
  )
const soundTests = new Map((passed === undefined ? [] : passedIn(passed)).map(test => [test, true]))
const isSound = (test, { run }) => {
  const known = soundTests.get(test) ?? run(test).then(outcome => outcome === "passed")
  soundTests.set(test, known)
  return known
}

const judge = async (mutant, runner) => {
  if (!isUnique(mutant)) return "not found exactly once"
  if (!(await isSound(mutant.test, runner))) return "its test fails or runs nothing without it"
  const outcome = await runner.run(mutant.test, mutant)
  return outcome === "failed" ? "caught" : outcome === "passed" ? "SURVIVED" : "does not run"
}

let caught = 0
const waiting = [...mutants]
const work = async () => {
  const runner = startRunner()
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const outcome = await judge(mutant, runner)
    if (outcome === "caught") caught++
    console.log(`${outcome.padEnd(10)} ${mutant.rule.padEnd(5)} ${mutant.id}  (${mutant.file})`)
  }
  await runner.stop()
}
// A test that waits for a process or for its start leaves the processor to the other one.
await Promise.all([work(), work()])
console.log(`caught ${caught} of ${mutants.length}`)
process.exit(mutants.length > 0 && caught === mutants.length ? 0 : 1)
