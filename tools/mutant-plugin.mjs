import { readFileSync } from "node:fs"
import { resolve } from "node:path"

/**
 * A vite plugin that weakens one rule in memory: HOME_MUTANT=<json file>#<id> names the mutant. Without the variable
 * it does nothing. `tools/mutate.mjs` sets it.
 */
export const mutantPlugin = root => {
  const named = process.env.HOME_MUTANT
  if (!named) return { name: "mutant-off" }
  const [list, id] = named.split("#")
  const mutant = JSON.parse(readFileSync(resolve(root, list), "utf8")).find(candidate => candidate.id === id)
  if (mutant === undefined) throw new Error(`no mutant ${named}`)
  const file = resolve(root, mutant.file)
  return {
    name: "mutant",
    enforce: "pre",
    transform(code, module) {
      if (module.split("?")[0] !== file) return undefined
      if (code.split(mutant.find).length !== 2)
        throw new Error(`mutant ${id}: not exactly one place in ${mutant.file}`)
      return { code: code.replace(mutant.find, () => mutant.replace), map: null }
    },
  }
}
