import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { foundByHand, goTo, languages, openApp } from "../harness/app-steps.js"
import { liveIn } from "../harness/lived-in.js"

/** Compressed as photographs are: a picture of a few flat colours stays below 40 kB. Percent. */
const quality = 80

const shapes = [
  { name: "narrow", width: 390, height: 780, deviceScaleFactor: 2 },
  { name: "wide", width: 1280, height: 800, deviceScaleFactor: 1 },
] as const

const screens = [
  { name: "money", path: "/money" },
  { name: "reports", path: "/money/reports" },
] as const

/** The pictures that the manifest names: what a browser shows before it installs the app. Gives their paths. */
export const takeManifestPictures = async (
  browser: Browser,
  url: string,
  folder: string,
): Promise<readonly string[]> => {
  mkdirSync(folder, { recursive: true })
  const paths: string[] = []
  for (const language of languages) {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    const session = await page.context().newCDPSession(page)
    await page.emulateMedia({ reducedMotion: "reduce" })
    await openApp(page, url, language)
    await foundByHand(page, language)
    await liveIn(page, language)
    await page.locator(".toast").first().waitFor({ state: "detached" })
    for (const { name: shape, ...metrics } of shapes) {
      await session.send("Emulation.setDeviceMetricsOverride", { ...metrics, mobile: false })
      for (const { name, path } of screens) {
        await goTo(page, path)
        const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality })
        const file = join(folder, `${name}.${language.locale}.${shape}.webp`)
        writeFileSync(file, Buffer.from(data, "base64"))
        paths.push(file)
      }
    }
    await page.close()
  }
  return paths
}
