import { rmSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { buildPage } from "../harness/engine-page.js"
import { type PageServer, servePages } from "../harness/page-server.js"
import { connectBrowser, newProfile } from "../harness/stage.js"
import type { Contracts } from "./contracts/main.js"

declare global {
  var contracts: Contracts
}

/** Suites that must be among them, by how their names begin, and how many tests each has at least. */
const suites = {
  "store contract: IndexedDB": 8,
  "archive contract: IndexedDB": 8,
  "automerge-repo's acceptance suite": 10,
  "primitives: WebCrypto": 4,
}

let folder: string
let server: PageServer
beforeAll(async () => {
  folder = await buildPage("e2e/app/contracts", { vitest: "e2e/app/contracts/vitest-in-page.ts" })
  server = await servePages(folder)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

it("[S9] the contracts of store, archive, storage adapter and cryptography hold in a real browser", async () => {
  const browser = await connectBrowser()
  try {
    const page = await (await newProfile(browser)).newPage()
    const broken = new Promise<never>((_, reject) => page.once("pageerror", reject))
    await page.goto(server.url)
    await Promise.race([broken, page.waitForFunction(() => "contracts" in globalThis)])
    const outcomes = await page.evaluate(() => globalThis.contracts.run())
    expect(outcomes.filter(({ reason }) => reason !== undefined)).toEqual([])
    for (const [suite, least] of Object.entries(suites)) {
      const count = outcomes.filter(({ name }) => name.startsWith(suite)).length
      expect(count, suite).toBeGreaterThanOrEqual(least)
    }
  } finally {
    await browser.close()
  }
})
