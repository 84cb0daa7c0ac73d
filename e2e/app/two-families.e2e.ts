import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type AppServer, startApp } from "../harness/app.js"
import {
  type Language,
  addByHand,
  foundByHand,
  goTo,
  joinAs,
  languages,
  openApp,
  passphrase,
  press,
  textOf,
} from "../harness/app-steps.js"
import { runHome, startHomeProcess } from "../harness/home-process.js"
import { connectBrowser, newProfile, patienceMs } from "../harness/stage.js"

const [english, chinese] = languages
const title = "Lake & sea 湖边"

/** A device in a browser, and the family's own server with a relay and a box. */
interface Side {
  readonly app: AppServer
  readonly page: Page
  readonly language: Language
}

/** Five devices: two phones, a laptop, one without a screen, and the phone that takes the place of a lost one. */
describe("two families, each with a relay, a box and several devices", () => {
  let browser: Browser
  let anna: Side
  /** Anna's other device. */
  let laptop: Page
  let xiao: Side
  let phraseOfXiao: string
  /** Xiao's other device is the `home` command. */
  const folder = mkdtempSync(join(tmpdir(), "home-two-families-"))
  const atXiao = (...args: readonly string[]) => runHome([...args, "--data", folder])
  const problems: string[] = []

  const openDevice = async (app: AppServer, language: Language): Promise<Page> => {
    const context = await newProfile(browser)
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: app.url })
    const page = await context.newPage()
    page.on("pageerror", error => problems.push(error.message))
    await openApp(page, app.url, language)
    return page
  }
  /** Founds a family and takes its box in; gives the words as well. */
  const settle = async (language: Language): Promise<readonly [Side, string]> => {
    const app = await startApp()
    const page = await openDevice(app, language)
    const phrase = await foundByHand(page, language)
    await goTo(page, "/family/box")
    await page.getByLabel(textOf(language, "box.code")).fill(app.claim)
    await press(page, language, "box.connect")
    await page.getByText(textOf(language, "box.done")).waitFor()
    return [{ app, page, language }, phrase]
  }
  /** An invitation for another device of the person whose phone shows it. */
  const inviteOwn = async ({ page, language }: Side): Promise<string> => {
    await goTo(page, "/family/invite?for=me")
    await press(page, language, "invite.make")
    await page.locator(".qr").waitFor()
    await press(page, language, "invite.orCopy")
    return page.evaluate(() => navigator.clipboard.readText())
  }
  const letIn = async ({ page, language }: Side, newcomersDigits: string): Promise<void> => {
    const shown = await page.locator(".digits").innerText()
    expect(newcomersDigits.replace(/\D/g, "")).toBe(shown.replace(/\D/g, ""))
    await press(page, language, "invite.yes")
    await page.getByText(textOf(language, "invite.doneOwn")).waitFor()
  }
  /** What is offered to this device, accepted; its book is shown. */
  const accept = async (page: Page, language: Language): Promise<void> => {
    const button = page.getByRole("button", { name: textOf(language, "shares.accept"), exact: true })
    // A device that is new in its family may look before it knows what that has.
    const look = async (): Promise<number> => {
      await goTo(page, "/family")
      await goTo(page, "/family/others")
      await page.getByText(textOf(language, "shares.looking")).waitFor({ state: "detached" })
      return button.count()
    }
    await expect.poll(look, { timeout: patienceMs }).toBe(1)
    await button.click()
    await page.locator("dialog[open]").locator(button).click()
    await page.getByRole("heading", { name: title }).waitFor()
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
  const entry = (page: Page, payee: string) =>
    page.locator("a.entry-row .row-title", { hasText: payee }).first()

  beforeAll(async () => {
    browser = await connectBrowser()
    ;[[anna], [xiao, phraseOfXiao]] = await Promise.all([settle(english), settle(chinese)])
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([anna.app.stop(), xiao.app.stop()])
    rmSync(folder, { recursive: true, force: true })
  })

  it("[U12] let in another device of each: one in a browser, one without a screen", async () => {
    const invitation = await inviteOwn(anna)
    laptop = await openDevice(anna.app, english)
    await goTo(laptop, "/start/join")
    await laptop.getByLabel(textOf(english, "setup.invitation")).fill(invitation)
    await joinAs(laptop, english, "Laptop")
    await letIn(anna, await laptop.locator(".digits").innerText())
    await laptop.locator(".frame").waitFor()

    const args = ["join", await inviteOwn(xiao), "--member", "小安", "--device", "电脑", "--data", folder]
    const joining = startHomeProcess(args)
    await expect.poll(() => joining.log(), { timeout: patienceMs }).toContain("Compare")
    await xiao.page.locator(".digits").waitFor()
    await letIn(xiao, /Compare.*$/m.exec(joining.log())?.[0] ?? "")
    expect([await joining.ended, joining.log()]).toEqual([0, expect.any(String)])
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

    await accept(xiao.page, chinese)
    await page.getByText(textOf(english, "shares.roleEditor")).waitFor()
    await page.getByText(/^A device of .* came in\.$/).waitFor()

    for (const { page: each, language } of [anna, xiao]) await press(each, language, "shares.openMoney")
    await addByHand(page, english, { amount: "12.5", payee: "Boat" })
    await entry(xiao.page, "Boat").waitFor()
  })

  it("[U41] open it on their other devices as well, and a box carries it", async () => {
    await accept(laptop, english)
    await press(laptop, english, "shares.openMoney")
    await entry(laptop, "Boat").waitFor()
    await atXiao("ledger", "add", "6", "早饭", "--currency", "CNY")
    await atXiao("sync")
    await atXiao("share", "accept", title)
    await atXiao("share", "box", title, "in")
    await atXiao("ledger", "add", "30", "Ferry", "--currency", "EUR", "--share", title)
    await atXiao("sync", "--share", title)
    for (const page of [anna.page, laptop, xiao.page]) await entry(page, "Ferry").waitFor()
  })

  it("[U41] what both enter while no server is there meets at the one that comes back", async () => {
    await Promise.all([anna.app.kill(), xiao.app.kill()])
    await addByHand(anna.page, english, { amount: "7", payee: "Ice cream" })
    await addByHand(xiao.page, chinese, { amount: "8", payee: "船票" })
    await xiao.app.startAgain()
    await entry(anna.page, "船票").waitFor()
    await entry(xiao.page, "Ice cream").waitFor()
    await entry(laptop, "船票").waitFor()
    // Nothing of it is in the family's own book.
    await anna.page.locator(".money-book select").selectOption({ index: 0 })
    await anna.page.locator(".empty").waitFor()
  })

  it("[U28] a laptop that was lost is removed by the phone, and keeps nothing of either", async () => {
    const { page, app } = anna
    await app.startAgain()
    await goTo(page, "/family")
    await page.locator('a[href^="/family/members/"]').first().click()
    await page
      .getByRole("button", { name: textOf(english, "devices.more").replace("{name}", "Laptop 1") })
      .click()
    const remove = { name: textOf(english, "action.remove"), exact: true }
    await page.getByRole("menuitem", remove).click()
    await page.locator("dialog[open]").getByRole("button", remove).click()
    await laptop.getByText(textOf(english, "removed.title")).waitFor()
    // A share lies beside the family, under a name of its own.
    const databases = await laptop.evaluate(() => indexedDB.databases())
    expect(databases.map(({ name }) => name)).toEqual(["home/family"])
    await laptop.context().close()
  })

  it("[U43] a lost phone's successor has all of it from the words alone: the family's book, and what is shared", async () => {
    await xiao.page.context().close()
    const page = await openDevice(xiao.app, chinese)
    xiao = { ...xiao, page }
    await goTo(page, "/start/recover")
    await page.getByLabel(textOf(chinese, "setup.phrase"), { exact: true }).fill(phraseOfXiao)
    await page.getByLabel(textOf(chinese, "setup.device"), { exact: true }).fill("新手机")
    await page.getByLabel(textOf(chinese, "setup.passphrase"), { exact: true }).fill(passphrase)
    await press(page, chinese, "setup.recoverNow")
    await page.locator(".frame").waitFor()
    await goTo(page, "/money")
    await entry(page, "早饭").waitFor()
    await accept(page, chinese)
    await press(page, chinese, "shares.openMoney")
    for (const payee of ["Ferry", "船票", "Ice cream"]) await entry(page, payee).waitFor()
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
    await entry(xiao.page, "Ice cream").waitFor()
    const add = xiao.page.getByRole("button", { name: textOf(chinese, "money.add") }).last()
    expect(await add.isDisabled()).toBe(true)
    expect(problems).toEqual([])
  })
})
