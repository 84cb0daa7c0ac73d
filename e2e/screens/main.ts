import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import { type AppServer, startApp } from "../harness/app.js"
import { appScreens, arrivalScreens, showScreen } from "../harness/app-screens.js"
import { type Language, foundByHand, goTo, languages, openApp, press } from "../harness/app-steps.js"
import { createBrowserProfile, launchBrowser } from "../harness/browser.js"
import { liveIn } from "../harness/lived-in.js"
import { pictures, takePictures } from "./pictures.js"
import { takeTogether } from "./together.js"

/**
 * `npm run screens -- [FOLDER]`: a picture of every screen at each width, in each language, light and dark, outside of
 * the repository. Prints how many there are and what the pages complained about; fails on a complaint.
 * `npm run screens -- --manifest`: takes the pictures anew that `client/public/app.webmanifest` names; `--readme`: those
 * that the READMEs show.
 */
const [, , wish = join(tmpdir(), "home-screens")] = process.argv
const kept = {
  "--manifest": { folder: join(process.cwd(), "client/public/screenshots"), wanted: pictures.manifest },
  "--readme": { folder: join(process.cwd(), "client/docs"), wanted: pictures.readme },
}[wish]
const folder = kept?.folder ?? wish
const widths = [390, 768, 1280] as const
const themes = ["light", "dark"] as const
/** What lies over the page is where the window is. */
const windowed: ReadonlySet<string> = new Set([
  "money-add",
  "money-filter",
  "erase",
  "sync-badge",
  "receipt-view",
])
const heights = { 390: 844, 768: 1024, 1280: 800 } as const

const problems: string[] = []
let count = 0

/** No picture is higher: a list goes on and on. Pixels. */
const mostPx = 2_400

const pageHeight = (page: Page, leastPx: number): Promise<number> =>
  page.evaluate(([least, most]) => Math.min(Math.max(document.documentElement.scrollHeight, least), most), [
    leastPx,
    mostPx,
  ] as const)

/** The same screen in every width and theme. */
const takeIn =
  (language: string) =>
  async (page: Page, name: string): Promise<void> => {
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" })
      for (const width of widths) {
        await page.setViewportSize({ width, height: heights[width] })
        // A window as high as the page: bars stay where they are, at its edges.
        const height = windowed.has(name) ? heights[width] : await pageHeight(page, heights[width])
        await page.setViewportSize({ width, height })
        const path = join(folder, `${name}.${language}.${theme}.${width}.png`)
        await page.screenshot({ path })
        count += 1
      }
    }
  }

/** A browser of somebody who has not been here before; what its pages complain about is kept. */
const openProfile = async (): Promise<{ context: BrowserContext; close: () => Promise<void> }> => {
  const profile = createBrowserProfile()
  const context = await profile.open()
  context.on("weberror", error => problems.push(error.error().message))
  context.on("console", message => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text())
  })
  const close = async (): Promise<void> => {
    await context.close()
    profile.remove()
  }
  return { context, close }
}

const takeEveryScreen = async (app: AppServer, language: Language): Promise<void> => {
  const [own, newcomer] = [await openProfile(), await openProfile()]
  try {
    const page = await own.context.newPage()
    const take = (name: string): Promise<void> => takeIn(language.locale)(page, name)
    await openApp(page, app.url, language)
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
    await takeTogether({ app, page, context: newcomer.context, language, take: takeIn(language.locale) })
    await goTo(page, "/settings")
    await press(page, language, "settings.lockNow")
    await page.locator("input[type=password]").waitFor()
    await take("unlock")
  } finally {
    await own.close()
    await newcomer.close()
  }
}

const takeKept = async (app: AppServer, { folder, wanted }: NonNullable<typeof kept>): Promise<void> => {
  const browser = await launchBrowser()
  try {
    count = (await takePictures(browser, app.url, folder, wanted)).length
  } finally {
    await browser.close()
  }
}

const withApp = async (run: (app: AppServer) => Promise<void>): Promise<void> => {
  const app = await startApp()
  try {
    await run(app)
  } finally {
    await app.stop()
  }
}

mkdirSync(folder, { recursive: true })
if (kept !== undefined) await withApp(app => takeKept(app, kept))
// Each language has a server of its own: a box belongs to one family.
else for (const language of languages) await withApp(app => takeEveryScreen(app, language))
for (const problem of new Set(problems)) console.error(problem)
console.log(`${count} screens in ${folder}, ${problems.length} complaints`)
process.exitCode = problems.length === 0 && count > 0 ? 0 : 1
