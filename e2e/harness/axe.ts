import type * as Axe from "axe-core"
import axe from "axe-core"
import type { Page } from "playwright-core"

declare global {
  var axe: typeof Axe | undefined
}

/** Below this many rules that found nothing wrong there was nothing on the screen. */
const leastPasses = 10

/** What axe objects to on the page as it stands, one line each: rule and element. Throws where there is nothing to judge. */
export const objectionsOn = async (page: Page): Promise<readonly string[]> => {
  // The page stays the same document while the app changes screens: its axe is put in once.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source)
  const { found, passes } = await page.evaluate(async () => {
    const results = await globalThis.axe?.run(document, { resultTypes: ["violations"] })
    return {
      passes: results?.passes.length ?? 0,
      found: (results?.violations ?? []).flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id} at ${html}`),
      ),
    }
  })
  if (passes < leastPasses) throw new Error(`axe saw only ${passes} rules fulfilled: is there a screen?`)
  return found
}

interface Look {
  readonly width: number
  readonly colorScheme: "light" | "dark"
}

/** Each theme at each width. */
const looks: readonly Look[] = (["light", "dark"] as const).flatMap(colorScheme =>
  [390, 1280].map(width => ({ colorScheme, width })),
)

/** The same in every look, each line with the screen's name before it. */
export const objectionsInAllLooks = async (page: Page, name: string): Promise<readonly string[]> => {
  const all: string[] = []
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    await page.setViewportSize({ width, height: 844 })
    const found = await objectionsOn(page)
    all.push(...found.map(line => `${name} ${colorScheme} ${width}: ${line}`))
  }
  return all
}
