import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

/** Names that stand in every program which can open something: they prove first that the search finds them. */
const openers = [
  /xchacha20poly1305/,
  /chacha20-poly1305/,
  /createDecipheriv/,
  /createPrivateKey/,
  /openBundle/,
  /unwrapKey/,
  /openUnder/,
  /openOuter/,
  /NoiseHandshake/,
  /(from|import) "@automerge/,
]

describe("the relay's program", () => {
  it("[C74] holds nothing that opens what a relay keeps", async () => {
    const build = new URL("../../../tools/build.mjs", import.meta.url).href
    const { buildServer } = (await import(build)) as { buildServer: (outDir: string) => Promise<void> }
    const folder = mkdtempSync(join(process.cwd(), "sync-server", "dist-relay-test-"))
    try {
      await buildServer(folder)
      const [home, relay] = ["home.js", "relay.js"].map(name => readFileSync(join(folder, name), "utf8"))
      for (const opener of openers) {
        expect(home).toMatch(opener)
        expect(relay).not.toMatch(opener)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
