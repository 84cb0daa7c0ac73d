import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type AppServer, startApp } from "../harness/app.js"
import {
  type Language,
  addByHand,
  foundByHand,
  goTo,
  languages,
  openApp,
  press,
  textOf,
} from "../harness/app-steps.js"
import { connectBrowser, newProfile } from "../harness/stage.js"

const [english, chinese] = languages
const title = "Lake & sea 湖边"

/** One family: its own server with its own relay, and one device. */
interface Side {
  readonly app: AppServer
  readonly page: Page
  readonly language: Language
}

describe("two families, each with a server of its own", () => {
  let browser: Browser
  let anna: Side
  let xiao: Side
  const problems: string[] = []

  const settle = async (language: Language): Promise<Side> => {
    const app = await startApp()
    const context = await newProfile(browser)
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: app.url })
    const page = await context.newPage()
    page.on("pageerror", error => problems.push(error.message))
    await openApp(page, app.url, language)
    await foundByHand(page, language)
    return { app, page, language }
  }
  const cardOf = async ({ page, language }: Side): Promise<string> => {
    await goTo(page, "/family/others/card")
    await page.locator(".qr").waitFor()
    await press(page, language, "others.cardCopy")
    return page.evaluate(() => navigator.clipboard.readText())
  }
  const addCard = async ({ page, language }: Side, card: string): Promise<string> => {
    await goTo(page, "/family/others/add")
    await page.getByLabel(textOf(language, "others.addText"), { exact: true }).fill(card)
    await press(page, language, "others.add")
    return page.locator(".digit-groups").innerText()
  }
  const entry = ({ page }: Side, payee: string) =>
    page.locator("a.entry-row .row-title", { hasText: payee }).first()

  beforeAll(async () => {
    browser = await connectBrowser()
    ;[anna, xiao] = await Promise.all([settle(english), settle(chinese)])
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([anna.app.stop(), xiao.app.stop()])
  })

  it("[U40] exchange cards and see the same digits; whoever compares them knows the other", async () => {
    const [ours, theirs] = [await cardOf(anna), await cardOf(xiao)]
    const digits = await addCard(anna, theirs)
    expect(digits.replace(/\D/g, "")).toHaveLength(60)
    expect(await addCard(xiao, ours)).toBe(digits)
    await press(anna.page, english, "others.same")
    await anna.page.locator('.badge[data-tone="good"]').waitFor()
    expect(await xiao.page.locator('.badge[data-tone="notice"]').count()).toBe(1)
  })

  it("[U41] [U41a] share a book: offered, accepted with what it means, and filled in by both", async () => {
    const { page } = anna
    await page.locator('a[href$="/share"]').click()
    await page.getByLabel(textOf(english, "shares.name"), { exact: true }).fill(title)
    await page.getByText(textOf(english, "shares.keeps")).waitFor()
    await press(page, english, "shares.make")
    await page.getByText(textOf(english, "shares.waiting")).waitFor()

    await goTo(xiao.page, "/family/others")
    await press(xiao.page, chinese, "shares.accept")
    const dialog = xiao.page.locator("dialog[open]")
    await dialog.getByRole("button", { name: textOf(chinese, "shares.accept"), exact: true }).click()
    await xiao.page.getByRole("heading", { name: title }).waitFor()
    await page.getByText(textOf(english, "shares.roleEditor")).waitFor()
    await page.getByText(/^A device of .* came in\.$/).waitFor()

    for (const { page: each, language } of [anna, xiao]) await press(each, language, "shares.openMoney")
    await addByHand(page, english, { amount: "12.5", payee: "Boat" })
    await entry(xiao, "Boat").waitFor()
  })

  it("[U41] what both enter while no server is there meets at the one that comes back", async () => {
    await Promise.all([anna.app.kill(), xiao.app.kill()])
    await addByHand(anna.page, english, { amount: "7", payee: "Ice cream" })
    await addByHand(xiao.page, chinese, { amount: "8", payee: "船票" })
    await xiao.app.startAgain()
    await entry(anna, "船票").waitFor()
    await entry(xiao, "Ice cream").waitFor()
    // Nothing of it is in the family's own book.
    await anna.page.locator(".money-book select").selectOption({ index: 0 })
    await anna.page.locator(".empty").waitFor()
  })

  it("[U42] ended by who made it: said before, and told to the other, who keeps what was there", async () => {
    const { page } = anna
    await goTo(page, "/family/others")
    await page.locator('a.row[href^="/family/shares/"]').click()
    await press(page, english, "shares.end")
    const dialog = page.locator("dialog[open]")
    await dialog.getByText("keeps what they have").waitFor()
    await dialog.getByRole("button", { name: textOf(english, "shares.end"), exact: true }).click()
    await page.getByText(textOf(english, "shares.endedOurs")).waitFor()
    await xiao.page.getByText(textOf(chinese, "shares.isOver")).waitFor()
    await entry(xiao, "Ice cream").waitFor()
    const add = xiao.page.getByRole("button", { name: textOf(chinese, "money.add") }).last()
    expect(await add.isDisabled()).toBe(true)
    expect(problems).toEqual([])
  })
})
