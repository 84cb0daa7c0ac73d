import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import { openEnginePage } from "./engine-page.js"
import { foundFamily } from "./engine-steps.js"

export interface Seed {
  /** The folder of `buildEnginePage`. */
  readonly pageFolder: string
  /** `http://127.0.0.1:port` of the app, which must not have been opened in this browser yet. */
  readonly appUrl: string
  /** What the family begins with. */
  readonly fill?: (page: Page) => Promise<unknown>
}

/**
 * A family on this browser's disk that nobody founded by hand: the page without screens does it with the same engine,
 * for a moment at an address of the app's own origin. The device opens it by itself.
 */
export const seedFamily = async (context: BrowserContext, seed: Seed): Promise<void> => {
  const root = `${seed.appUrl}/seed/`
  await context.route(`${root}**`, route => {
    const path = new URL(route.request().url()).pathname.slice("/seed/".length)
    return route.fulfill({ path: join(seed.pageFolder, path === "" ? "index.html" : path) })
  })
  const page = await openEnginePage(context, root)
  await foundFamily(page)
  await page.evaluate(() => globalThis.driver.call("setDeviceLock", { isOn: true }))
  await seed.fill?.(page)
  await page.close()
  await context.unroute(`${root}**`)
}

/** Fills years of the ledger as an import does; gives how many rows there are now. */
export const importYears =
  (years: readonly string[], rowsAYear: number) =>
  async (page: Page): Promise<number> => {
    let added = 0
    for (const year of years)
      added += await page.evaluate(([name, count]) => globalThis.driver.importRows(name, count), [
        year,
        rowsAYear,
      ] as const)
    return added
  }
