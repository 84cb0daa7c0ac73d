import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { readTree, repository, workspaces } from "./source-tree.js"

const isText = (name: string): boolean => name.endsWith(".md")
const root = ["README.md", "README.zh-CN.md", "CHANGELOG.md"]
const texts = new Map([
  ...root.map(path => [path, readFileSync(join(repository, path), "utf8")] as const),
  ...readTree(["docs", ...workspaces], isText),
])
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
  scripts: Record<string, string>
}

/** Targets of `[text](target)` that lie in the repository. */
const linksIn = (text: string): string[] =>
  [...text.replace(/`[^`\n]*`/g, "").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter(target => !/^\w+:/.test(target))

/** `shared/src/base`, `.ci/run` and the like in backquotes: what starts with a folder of the repository's root. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, code = ""]) => code)
    .filter(code => /^(shared|crypto|client|sync-server|e2e|tools|docs|\.ci)(\/[\w.-]+)+\/?$/.test(code))

const scriptsIn = (text: string): string[] => [
  ...[...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name),
  ...[...text.matchAll(/npm (start|test)\b/g)].map(([, name = ""]) => name),
]

describe("texts", () => {
  it("name only what there is: links, paths and npm scripts", () => {
    const wrong: string[] = []
    let count = 0
    for (const [path, text] of texts) {
      const files = [...linksIn(text).map(target => join(dirname(path), target)), ...pathsIn(text)]
      const missing = [
        ...files.filter(file => !existsSync(join(repository, file))),
        ...scriptsIn(text).filter(name => manifest.scripts[name] === undefined),
      ]
      count += files.length + scriptsIn(text).length
      wrong.push(...missing.map(name => `${path}: ${name}`))
    }
    console.log(`docs: ${texts.size} texts with ${count} links, paths and scripts`)
    expect(count).toBeGreaterThan(0)
    expect(wrong).toEqual([])
  })

  it("are the same tour in both languages: the same commands, tables and links", () => {
    const shape = (path: string): readonly string[] => {
      const text = texts.get(path) ?? ""
      const commands = [...text.matchAll(/^(?:npm|npx) [a-z]+(?: --data \S+ \w+)?/gm)].map(
        ([command]) => command,
      )
      const links = linksIn(text).filter(link => !link.startsWith("README"))
      const headings = [...text.matchAll(/^#+ /gm)].map(([heading]) => heading)
      const rows = [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, folder = ""]) => folder)
      return [...commands, ...links, ...headings, ...rows, ...scriptsIn(text).sort()]
    }
    expect(shape("README.zh-CN.md")).toEqual(shape("README.md"))
  })

  it("number the decisions without gaps, each with its four parts", () => {
    const decisions = [...texts].filter(([path]) => path.startsWith("docs/adr/"))
    const numbers = decisions.map(([path]) => Number(/\/(\d{4})-/.exec(path)?.[1]))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    for (const [path, text] of decisions) {
      const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
      expect(headings, path).toEqual(["Context", "Decision", "Cost", "We would notice it was wrong when"])
      expect(text, path).toMatch(new RegExp(`^# ${Number(/\/(\d{4})-/.exec(path)?.[1])}\\. `))
    }
  })
})
