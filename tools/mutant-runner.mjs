// Runs one test file after the other in one vitest, each with a rule weakened or with none: what the rules do not
// touch is transformed once. A child process of `mutate.mjs`: `{ test, mutant? }` -> an outcome.
import { join } from "node:path"
import { createVitest } from "vitest/node"

const root = join(import.meta.dirname, "..")
process.chdir(root)
delete process.env.HOME_MUTANT
const vitest = await createVitest("test", {
  project: ["node", "engine", "screens"],
  watch: false,
  bail: 1,
  reporters: [{}],
  // No process knows a module that another mutant has weakened.
  isolate: true,
})
await vitest.standalone()

/** "passed", "failed" (a test failed its assertion) or "broken" (nothing ran: does the mutant compile?). */
const outcomeOf = async test => {
  const file = join(root, test)
  const found = await vitest.globTestSpecifications([test])
  const asked = found.filter(({ moduleId }) => moduleId === file)
  if (asked.length === 0) return "broken"
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(asked)
  const ran = testModules.find(({ moduleId }) => moduleId === file)
  const count = state => [...(ran?.children.allTests(state) ?? [])].length
  if (count("failed") > 0) return "failed"
  return ran?.ok() === true && unhandledErrors.length === 0 && count("passed") > 0 ? "passed" : "broken"
}

process.on("disconnect", () => process.exit())
process.on("message", async ({ test, mutant }) => {
  const file = mutant === undefined ? undefined : join(root, mutant.file)
  if (mutant !== undefined) {
    process.env.HOME_MUTANT = `${mutant.list}#${mutant.id}`
    vitest.invalidateFile(file)
  }
  const outcome = await outcomeOf(test)
  if (file !== undefined) {
    delete process.env.HOME_MUTANT
    vitest.invalidateFile(file)
  }
  process.send(outcome)
})
