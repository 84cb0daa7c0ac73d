import { readFileSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { listPrecache } from "./precache.js"

/** One chunk in Vite's manifest. */
export interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
}

/** What a build of the app weighs: bytes, all but `keptOffline` after gzip. Maps are by file or by route. */
export interface Weights {
  /** Every script that the first screen cannot do without. */
  readonly shell: number
  readonly shellFiles: number
  /** All styles of all screens. */
  readonly styles: number
  readonly languages: ReadonlyMap<string, number>
  /** What a route adds to the shell. */
  readonly routes: ReadonlyMap<string, number>
  readonly wasm: ReadonlyMap<string, number>
  readonly keptOffline: number
}

export type Chunks = Readonly<Record<string, Chunk>>

export const chunksOf = (dist: string): Chunks =>
  JSON.parse(readFileSync(join(dist, "build-manifest.json"), "utf8")) as Chunks

/** Files of the build's `assets` with this ending, from the root of the build. */
export const assetsWith = (dist: string, ending: string): readonly string[] =>
  readdirSync(join(dist, "assets"))
    .filter(name => name.endsWith(ending))
    .map(name => join("assets", name))

/** Weighs the build in `dist`. */
export const weigh = (dist: string): Weights => {
  const chunks = chunksOf(dist)
  const gzBytes = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
  const weightsOf = (files: readonly string[]): ReadonlyMap<string, number> =>
    new Map(files.map(file => [file, gzBytes(file)]))
  const sum = (files: Iterable<string>): number =>
    [...files].reduce((total, file) => total + gzBytes(file), 0)
  /** A chunk and all that it cannot run without. */
  const closureOf = (key: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (seen.has(key)) return seen
    seen.add(key)
    for (const next of chunks[key]?.imports ?? []) closureOf(next, seen)
    return seen
  }
  const filesOf = (keys: readonly string[]): string[] => keys.map(key => chunks[key]?.file ?? "")
  const entry = Object.keys(chunks).find(key => chunks[key]?.isEntry === true) ?? ""
  const shell = closureOf(entry)
  const routes = Object.keys(chunks).filter(key => key.startsWith("src/shell/routes/"))
  return {
    shell: sum(filesOf([...shell])),
    shellFiles: shell.size,
    styles: sum(assetsWith(dist, ".css")),
    languages: weightsOf(assetsWith(dist, ".js").filter(file => /\/(en|zh-cn)-[\w-]+\.js$/.test(file))),
    routes: new Map(
      routes.map(route => [route, sum(filesOf([...closureOf(route)].filter(key => !shell.has(key))))]),
    ),
    wasm: weightsOf(assetsWith(dist, ".wasm")),
    keptOffline: listPrecache(dist).reduce((total, { path }) => total + statSync(join(dist, path)).size, 0),
  }
}
