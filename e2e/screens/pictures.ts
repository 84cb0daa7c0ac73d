import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { foundByHand, goTo, languages, openApp, press } from "../harness/app-steps.js"
import { liveIn } from "../harness/lived-in.js"

/** Compressed as photographs are: a picture of a few flat colours stays below 40 kB. Percent. */
const quality = 80

const narrow = { name: "narrow", width: 390, height: 780, deviceScaleFactor: 2 } as const
const wide = { name: "wide", width: 1280, height: 800, deviceScaleFactor: 1 } as const

interface Picture {
  readonly name: string
  readonly path: string
  readonly shape: typeof narrow | typeof wide
  readonly theme?: "light" | "dark"
}

const of = (name: string, shape: Picture["shape"], theme?: Picture["theme"]): Picture => ({
  name,
  path: name === "reports" ? "/money/reports" : `/${name}`,
  shape,
  ...(theme === undefined ? {} : { theme }),
})

/** Pictures that are in the repository, by what shows them: the manifest of the app, and the READMEs. */
export const pictures = {
  manifest: [of("money", narrow), of("reports", narrow), of("money", wide), of("reports", wide)],
  readme: [of("money", narrow), of("reports", narrow), of("family", narrow), of("reports", wide, "dark")],
} as const satisfies Readonly<Record<string, readonly Picture[]>>

/** Takes them anew in each language, of a family that has lived in the app for a while. Gives their paths. */
export const takePictures = async (
  browser: Browser,
  url: string,
  folder: string,
  wanted: readonly Picture[],
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
    // Nothing of the moment: no notice, no toast, no row under the pointer.
    await press(page, language, "update.later")
    await page.mouse.move(0, 0)
    await page.locator(".toast").first().waitFor({ state: "detached" })
    for (const { name, path, shape, theme = "light" } of wanted) {
      const { name: shapeName, ...metrics } = shape
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" })
      await session.send("Emulation.setDeviceMetricsOverride", { ...metrics, mobile: false })
      await goTo(page, path)
      const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality })
      const file = join(folder, `${name}.${language.locale}.${shapeName}.webp`)
      writeFileSync(file, Buffer.from(data, "base64"))
      paths.push(file)
    }
    await page.close()
  }
  return paths
}
