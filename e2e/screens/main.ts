import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { startApp } from "../harness/app.js"
import { appScreens, arrivalScreens, showScreen } from "../harness/app-screens.js"
import { foundByHand, goTo, languages, openApp, textOf } from "../harness/app-steps.js"
import { createBrowserProfile, launchBrowser } from "../harness/browser.js"
import { liveIn } from "../harness/lived-in.js"
import { takeManifestPictures } from "./manifest-pictures.js"

/**
 * `npm run screens -- [FOLDER]`: a picture of every screen at each width, in each language, light and dark, outside of
 * the repository. Prints how many there are and what the pages complained about; fails on a complaint.
 * `npm run screens -- --manifest`: takes the pictures anew that `client/public/app.webmanifest` names.
 */
const isForManifest = process.argv[2] === "--manifest"
const folder = (isForManifest ? undefined : process.argv[2]) ?? join(tmpdir(), "home-screens")
const manifestFolder = join(process.cwd(), "client/public/screenshots")
const widths = [390, 768, 1280] as const
const themes = ["light", "dark"] as const
const heights = { 390: 844, 768: 1024, 1280: 800 } as const

const problems: string[] = []
let count = 0

/** The same screen in every width and theme. */
const takeAll = async (page: Page, language: string, name: string): Promise<void> => {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" })
    for (const width of widths) {
      await page.setViewportSize({ width, height: heights[width] })
      const path = join(folder, `${name}.${language}.${theme}.${width}.png`)
      await page.screenshot({ path, fullPage: name !== "erase" })
      count += 1
    }
  }
}

const takeEveryScreen = async (url: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  for (const language of languages) {
    const profile = createBrowserProfile()
    const context = await profile.open()
    const page = await context.newPage()
    page.on("pageerror", error => problems.push(error.message))
    page.on("console", message => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text())
    })
    const take = (name: string): Promise<void> => takeAll(page, language.locale, name)
    await openApp(page, url, language)
    for (const { name, path } of arrivalScreens) {
      await goTo(page, path)
      await take(name)
    }
    await goTo(page, "/")
    await foundByHand(page, language, take)
    for (const screen of appScreens) {
      await showScreen(page, screen, language)
      await take(screen.name)
      await screen.close?.(page)
      if (screen.name === "money-add") await liveIn(page, language, () => take("money-import-preview"))
    }
    await goTo(page, "/settings")
    await page.getByRole("button", { name: textOf(language, "settings.lockNow"), exact: true }).click()
    await page.locator("input[type=password]").waitFor()
    await take("unlock")
    await context.close()
    profile.remove()
  }
}

const takeForManifest = async (url: string): Promise<void> => {
  const browser = await launchBrowser()
  try {
    count = (await takeManifestPictures(browser, url, manifestFolder)).length
  } finally {
    await browser.close()
  }
}

const app = await startApp()
try {
  await (isForManifest ? takeForManifest : takeEveryScreen)(app.url)
} finally {
  await app.stop()
}
for (const problem of new Set(problems)) console.error(problem)
console.log(`${count} screens in ${isForManifest ? manifestFolder : folder}, ${problems.length} complaints`)
process.exitCode = problems.length === 0 && count > 0 ? 0 : 1
