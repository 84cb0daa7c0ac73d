import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const repository = fileURLToPath(new URL("../", import.meta.url))

export const workspaces = ["shared", "crypto", "client", "sync-server", "e2e"] as const

/** Text by path; paths are relative to the repository, with forward slashes. */
export type SourceTree = ReadonlyMap<string, string>

const skipped = new Set(["node_modules", "dist", "coverage", "test-results"])

/** Every file below `folders` whose name passes, in the order of the names. */
export const readTree = (folders: readonly string[], isWanted: (name: string) => boolean): SourceTree => {
  const tree = new Map<string, string>()
  const walk = (folder: string): void => {
    const entries = readdirSync(join(repository, folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory() && !skipped.has(entry.name)) walk(path)
      if (entry.isFile() && isWanted(entry.name)) tree.set(path, readFileSync(join(repository, path), "utf8"))
    }
  }
  for (const folder of folders) walk(folder)
  return tree
}
