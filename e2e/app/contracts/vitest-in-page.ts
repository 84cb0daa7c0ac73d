/**
 * What the contract suites take from `vitest`, for a page: its own `expect`, and the few words for tests, which are
 * collected here and run one after the other. Building the page puts this in the place of `vitest`.
 */
import {
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  chai,
  customMatchers,
} from "@vitest/expect"

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)

export const expect = chai.expect as unknown as ((actual: unknown, message?: string) => unknown) & {
  extend(expect: unknown, matchers: object): void
}
Object.assign(globalThis, { [GLOBAL_EXPECT]: expect })
expect.extend(expect, customMatchers)

type Context = Record<string, unknown>
type Step = (context: Context) => unknown

interface Group {
  readonly name: string
  readonly parent: Group | undefined
  readonly before: Step[]
  readonly after: Step[]
}

/** What came of one test; `reason` where it failed. */
export interface Outcome {
  readonly name: string
  readonly reason: string | undefined
}

const newGroup = (name: string, parent?: Group): Group => ({ name, parent, before: [], after: [] })
const tests: { readonly name: string; readonly group: Group; readonly run: Step }[] = []
let group = newGroup("")

export const describe = (name: string, define: () => void): void => {
  const outer = group
  group = newGroup(name, outer)
  define()
  group = outer
}

export const it = (name: string, run: Step): void => void tests.push({ name, group, run })

export const beforeEach = (step: Step): void => void group.before.push(step)
export const afterEach = (step: Step): void => void group.after.push(step)

/** From the outermost to the innermost. */
const groupsOf = (inner: Group): readonly Group[] =>
  inner.parent === undefined ? [inner] : [...groupsOf(inner.parent), inner]

const runOne = async (groups: readonly Group[], run: Step): Promise<void> => {
  const context: Context = {}
  const ends: Step[] = []
  try {
    for (const step of groups.flatMap(({ before }) => before)) {
      const end = await step(context)
      // What a step before the test gives is done after it.
      if (typeof end === "function") ends.push(end as Step)
    }
    await run(context)
  } finally {
    for (const step of [...groups.flatMap(({ after }) => after), ...ends].reverse()) await step(context)
  }
}

/** Runs all that was collected. */
export const runAll = async (): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = []
  for (const { name, group: own, run } of tests) {
    const groups = groupsOf(own)
    const whole = [...groups.map(each => each.name).filter(each => each !== ""), name].join(" > ")
    try {
      await runOne(groups, run)
      outcomes.push({ name: whole, reason: undefined })
    } catch (error) {
      outcomes.push({ name: whole, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return outcomes
}
