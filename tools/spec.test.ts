import { describe, expect, it } from "vitest"
import { isTestCode } from "./layers.js"
import { readTree, workspaces } from "./source-tree.js"
import { idsIn, mismatchesOf, rulesOf, testedRulesOf, titlesOf } from "./spec-rules.js"

describe("rules and tests", () => {
  const specs = readTree(workspaces, name => name === "SPEC.md")
  const sources = readTree(workspaces, name => /\.tsx?$/.test(name))
  const tests = new Map([...sources].filter(([path]) => isTestCode(path)))
  const rules = rulesOf(specs)
  const tested = testedRulesOf(tests)

  it("name each other: every rule has a test, every id in a title is a rule", () => {
    const titles = [...tests].flatMap(([path, text]) => titlesOf(path, text))
    console.log(
      `spec: ${specs.size} SPEC.md files with ${rules.size} rules; ` +
        `${tests.size} test files with ${titles.length} titles, which name ${tested.size} rules`,
    )
    for (const [path, text] of specs) expect(rulesOf(new Map([[path, text]])).size, path).toBeGreaterThan(0)
    expect(mismatchesOf(rules, tested)).toEqual([])
  })

  it("were read at all", () => {
    expect(specs.size).toBeGreaterThan(0)
    expect(rules.size).toBeGreaterThan(0)
    expect(tested.size).toBeGreaterThan(0)
  })
})

describe("the reader of rules", () => {
  const spec = (text: string) => rulesOf(new Map([["a/SPEC.md", text]]))
  const test = (text: string) => testedRulesOf(new Map([["a/a.test.ts", text]]))

  it("takes list items with a bold id, and nothing else", () => {
    expect([...spec("- **A1** one\n- **B20** two\ntext **A3** \n- A4 x\n  - **A5** nested").keys()]).toEqual([
      "A1",
      "B20",
    ])
  })

  it("takes ids from titles of every kind, and not from other texts", () => {
    const text = `describe("[A1] x", () => { it.each(rows)("[A2][A3] %s", f); it.skipIf(c)(\`[A4, A5] \${x}\`, f) }); g("[A6]") // it("[A7]")`
    expect([...test(text).keys()]).toEqual(["A1", "A2", "A3", "A4", "A5"])
    expect(idsIn("[a] [0] [AB] list[3] [A1")).toEqual([])
  })

  it("tells a rule without a test, a test without a rule and a rule that is defined twice", () => {
    const rules = spec("- **A1** one\n- **A2** two\n- **A2** again")
    expect(mismatchesOf(rules, test(`it("[A2] x", f); it("[A9] y", f)`))).toEqual([
      "A2 is defined twice: a/SPEC.md, a/SPEC.md",
      "A1 has no test: a/SPEC.md",
      "A9 is in no SPEC.md: a/a.test.ts",
    ])
  })
})
