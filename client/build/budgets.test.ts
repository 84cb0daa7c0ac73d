import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type PrecacheEntry, listPrecache } from "./precache.js"

/** One chunk in Vite's manifest. */
interface Chunk {
  readonly file: string
  readonly name?: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

const kilobyte = 1_000
const client = fileURLToPath(new URL("../", import.meta.url))
const dist = mkdtempSync(join(tmpdir(), "home-client-"))
afterAll(() => rmSync(dist, { recursive: true }))

describe("the built app", () => {
  let chunks: Readonly<Record<string, Chunk>> = {}
  let entries: readonly PrecacheEntry[] = []
  beforeAll(() => {
    // In a process of its own: the runner's environment would build Solid for tests.
    const vite = join(client, "..", "node_modules", "vite", "bin", "vite.js")
    const args = [vite, "build", client, "--outDir", dist, "--logLevel", "error"]
    execFileSync(process.execPath, args, { env: { ...process.env, NODE_ENV: "production" } })
    chunks = JSON.parse(readFileSync(join(dist, "build-manifest.json"), "utf8")) as typeof chunks
    entries = listPrecache(dist)
  })

  const gzBytes = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
  const filesWith = (ending: string): string[] =>
    readdirSync(join(dist, "assets"))
      .filter(name => name.endsWith(ending))
      .map(name => join("assets", name))
  /** A chunk and all that it cannot run without. */
  const closureOf = (key: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (seen.has(key)) return seen
    seen.add(key)
    for (const next of chunks[key]?.imports ?? []) closureOf(next, seen)
    return seen
  }
  const sum = (keys: Iterable<string>): number =>
    [...keys].reduce((total, key) => total + gzBytes(chunks[key]?.file ?? ""), 0)
  const shell = (): ReadonlySet<string> =>
    closureOf(Object.keys(chunks).find(key => chunks[key]?.isEntry === true) ?? "")

  it("[U5] has a light shell: scripts, styles, a language", () => {
    const shellBytes = sum(shell())
    const cssBytes = filesWith(".css").reduce((total, file) => total + gzBytes(file), 0)
    console.log(`client: shell ${shellBytes} B gz in ${shell().size} files, all styles ${cssBytes} B gz`)
    expect(shellBytes).toBeGreaterThan(5 * kilobyte)
    expect(shellBytes).toBeLessThanOrEqual(100 * kilobyte)
    expect(cssBytes).toBeLessThanOrEqual(15 * kilobyte)
    const languages = Object.values(chunks).filter(({ file }) => /\/(en|zh-cn)-[\w-]+\.js$/.test(file))
    expect(languages).toHaveLength(2)
    for (const { file } of languages) expect(gzBytes(file), file).toBeLessThanOrEqual(25 * kilobyte)
  })

  it("[U5] has light routes: what each one needs beyond the shell", () => {
    const routes = Object.keys(chunks).filter(key => key.startsWith("src/shell/routes/"))
    expect(routes.length).toBeGreaterThan(5)
    for (const route of routes) {
      const own = [...closureOf(route)].filter(key => !shell().has(key))
      expect(sum(own), route).toBeLessThanOrEqual(60 * kilobyte)
    }
  })

  it("[U5] holds its wasm and all that works offline within their limits", () => {
    const wasm = filesWith(".wasm")
    expect(wasm.length).toBeGreaterThan(0)
    for (const file of wasm) expect(gzBytes(file), file).toBeLessThanOrEqual(1_200 * kilobyte)
    const bytes = entries.reduce((total, { path }) => total + statSync(join(dist, path)).size, 0)
    console.log(`client: ${entries.length} files to keep offline, ${bytes} B`)
    expect(bytes).toBeLessThanOrEqual(6_000 * kilobyte)
  })

  it("[U6] runs and styles nothing inline, and names no other origin in its page", () => {
    const page = readFileSync(join(dist, "index.html"), "utf8")
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/)
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
    for (const file of filesWith(".js")) {
      // Solid's templates are the only HTML in scripts: an attribute in one of them would be inline.
      expect(readFileSync(join(dist, file), "utf8"), file).not.toMatch(/`<[^`]*\sstyle=/)
    }
  })

  it("[U1] gives its service worker every file that a page may ask for", () => {
    const worker = readFileSync(join(dist, "sw.js"), "utf8")
    const paths = entries.map(({ path }) => path)
    expect(paths).toContain("/index.html")
    expect(paths).toContain("/app.webmanifest")
    for (const { file } of Object.values(chunks)) expect(paths).toContain(`/${file}`)
    for (const { path, integrity } of entries) {
      expect(worker).toContain(path)
      expect(worker).toContain(integrity)
    }
    expect(paths).not.toContain("/sw.js")
  })
})
