import { createHash } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { type Plugin, build } from "vite"

/** One file of the app: path from the root, and its hash as `integrity` wants it. */
export interface PrecacheEntry {
  readonly path: string
  readonly integrity: string
}

/** Not fetched by the app: what only the build, the installer or the browser's own install dialog reads. */
const isLeftOut = (path: string): boolean =>
  path === "/sw.js" ||
  path === "/build-manifest.json" ||
  path.startsWith("/screenshots/") ||
  path.startsWith("/icons/") ||
  !path.includes(".")

/** Every file below `dist` that the app may ask for, with its SHA-256, in the order of the paths. */
export const listPrecache = (dist: string): readonly PrecacheEntry[] =>
  readdirSync(dist, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(file => ({ file, path: file.slice(dist.length).replaceAll("\\", "/") }))
    .filter(({ path }) => !isLeftOut(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ file, path }) => ({
      path,
      integrity: `sha256-${createHash("sha256").update(readFileSync(file)).digest("base64")}`,
    }))

/** The version of a build is the hash of its list: the same files have the same version, wherever they were built. */
const versionOf = (entries: readonly PrecacheEntry[]): string =>
  createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 16)

/** Writes `sw.js` into a build, with the list of its files and their hashes inside. `root`: of the app's sources. */
export const writeServiceWorker = async (root: string, dist: string): Promise<void> => {
  const entries = listPrecache(dist)
  await build({
    configFile: false,
    logLevel: "silent",
    root,
    publicDir: false,
    define: {
      PRECACHE: JSON.stringify(entries),
      VERSION: JSON.stringify(versionOf(entries)),
    },
    build: {
      outDir: dist,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2022",
      rolldownOptions: {
        input: join(root, "src", "sw", "sw.ts"),
        output: { format: "iife", entryFileNames: "sw.js" },
      },
    },
  })
}

/** After the app is built: gives it its service worker. */
export const precache = (root: string): Plugin => {
  let dist = ""
  return {
    name: "home:precache",
    apply: "build",
    configResolved(config) {
      dist = resolve(config.root, config.build.outDir)
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler(error) {
        if (error === undefined) await writeServiceWorker(root, dist)
      },
    },
  }
}
