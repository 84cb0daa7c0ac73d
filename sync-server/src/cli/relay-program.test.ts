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

/** What only people's commands need, and what a box needs only beside a page. */
const ofPeople = [/(from|import) "papaparse"/, /(from|import) "ical\.js"/, /(from|import) "yaml"/]
const ofPage = /(from|import) "@peculiar\//

describe("the servers' programs", () => {
  it("[C74] [C97] hold nothing that a relay may not, and a box need not have", async () => {
    const build = new URL("../../../tools/build.mjs", import.meta.url).href
    const { buildServer } = (await import(build)) as { buildServer: (outDir: string) => Promise<void> }
    const folder = mkdtempSync(join(process.cwd(), "sync-server", "dist-relay-test-"))
    try {
      await buildServer(folder)
      const [home, relay, box, start] = ["home", "relay", "box", "start"].map(name =>
        readFileSync(join(folder, `${name}.js`), "utf8"),
      )
      for (const opener of openers) {
        expect(home).toMatch(opener)
        expect(relay).not.toMatch(opener)
      }
      for (const unneeded of ofPeople) {
        expect(home).toMatch(unneeded)
        expect(box).not.toMatch(unneeded)
        expect(start).not.toMatch(unneeded)
      }
      expect(start).toMatch(ofPage)
      expect(box).not.toMatch(ofPage)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
