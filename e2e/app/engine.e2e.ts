import { rmSync } from "node:fs"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createBrowserProfile } from "../harness/browser.js"
import { buildEnginePage, openEnginePage, stateOf } from "../harness/engine-page.js"
import { type PageServer, servePages } from "../harness/page-server.js"

const passphrase = "a passphrase of the test"
let folder: string
let server: PageServer
beforeAll(async () => {
  folder = await buildEnginePage()
  server = await servePages(folder)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const foundFamily = (page: Page, relay?: string) =>
  page.evaluate(
    async input => {
      const { call } = globalThis.driver
      const phrase = await call("newPhrase", {})
      if (!phrase.ok) return phrase
      const { words, asked } = phrase.value
      const checked = await call("checkPhrase", { answers: asked.map(position => words[position - 1] ?? "") })
      if (!checked.ok) return checked
      return call("found", { family: "Home", member: "Anna", deviceName: "Anna's phone", ...input })
    },
    { passphrase, relay },
  )

/** Adds entries without waiting for the answers; gives when all are on disk. */
const addEntries = (page: Page, from: number, count: number) =>
  page.evaluate(
    async ([first, many]) => {
      const results = []
      for (let i = first; i < first + many; i++) {
        const fields = {
          date: `2026-11-${String(1 + (i % 28)).padStart(2, "0")}`,
          direction: "expense",
          status: "settled",
          amountMinor: 100 + i,
          currency: "EUR",
          account: "cash",
          payee: `payee ${i}`,
          note: "",
          category: "",
          tags: [],
          splits: [],
          shares: {},
        } as const
        results.push(globalThis.driver.engine.edit("addEntry", "2026", { id: `entry-${i}`, fields }))
      }
      return Promise.all(results)
    },
    [from, count] as const,
  )

const entryCount = async (page: Page, count: number): Promise<number> => {
  await page.evaluate(() => globalThis.driver.watchLedger("2026"))
  await page.waitForFunction(
    wanted => globalThis.driver.isWhole("2026") && globalThis.driver.entryCount("2026") >= wanted,
    count,
  )
  return page.evaluate(() => globalThis.driver.entryCount("2026"))
}

const unlock = (page: Page, given = passphrase) =>
  page.evaluate(text => globalThis.driver.call("unlock", { type: "Passphrase", passphrase: text }), given)

describe("the engine in a browser", () => {
  it("founds offline, keeps entries over a reload, opens with the passphrase only", async () => {
    const profile = createBrowserProfile()
    const context = await profile.open()
    const problems: string[] = []
    try {
      const page = await openEnginePage(context, server.url, problems)
      expect(await stateOf(page)).toBe("Empty")
      expect(await foundFamily(page)).toEqual({ ok: true, value: undefined })
      expect(await stateOf(page)).toBe("Open")
      expect((await addEntries(page, 0, 20)).every(result => result.ok)).toBe(true)
      expect(await entryCount(page, 20)).toBe(20)
      await page.close()
      const again = await openEnginePage(context, server.url, problems)
      expect(await stateOf(again)).toBe("Locked")
      expect(await unlock(again, "wrong")).toEqual({ ok: false, error: { type: "WrongPassphrase" } })
      expect(await unlock(again)).toEqual({ ok: true, value: undefined })
      expect(await entryCount(again, 20)).toBe(20)
      expect(problems).toEqual([])
    } finally {
      await context.close()
      profile.remove()
    }
  })
})
