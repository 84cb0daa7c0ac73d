import { AxeBuilder } from "@axe-core/playwright"
import type { BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type AppServer, startApp } from "../harness/app.js"
import { appScreens, arrivalScreens, showScreen } from "../harness/app-screens.js"
import { type Language, foundByHand, goTo, languages, openApp, textOf } from "../harness/app-steps.js"
import { type BrowserProfile, createBrowserProfile } from "../harness/browser.js"

const widths = [390, 1280] as const
const themes = ["light", "dark"] as const

/** What axe finds on the screen as it stands, in both themes and widths: one line each. */
const violationsOn = async (page: Page, name: string): Promise<string[]> => {
  const found: string[] = []
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    for (const width of widths) {
      await page.setViewportSize({ width, height: 844 })
      const { violations, passes } = await new AxeBuilder({ page }).analyze()
      expect(passes.length, name).toBeGreaterThan(10)
      for (const { id, nodes } of violations) {
        for (const { html } of nodes) found.push(`${name} ${colorScheme} ${width}: ${id} at ${html}`)
      }
    }
  }
  return found
}

describe.each(languages)("every screen, in $locale", language => {
  let app: AppServer
  let profile: BrowserProfile
  let context: BrowserContext
  let page: Page
  const origins = new Set<string>()
  const problems: string[] = []
  beforeAll(async () => {
    app = await startApp()
    profile = createBrowserProfile()
    context = await profile.open()
    page = await context.newPage()
    page.on("request", request => origins.add(new URL(request.url()).origin))
    page.on("pageerror", error => problems.push(error.message))
    page.on("console", message => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text())
    })
    await openApp(page, app.url, language)
  })
  afterAll(async () => {
    await context.close()
    profile.remove()
    await app.stop()
  })

  it("[U7] has nothing that axe objects to: arriving and setting up", async () => {
    const found: string[] = []
    for (const { name, path } of arrivalScreens) {
      await goTo(page, path)
      found.push(...(await violationsOn(page, name)))
    }
    await goTo(page, "/")
    await foundByHand(page, language, async name => void found.push(...(await violationsOn(page, name))))
    expect(found).toEqual([])
  })

  it("[U7] has nothing that axe objects to: with a family", async () => {
    const found: string[] = []
    for (const screen of appScreens) {
      await showScreen(page, screen, language)
      found.push(...(await violationsOn(page, screen.name)))
      await screen.close?.(page)
    }
    expect(found).toEqual([])
  })

  it("[U7] keeps to the window at twice the size of text", async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    const wide: string[] = []
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"))
    for (const screen of appScreens) {
      await showScreen(page, screen, language)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (overflow > 0) wide.push(`${screen.name}: ${overflow} px`)
      await screen.close?.(page)
    }
    await page.evaluate(() => document.documentElement.style.removeProperty("font-size"))
    expect(wide).toEqual([])
  })

  it("[U7] has nothing that axe objects to: locked, by keyboard", async () => {
    await goTo(page, "/settings")
    await lockNow(page, language)
    expect(await violationsOn(page, "unlock")).toEqual([])
  })

  it("[U8] asked no other origin, and the browser had no complaint", () => {
    expect([...origins]).toEqual([new URL(app.url).origin])
    expect(problems).toEqual([])
  })
})

const lockNow = async (page: Page, language: Language): Promise<void> => {
  const button = page.getByRole("button", { name: textOf(language, "settings.lockNow"), exact: true })
  await button.focus()
  await page.keyboard.press("Enter")
  await page.locator("input[type=password]").waitFor()
}
