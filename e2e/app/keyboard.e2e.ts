import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { languages, openApp, passphrase, shownWords, textOf } from "../harness/app-steps.js"
import { countPointerEvents, enterAt, tabTo, typeAt } from "../harness/keyboard.js"
import { connectBrowser, newProfile, stage } from "../harness/stage.js"

type Key = Parameters<typeof textOf>[1]

const [english] = languages
let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await connectBrowser()
  page = await (await newProfile(browser, { width: 1280, height: 800 })).newPage()
  await countPointerEvents(page)
})
afterAll(() => browser.close())

const say = (key: Key): string => textOf(english, key)
const button = (key: Key): Locator => page.getByRole("button", { name: say(key), exact: true })
const link = (key: Key): Locator => page.getByRole("link", { name: say(key) })
const field = (key: Key): Locator => page.getByLabel(say(key), { exact: true })
const rows = (): Promise<string[]> => page.locator("a.entry-row .row-title").allInnerTexts()

it("[U16] founds, adds, edits, deletes and takes back, searches and sets up, without a pointer", async () => {
  await openApp(page, stage().appUrl, english)
  await enterAt(page, link("setup.found"))
  await typeAt(page, field("setup.family"), "The Millers")
  await typeAt(page, field("setup.you"), "Anna")
  await typeAt(page, field("setup.device"), "Anna's laptop")
  await page.keyboard.press("Enter")
  await typeAt(page, field("setup.passphrase"), passphrase)
  await page.keyboard.press("Enter")
  const words = await shownWords(page)
  await enterAt(page, button("setup.wordsWritten"))
  await button("setup.finish").waitFor()
  for (const input of await page.locator("form input").all()) {
    const label = await page.locator(`label[for="${await input.getAttribute("id")}"]`).innerText()
    await typeAt(page, input, words[Number(/\d+/.exec(label)?.[0]) - 1] ?? "")
  }
  await enterAt(page, button("setup.finish"))
  await page.locator(".frame").waitFor()

  await enterAt(page, link("nav.money").first())
  // The list's own keys: n adds, arrows walk, / searches.
  await page.getByText(say("money.list.emptyTitle")).waitFor()
  await page.keyboard.press("n")
  await tabTo(page, page.locator('.key[data-key="7"]'))
  await page.keyboard.type("12.5")
  await enterAt(page, page.locator(".category-tile").first())
  await typeAt(page, field("money.entry.payee"), "Baker")
  await enterAt(page, button("money.entry.save"))
  await page.locator("dialog[open]").waitFor({ state: "detached" })
  await expect.poll(rows).toEqual(["Baker"])

  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await enterAt(page, button("money.detail.edit"))
  await typeAt(
    page,
    page.locator("dialog[open]").getByLabel(say("money.entry.payee"), { exact: true }),
    "Butcher",
  )
  await enterAt(page, button("money.entry.save"))
  await page.locator(".entry-head-title", { hasText: "Butcher" }).waitFor()

  await enterAt(page, button("money.detail.delete"))
  const deleted = page.locator(".toast", { hasText: say("money.detail.deleted") })
  await expect.poll(rows).toEqual([])
  await enterAt(page, deleted.getByRole("button", { name: say("action.undo") }))
  await expect.poll(rows).toEqual(["Butcher"])

  await tabTo(page, link("nav.money").first())
  await page.keyboard.press("/")
  await page.keyboard.type("nobody")
  await page.getByText(say("money.list.nothingTitle")).waitFor()
  await enterAt(page, button("money.filter.clear"))
  await expect.poll(rows).toEqual(["Butcher"])

  await page.keyboard.press("ControlOrMeta+k")
  await page.keyboard.type(say("nav.settings"))
  await page.keyboard.press("Enter")
  await tabTo(page, page.getByRole("radio", { name: say("settings.themeSystem") }))
  await page.keyboard.press("ArrowRight")
  await page.keyboard.press("ArrowRight")
  expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark")

  await enterAt(page, button("settings.lockNow"))
  await typeAt(page, field("setup.passphrase"), passphrase)
  await page.keyboard.press("Enter")
  await page.locator(".frame").waitFor()
  expect(await page.evaluate(() => globalThis.pointerEvents)).toBe(0)
})
