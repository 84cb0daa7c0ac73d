import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readTree, repository, workspaces } from "./source-tree.js"

interface Mutant {
  readonly id: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly test: string
}

const lists = readTree(workspaces, name => name === "mutants.json")
const mutants = [...lists.values()].flatMap(text => JSON.parse(text) as readonly Mutant[])

describe("mutants", () => {
  it("have names of their own, a test, and exactly one place to weaken", () => {
    const textOf = (file: string): string => readFileSync(join(repository, file), "utf8")
    const wrong = mutants.filter(
      ({ file, find, replace, test }) =>
        find === replace ||
        !existsSync(join(repository, test)) ||
        !existsSync(join(repository, file)) ||
        textOf(file).split(find).length !== 2,
    )
    expect(mutants.length).toBeGreaterThan(200)
    expect(wrong.map(({ id }) => id)).toEqual([])
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
  })
})
