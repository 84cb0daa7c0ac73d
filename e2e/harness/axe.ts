import type * as Axe from "axe-core"
import axe from "axe-core"
import type { Page } from "playwright-core"

declare global {
  var axe: typeof Axe | undefined
}

/** Below this many rules that found nothing wrong there was nothing on the screen. */
const leastPasses = { all: 10, colors: 1 } as const

/** Of axe's rules those that are asked by default and look at colours. */
const colorRules = ["color-contrast", "link-in-text-block"]

/**
 * What axe objects to on the page as it stands, one line each: rule and element. Throws where there is nothing to judge.
 * `colors`: only the rules that look at colours.
 */
export const objectionsOn = async (
  page: Page,
  rules: "all" | "colors" = "all",
): Promise<readonly string[]> => {
  // The page stays the same document while the app changes screens: its axe is put in once.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source)
  const { found, passes } = await page.evaluate(
    async only => {
      const runOnly = only === undefined ? {} : { runOnly: { type: "rule" as const, values: only } }
      const results = await globalThis.axe?.run(document, { resultTypes: ["violations"], ...runOnly })
      return {
        passes: results?.passes.length ?? 0,
        found: (results?.violations ?? []).flatMap(({ id, nodes }) =>
          nodes.map(({ html }) => `${id} at ${html}`),
        ),
      }
    },
    rules === "colors" ? colorRules : undefined,
  )
  if (passes < leastPasses[rules])
    throw new Error(`axe saw only ${passes} rules fulfilled: is there a screen?`)
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
    // A theme is nothing but colours: what else axe looks at is the same in the dark (client/src/ui/tokens.css).
    const found = await objectionsOn(page, colorScheme === "light" ? "all" : "colors")
    all.push(...found.map(line => `${name} ${colorScheme} ${width}: ${line}`))
  }
  return all
}
