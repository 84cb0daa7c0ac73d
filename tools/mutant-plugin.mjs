import { readFileSync } from "node:fs"
import { resolve } from "node:path"

/**
 * A vite plugin that weakens one rule in memory: HOME_MUTANT=<json file>#<id> names the mutant. It is looked up at each
 * transform, so that one runner can try mutants one after the other; without the variable the plugin does nothing.
 * `tools/mutant-runner.mjs` sets it.
 */
export const mutantPlugin = root => {
  const known = new Map()
  const mutantNamed = named => {
    const [list, id] = named.split("#")
    const mutants = known.get(list) ?? JSON.parse(readFileSync(resolve(root, list), "utf8"))
    known.set(list, mutants)
    const mutant = mutants.find(candidate => candidate.id === id)
    if (mutant === undefined) throw new Error(`no mutant ${named}`)
    return mutant
  }
  return {
    name: "mutant",
    enforce: "pre",
    transform(code, module) {
      const named = process.env.HOME_MUTANT
      if (!named) return undefined
      const { id, file, find, replace } = mutantNamed(named)
      if (module.split("?")[0] !== resolve(root, file)) return undefined
      if (code.split(find).length !== 2) throw new Error(`mutant ${id}: not exactly one place in ${file}`)
      return { code: code.replace(find, () => replace), map: null }
    },
  }
}
