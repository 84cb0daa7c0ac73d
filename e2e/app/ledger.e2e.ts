import { join } from "node:path"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { foundByHand, goTo, languages, openApp, textOf } from "../harness/app-steps.js"
import { connectBrowser, newProfile, stage } from "../harness/stage.js"

type Key = Parameters<typeof textOf>[1]

const [english] = languages
const say = (key: Key): string => textOf(english, key)
let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await connectBrowser()
  page = await (await newProfile(browser)).newPage()
  await openApp(page, stage().appUrl, english)
  await foundByHand(page, english)
})
afterAll(() => browser.close())

const dialog = (): Locator => page.locator("dialog[open]")
const button = (key: Key, within: Page | Locator = page): Locator =>
  within.getByRole("button", { name: say(key), exact: true })
const field = (key: Key): Locator => dialog().getByLabel(say(key), { exact: true })
const row = (text: string): Locator => page.locator("a.entry-row", { hasText: text }).first()
const save = async (): Promise<void> => {
  await button("money.entry.save", dialog()).click()
  await dialog().waitFor({ state: "detached" })
}
/** A new entry with this amount, up to where the rest of it is chosen. */
const begin = async (amount: string): Promise<void> => {
  await goTo(page, "/money")
  await button("money.add").last().click()
  for (const key of amount) await dialog().locator(`.key[data-key="${key}"]`).click()
}
const openDetails = (): Promise<void> => dialog().getByText(say("money.entry.details")).click()
const main = (): Promise<string> => page.locator("main").innerText()

it("[U35] adds up on its keys, moves money between accounts of two currencies, and has every balance", async () => {
  await begin("12+8.5")
  await button("money.category.groceries", dialog()).click()
  await save()
  await row("-$20.50").waitFor()
  await goTo(page, "/money/accounts")
  await button("money.accounts.add").click()
  await field("money.accounts.name").fill("Holiday")
  await dialog().locator("select").last().selectOption("EUR")
  await save()
  await begin("100")
  await dialog().getByText(say("money.transfer"), { exact: true }).click()
  await field("money.entry.to").selectOption({ label: "Holiday" })
  await dialog().getByLabel(textOf(english, "money.entry.arrived").replace("{currency}", "EUR")).fill("92")
  await save()
  await goTo(page, "/money/accounts")
  await expect.poll(main).toMatch(/-\$120\.50[\s\S]*€92\.00/)
})

it("[U35] splits, tags, and takes another currency with its own rate; who changed what can be taken back", async () => {
  await begin("60")
  await button("money.category.groceries", dialog()).click()
  await field("money.entry.payee").fill("Supermarket")
  await openDetails()
  await field("money.entry.newTag").fill("trip")
  await button("money.entry.addTag", dialog()).click()
  await field("money.entry.currency").selectOption("EUR")
  await dialog()
    .getByLabel(textOf(english, "money.entry.rate").replace("{to}", "USD").replace("{from}", "EUR"))
    .fill("1.1")
  await dialog().getByText(say("money.split")).click()
  await button("money.split.add", dialog()).click()
  await dialog()
    .locator(".part select")
    .selectOption({ label: say("money.category.pets") })
  await dialog().locator(".part input").fill("15.5")
  await save()
  await row("Supermarket").click()
  await expect.poll(main).toMatch(/#trip[\s\S]*1\.1[\s\S]*€44\.50\s+Groceries\s+€15\.50\s+Pets/)
  await button("money.detail.edit").click()
  await field("money.entry.payee").fill("Market")
  await save()
  await button("money.history.show").click()
  await button("money.history.restore").last().click()
  await page.locator("main").getByText("Supermarket", { exact: true }).first().waitFor()
  await goTo(page, "/money/reports")
  await page.getByLabel(say("money.reports.by")).selectOption("tag")
  await expect.poll(main).toMatch(/#trip\s+\$66\.00/)
})

it("[U35] remembers: what recurs, a payee's category, a budget with what was left, a search", async () => {
  await goTo(page, "/money")
  await row("Supermarket").click()
  await button("money.detail.repeat").click()
  await save()
  await goTo(page, "/money/recurring")
  await page.locator(".row-title", { hasText: "Supermarket" }).waitFor()
  await goTo(page, "/money/rules")
  await button("money.rules.add").last().click()
  await field("money.rules.payee").fill("Zoo")
  await field("money.rules.category").selectOption({ label: say("money.category.leisure") })
  await save()
  await begin("9")
  await field("money.entry.payee").fill("City zoo")
  await expect
    .poll(() => dialog().locator('.category-tile[aria-pressed="true"]').innerText())
    .toBe(say("money.category.leisure"))
  await save()
  await goTo(page, "/money/budgets")
  await button("money.budgets.set").last().click()
  await dialog().getByLabel(say("money.budgets.carry")).check()
  await dialog().locator('input[inputmode="decimal"]').fill("200")
  await save()
  await button("money.month.after").click()
  await expect.poll(main).toMatch(/\$[\d.]+ carried over/)
  await goTo(page, "/money")
  await button("money.filter").click()
  await field("money.filter.tag").selectOption("trip")
  await field("money.filter.name").fill("Our trip")
  await button("money.filter.save", dialog()).click()
  await page.locator(".chip", { hasText: "Our trip" }).waitFor()
  await expect.poll(() => page.locator("a.entry-row .row-title").allInnerTexts()).toEqual(["Supermarket"])
  await button("money.filter.clear").click()
})

it("[U33] [U35] brings a statement in once, and takes everything out as one archive", async () => {
  for (const counts of [["4 new"], ["0 new", "4 already here"]]) {
    await goTo(page, "/money/import")
    await page
      .getByLabel(say("money.import.file"))
      .setInputFiles(join(process.cwd(), "e2e/fixtures/alipay.csv"))
    await page.locator(".import-row").first().waitFor()
    const text = await main()
    for (const count of counts) expect(text).toContain(count)
    const add = page.locator("section button[data-kind=primary]")
    if (await add.isEnabled()) {
      await add.click()
      await page.locator("a.entry-row").first().waitFor()
    }
  }
  await goTo(page, "/settings")
  const saved = page.waitForEvent("download")
  await page.getByText(say("settings.export"), { exact: true }).click()
  expect((await saved).suggestedFilename()).toMatch(/^home-\d{4}-\d\d-\d\d\.zip$/)
})
