import { rmSync } from "node:fs"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it, onTestFailed } from "vitest"
import { addByHand, goTo, languages, openApp, textOf } from "../harness/app-steps.js"
import { appFolder, makeOtherBuild } from "../harness/other-build.js"
import { type PageServer, servePages } from "../harness/page-server.js"
import { seedFamily } from "../harness/seeded-family.js"
import { connectBrowser, newProfile, stage } from "../harness/stage.js"

const [english] = languages
const ready = textOf(english, "update.ready")
const restart = textOf(english, "update.now")

let browser: Browser
let server: PageServer
let newer: string
beforeAll(async () => {
  browser = await connectBrowser()
  newer = await makeOtherBuild("newer")
  server = await servePages(appFolder)
})
afterAll(async () => {
  await browser.close()
  await server.close()
  rmSync(newer, { recursive: true, force: true })
})

const buildOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.documentElement.dataset["build"])
const payees = (page: Page): Promise<string[]> => page.locator("a.entry-row .row-title").allInnerTexts()

it("[U18] a new version waits until nobody types, takes over when told to, and loses nobody's work", async () => {
  const appUrl = server.url.replace(/\/$/, "")
  const context = await newProfile(browser)
  onTestFailed(async () => {
    for (const tab of context.pages())
      console.error(tab.url(), (await tab.locator("body").innerText()).slice(0, 500))
  })
  await seedFamily(context, { pageFolder: stage().enginePageFolder, appUrl })
  const page = await context.newPage()
  await openApp(page, appUrl, english)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  const other = await context.newPage()
  await other.goto(`${appUrl}/settings`)
  await other.locator(".frame h1").waitFor()
  await goTo(page, "/money")
  await addByHand(page, english, { amount: "12.5", payee: "before" })
  await expect.poll(() => payees(page)).toEqual(["before"])

  // It comes while somebody types: nothing moves.
  await page.locator("#money-search input").focus()
  server.serve(newer)
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
  })
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null)
  expect(await page.getByText(ready).count()).toBe(0)
  await page.locator("#money-search input").blur()
  await page.getByText(ready).waitFor()

  // Nobody has agreed: after a reload it is still the old one, whole.
  await page.reload()
  await page.getByText(ready).waitFor()
  expect(await buildOf(page)).toBeUndefined()
  await addByHand(page, english, { amount: "3", payee: "between" })
  await page.getByRole("button", { name: restart }).click()
  await page.waitForFunction(() => document.documentElement.dataset["build"] === "newer")
  await expect.poll(async () => (await payees(page)).toSorted()).toEqual(["before", "between"])

  // The other tab runs the old one: screens it has not loaded yet still open, and it says that it should restart.
  expect(await buildOf(other)).toBeUndefined()
  await goTo(other, "/money/reports")
  await other.locator("h1", { hasText: textOf(english, "money.tab.reports") }).waitFor()
  await goTo(other, "/money")
  await expect.poll(async () => (await payees(other)).toSorted()).toEqual(["before", "between"])
  await addByHand(other, english, { amount: "4", payee: "after" })
  await other.getByRole("button", { name: restart }).click()
  await other.waitForFunction(() => document.documentElement.dataset["build"] === "newer")
  for (const tab of [page, other])
    await expect.poll(async () => (await payees(tab)).toSorted()).toEqual(["after", "before", "between"])
  await context.close()
})
