import type { Page } from "playwright-core"
import { expect, it } from "vitest"
import { openEnginePage } from "../harness/engine-page.js"
import { foundFamily, unlock } from "../harness/engine-steps.js"
import { connectBrowser, newProfile, stage } from "../harness/stage.js"

const years = ["2024", "2025", "2026"]
const rowsAYear = Number(process.env["HOME_BIG_ROWS"] ?? 1_000)

const { engineUrl } = stage()

it(`shows the newest rows of ${years.length} years with ${rowsAYear} entries each, then all of them, then changes`, async () => {
  const browser = await connectBrowser()
  const context = await newProfile(browser)
  try {
    const first = await openEnginePage(context, engineUrl)
    await foundFamily(first)
    const importMs = await first.evaluate(
      async ([names, count]) => {
        const begunMs = performance.now()
        for (const year of names) await globalThis.driver.importRows(year, count)
        return performance.now() - begunMs
      },
      [years, rowsAYear] as const,
    )
    await first.close()
    const page = await openEnginePage(context, engineUrl)
    await unlock(page)
    const newest = years.at(-1) ?? ""
    const look = async (tab: Page, year: string) => {
      await tab.evaluate(name => globalThis.driver.watchLedger(name), year)
      await tab.waitForFunction(name => globalThis.driver.isWhole(name), year, { timeout: 240_000 })
      return tab.evaluate(name => {
        const seen = globalThis.driver.ledger(name)
        return [Math.round(seen?.firstRowsMs ?? -1), Math.round(seen?.wholeMs ?? -1)]
      }, year)
    }
    const newestMs = await look(page, newest)
    const editMs = await page.evaluate(async year => {
      const { engine, ledger } = globalThis.driver
      const samples: number[][] = []
      for (let i = 0; i < 20; i++) {
        const before = ledger(year)?.events ?? 0
        const begunMs = performance.now()
        const done = engine.edit("editEntry", year, {
          id: `${year}${String(i).padStart(28, "0")}`,
          patch: { payee: `changed ${i}` },
        })
        while ((ledger(year)?.events ?? 0) === before) await new Promise(requestAnimationFrame)
        const shownMs = performance.now() - begunMs
        await done
        samples.push([shownMs, performance.now() - begunMs])
      }
      const median = (at: number) => samples.map(each => each[at] ?? 0).sort((a, b) => a - b)[10] ?? 0
      return [Math.round(median(0)), Math.round(median(1))]
    }, newest)
    const others: Record<string, readonly number[]> = {}
    for (const year of years.slice(0, -1)) others[year] = await look(page, year)
    console.log(
      JSON.stringify({
        rows: rowsAYear * years.length,
        importMs: Math.round(importMs),
        newestMs,
        editMs,
        others,
      }),
    )
    const counts = await page.evaluate(names => names.map(name => globalThis.driver.entryCount(name)), years)
    expect(counts).toEqual(years.map(() => rowsAYear))
    await page.close()
    const again = await openEnginePage(context, engineUrl)
    await unlock(again)
    const warmMs = await look(again, newest)
    console.log(JSON.stringify({ warmMs }))
    expect(await again.evaluate(name => globalThis.driver.entryCount(name), newest)).toBe(rowsAYear)
  } finally {
    await browser.close()
  }
})
