import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { sectionsOf, withoutNotes } from "./lean-wasm.js"
import { type PrecacheEntry, listPrecache } from "./precache.js"
import { type Weights, assetsWith, chunksOf, weigh } from "./weights.js"

const kilobyte = 1_000
/** A build takes twenty seconds, and many times that on a machine with other things to do. */
const buildMs = 300_000
const client = fileURLToPath(new URL("../", import.meta.url))
const dist = mkdtempSync(join(tmpdir(), "home-client-"))
afterAll(() => rmSync(dist, { recursive: true }))

describe("the built app", () => {
  let weights: Weights
  let entries: readonly PrecacheEntry[] = []
  beforeAll(() => {
    // In a process of its own: the runner's environment would build Solid for tests.
    const vite = join(client, "..", "node_modules", "vite", "bin", "vite.js")
    const args = [vite, "build", client, "--outDir", dist, "--logLevel", "error"]
    execFileSync(process.execPath, args, { env: { ...process.env, NODE_ENV: "production" } })
    entries = listPrecache(dist)
    weights = weigh(dist)
  }, buildMs)

  it("[U5] has a light shell: scripts, styles, a language", () => {
    const { shell, shellFiles, styles, languages } = weights
    console.log(`client: shell ${shell} B gz in ${shellFiles} files, all styles ${styles} B gz`)
    expect(shell).toBeGreaterThan(5 * kilobyte)
    expect(shell).toBeLessThanOrEqual(100 * kilobyte)
    expect(styles).toBeLessThanOrEqual(15 * kilobyte)
    expect(languages.size).toBe(2)
    for (const [file, bytes] of languages) expect(bytes, file).toBeLessThanOrEqual(25 * kilobyte)
  })

  it("[U5] has light routes: what each one needs beyond the shell", () => {
    expect(weights.routes.size).toBeGreaterThan(5)
    for (const [route, bytes] of weights.routes) expect(bytes, route).toBeLessThanOrEqual(60 * kilobyte)
  })

  it("[U5] holds its wasm and all that works offline within their limits", () => {
    expect(weights.wasm.size).toBeGreaterThan(0)
    for (const [file, bytes] of weights.wasm) expect(bytes, file).toBeLessThanOrEqual(1_200 * kilobyte)
    console.log(`client: ${entries.length} files to keep offline, ${weights.keptOffline} B`)
    expect(weights.keptOffline).toBeLessThanOrEqual(6_000 * kilobyte)
  })

  it("[U5] ships modules without notes for debuggers, and all else of them as it came", () => {
    const automerge = join(client, "..", "node_modules", "@automerge", "automerge", "dist", "automerge.wasm")
    const original = readFileSync(automerge)
    const shipped = [...weights.wasm.keys()].map(file => readFileSync(join(dist, file)))
    for (const module of shipped) expect(sectionsOf(module).filter(({ id }) => id === 0)).toEqual([])
    const kept = sectionsOf(original).filter(({ id }) => id !== 0)
    expect(
      shipped.some(module =>
        module.equals(Buffer.concat([original.subarray(0, 8), ...kept.map(({ bytes }) => bytes)])),
      ),
    ).toBe(true)
    expect(() => withoutNotes(original.subarray(0, -1))).toThrow("beyond the end")
    expect(() => withoutNotes(original.subarray(1))).toThrow("not a module")
  })

  it("[U6] runs and styles nothing inline, and names no other origin in its page", () => {
    const page = readFileSync(join(dist, "index.html"), "utf8")
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/)
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
    for (const file of assetsWith(dist, ".js")) {
      // Solid's templates are the only HTML in scripts: an attribute in one of them would be inline.
      expect(readFileSync(join(dist, file), "utf8"), file).not.toMatch(/`<[^`]*\sstyle=/)
    }
  })

  it("[U1] gives its service worker every file that a page may ask for", () => {
    const worker = readFileSync(join(dist, "sw.js"), "utf8")
    const paths = entries.map(({ path }) => path)
    expect(paths).toContain("/index.html")
    expect(paths).toContain("/app.webmanifest")
    for (const { file } of Object.values(chunksOf(dist))) expect(paths).toContain(`/${file}`)
    for (const { path, integrity } of entries) {
      expect(worker).toContain(path)
      expect(worker).toContain(integrity)
    }
    expect(paths).not.toContain("/sw.js")
  })
})
