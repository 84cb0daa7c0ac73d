import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { appScreens, arrivalScreens, showScreen } from "../harness/app-screens.js"
import { type Language, foundByHand, goTo, languages, openApp, textOf } from "../harness/app-steps.js"
import { objectionsInAllLooks } from "../harness/axe.js"
import { connectBrowser, newProfile, stage } from "../harness/stage.js"

describe.each(languages)("every screen, in $locale", language => {
  const { appUrl } = stage()
  let browser: Browser
  let page: Page
  const origins = new Set<string>()
  const problems: string[] = []
  beforeAll(async () => {
    browser = await connectBrowser()
    const context = await newProfile(browser)
    page = await context.newPage()
    context.on("request", request => origins.add(new URL(request.url()).origin))
    page.on("pageerror", error => problems.push(error.message))
    page.on("console", message => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text())
    })
    await openApp(page, appUrl, language)
  })
  afterAll(() => browser.close())

  it("[U7] has nothing that axe objects to: arriving and setting up", async () => {
    const found: string[] = []
    for (const { name, path } of arrivalScreens) {
      await goTo(page, path)
      found.push(...(await objectionsInAllLooks(page, name)))
    }
    await goTo(page, "/")
    await foundByHand(
      page,
      language,
      async name => void found.push(...(await objectionsInAllLooks(page, name))),
    )
    expect(found).toEqual([])
  })

  it("[U7] has nothing that axe objects to with a family, and keeps to the window at twice the size of text", async () => {
    const found: string[] = []
    for (const screen of appScreens) {
      await showScreen(page, screen, language)
      found.push(...(await objectionsInAllLooks(page, screen.name)))
      const { overflow, columns } = await atTwiceTheText(page)
      if (overflow > 0) found.push(`${screen.name}: ${overflow} px too wide`)
      for (const text of columns) found.push(`${screen.name}: a column of letters: ${text}`)
      await screen.close?.(page)
    }
    expect(found).toEqual([])
  })

  it("[U32] has one button in sight that adds an entry, however wide the window is", async () => {
    await goTo(page, "/money")
    await page.locator(".money-book select").selectOption({ index: 0 })
    await page.locator("a.entry-row").first().waitFor()
    const button = page.getByRole("button", { name: textOf(language, "money.add"), exact: true })
    const counts: number[] = []
    for (const width of [390, 768, 1024, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      counts.push(await button.count())
    }
    expect(counts).toEqual([1, 1, 1, 1])
  })

  it("[U7] has nothing that axe objects to: locked, by keyboard", async () => {
    await goTo(page, "/settings")
    await lockNow(page, language)
    expect(await objectionsInAllLooks(page, "unlock")).toEqual([])
  })

  it("[U8] asked no other origin, and the browser had no complaint", () => {
    expect([...origins]).toEqual([new URL(appUrl).origin])
    expect(problems).toEqual([])
  })
})

/**
 * The screen as it stands, in a phone's window: by how many pixels it leaves that at twice the size of text, and the texts
 * that are squeezed to a column of letters, then or as it is.
 */
const atTwiceTheText = async (
  page: Page,
): Promise<{ readonly overflow: number; readonly columns: readonly string[] }> => {
  await page.setViewportSize({ width: 390, height: 844 })
  return page.evaluate(() => {
    const root = document.documentElement
    const columns = (): string[] =>
      [...document.querySelectorAll<HTMLElement>(".screen *, dialog[open] *")]
        .filter(({ childElementCount, textContent }) => childElementCount === 0 && textContent.length > 8)
        .filter(element => {
          const { width, height } = element.getBoundingClientRect()
          return width > 0 && height > 5 * width
        })
        .map(({ textContent }) => textContent)
    const asItIs = columns()
    root.style.setProperty("font-size", "200%")
    const found = { overflow: root.scrollWidth - root.clientWidth, columns: [...asItIs, ...columns()] }
    root.style.removeProperty("font-size")
    return found
  })
}

const lockNow = async (page: Page, language: Language): Promise<void> => {
  const button = page.getByRole("button", { name: textOf(language, "settings.lockNow"), exact: true })
  await button.focus()
  await page.keyboard.press("Enter")
  await page.locator("input[type=password]").waitFor()
}
