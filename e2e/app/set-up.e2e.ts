import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type AppServer, startApp } from "../harness/app.js"
import {
  type Language,
  addByHand,
  foundByHand,
  goTo,
  joinAs,
  keepWords,
  languages,
  openApp,
  passphrase,
  press,
  textOf,
} from "../harness/app-steps.js"
import { type BrowserProfile, createBrowserProfile } from "../harness/browser.js"
import { filmFlags, writeQrFilm } from "../harness/qr-film.js"
import { type Recorder, startRecorder } from "../harness/recorder.js"

/** Whom Chromium asks by itself, whatever page is open: for updates, and when something like a password is typed. */
const browsersOwn =
  /^(?:update|content-autofill|passwordsleakcheck-pa|optimizationguide-pa|safebrowsing)\.googleapis\.com(?::\d+)?$|^(?:accounts|clients\d|www)\.google\.com(?::\d+)?$|\.gvt1\.com(?::\d+)?$/

type Key = Parameters<typeof textOf>[1]

const [english, chinese] = languages
/** A picture file of so many pixels, as a camera makes it. */
const drawn = async (page: Page, width: number, height: number): Promise<Buffer> => {
  const text = await page.evaluate(
    ([wide, high]) => {
      const canvas = document.createElement("canvas")
      Object.assign(canvas, { width: wide, height: high })
      const context = canvas.getContext("2d")
      if (context === null) throw new Error("no canvas")
      for (let i = 0; i < 40; i++) {
        context.fillStyle = `hsl(${i * 9} 60% 60%)`
        context.fillRect((i % 8) * (wide / 8), Math.floor(i / 8) * (high / 5), wide / 8, high / 5)
      }
      return canvas.toDataURL("image/png").split(",")[1] ?? ""
    },
    [width, height] as const,
  )
  return Buffer.from(text, "base64")
}
const sizeOf = (picture: Locator): Promise<number[]> =>
  picture.locator("img").evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])

const peopleOf = (page: Page): Promise<string[]> =>
  page.locator('a[href^="/family/members/"] .row-title').allInnerTexts()

describe("setting up, by hand, in a real browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "home-film-"))
  const profiles: BrowserProfile[] = []
  const problems: string[] = []
  let app: AppServer
  let recorder: Recorder
  let first: Page
  let phrase: string
  /** Of the member who joined first. */
  let second: Page

  const openProfile = async (flags: readonly string[] = []): Promise<BrowserContext> => {
    const profile = createBrowserProfile()
    profiles.push(profile)
    return profile.open([...recorder.flags, ...flags])
  }
  const openPage = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage()
    page.on("pageerror", error => problems.push(error.message))
    page.setDefaultTimeout(90_000)
    await page.setViewportSize({ width: 390, height: 844 })
    return page
  }
  /** The first device shows an invitation for a new member; gives its text. */
  const invite = async (): Promise<string> => {
    // The screen may still show how the last one went.
    await goTo(first, "/family")
    await goTo(first, "/family/invite")
    await press(first, english, "invite.make")
    await first.locator(".qr").waitFor()
    await first.context().grantPermissions(["clipboard-read", "clipboard-write"])
    await press(first, english, "invite.orCopy")
    return first.evaluate(() => navigator.clipboard.readText())
  }
  /** Both show the same six digits, and the first says yes. */
  const compareAndAccept = async (newcomer: Page): Promise<void> => {
    const shown = await first.locator(".digits").innerText()
    expect(shown).toMatch(/^\d{3} ?\d{3}$/)
    expect(await newcomer.locator(".digits").innerText()).toBe(shown)
    await press(first, english, "invite.yes")
    await newcomer.locator(".frame").waitFor()
    await first.getByText(textOf(english, "invite.done")).waitFor()
  }

  beforeAll(async () => {
    app = await startApp()
    recorder = await startRecorder()
    first = await openPage(await openProfile())
    await openApp(first, app.url, english)
    phrase = await foundByHand(first, english)
  })
  afterAll(async () => {
    await Promise.all([first.context().close(), second.context().close()])
    for (const profile of profiles) profile.remove()
    await recorder.close()
    await app.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it("[U12] joins by a pasted invitation, each in a language of their own", async () => {
    const invitation = await invite()
    second = await openPage(await openProfile())
    await openApp(second, app.url, chinese)
    await goTo(second, "/start/join")
    await second.getByLabel(textOf(chinese, "setup.invitation")).fill(invitation)
    await joinAs(second, chinese, "李明")
    await compareAndAccept(second)
    await goTo(first, "/family")
    await first.getByText("李明").waitFor()
    await goTo(second, "/family")
    await second.getByText("Anna").first().waitFor()
    expect((await peopleOf(first)).length).toBe(2)
  })

  it("[U21] [E10] shows two members what both wrote while the server was gone, until one of them decides", async () => {
    await goTo(first, "/money")
    await addByHand(first, english, { amount: "12.5", payee: "Bakery" })
    await goTo(second, "/money")
    await second.getByText("Bakery").waitFor()
    await app.kill()
    // A reload too is answered without a server.
    await first.reload()
    await first.getByText("Bakery").waitFor()
    const rename = async (page: Page, language: Language, payee: string): Promise<void> => {
      await page.locator("a.entry-row").first().click()
      await press(page, language, "money.detail.edit")
      const dialog = page.locator("dialog[open]")
      await dialog.getByLabel(textOf(language, "money.entry.payee"), { exact: true }).fill(payee)
      await dialog.getByRole("button", { name: textOf(language, "money.entry.save"), exact: true }).click()
      await page.locator(".entry-head-title", { hasText: payee }).waitFor()
    }
    await rename(first, english, "Baker Miller")
    await rename(second, chinese, "李记面包")
    await first.locator('.sync-badge[data-reach="Here"]').waitFor()
    expect(await first.getByText(textOf(english, "money.conflict")).count()).toBe(0)
    await app.startAgain()
    for (const [page, language] of [
      [first, english],
      [second, chinese],
    ] as const) {
      const note = page.locator(".note", { hasText: textOf(language, "money.conflict") })
      await note.getByRole("button", { name: "Baker Miller" }).waitFor()
      await note.getByRole("button", { name: "李记面包" }).waitFor()
    }
    await second.getByRole("button", { name: "李记面包" }).click()
    for (const [page, language] of [
      [first, english],
      [second, chinese],
    ] as const) {
      await page.getByText(textOf(language, "money.conflict")).waitFor({ state: "detached" })
      await page.locator(".entry-head-title", { hasText: "李记面包" }).waitFor()
    }
  })

  it("[U22] shows the picture of a receipt on the other device, through the meeting place alone", async () => {
    const bookshop = { hasText: "Bookshop" }
    await goTo(first, "/money")
    await addByHand(first, english, { amount: "9", payee: "Bookshop" })
    await first.locator("a.entry-row", bookshop).click()
    await first
      .locator('.receipts input[type="file"]')
      .first()
      .setInputFiles({
        name: "till.png",
        mimeType: "image/png",
        buffer: await drawn(first, 3_000, 2_000),
      })
    const own = first.locator(".receipt-picture img")
    await own.waitFor()
    await goTo(second, "/money")
    await second.locator("a.entry-row", bookshop).click()
    const picture = second.locator(".receipt-picture")
    await picture.locator("img").waitFor()
    // Drawn anew: four million pixels of the six.
    expect(await sizeOf(picture)).toEqual([2449, 1633])
    await picture.click()
    await second.locator("dialog[open] img").waitFor()
    await second.keyboard.press("Escape")
    await second.locator("dialog[open]").waitFor({ state: "detached" })
    await first.locator(".receipt-remove button").click()
    await picture.waitFor({ state: "detached" })
    // Of two notices the newer one: the other tells of the entry.
    await first
      .getByRole("button", { name: textOf(english, "action.undo") })
      .last()
      .click()
    await picture.locator("img").waitFor()
  })

  it("[U25] [U26] pauses a device, which says so, lifts that, and lists who did it", async () => {
    const told = second.getByText(textOf(chinese, "pause.here"))
    const choose = async (key: Key): Promise<void> => {
      await first
        .getByRole("button", { name: textOf(english, "devices.more").replace("{name}", "李明 1") })
        .click()
      await first.getByRole("menuitem", { name: textOf(english, key), exact: true }).click()
    }
    await goTo(first, "/family")
    await first.locator('a[href^="/family/members/"]', { hasText: "李明" }).click()
    await choose("pause.pause")
    await first
      .locator("dialog[open]")
      .getByRole("button", { name: textOf(english, "pause.pause"), exact: true })
      .click()
    await told.waitFor()
    await choose("pause.lift")
    await told.waitFor({ state: "detached" })
    await goTo(first, "/family/log")
    const rows = first.locator(".row-title")
    await rows.first().waitFor()
    expect((await rows.allInnerTexts()).slice(0, 2)).toEqual([
      "Anna lifted the pause of the device “李明 1” (李明).",
      "Anna paused the device “李明 1” (李明).",
    ])
  })

  it("[U29] keeps a circle's money from who is not in it, until he is put in", async () => {
    const book = (page: Page) => page.locator(".money-book select")
    await goTo(first, "/family/circles/new")
    await first.getByLabel(textOf(english, "circles.name"), { exact: true }).fill("Parents")
    await press(first, english, "circles.make")
    await press(first, english, "circles.openMoney")
    await book(first).waitFor()
    await addByHand(first, english, { amount: "90", payee: "Notary" })
    await book(first).selectOption({ label: textOf(english, "circles.everyone") })
    await first.getByText("Bookshop").first().waitFor()
    expect(await first.getByText("Notary").count()).toBe(0)

    await goTo(second, "/family/circles")
    await second.getByText(textOf(chinese, "circles.notYours")).waitFor()
    expect(await second.getByText("Parents").count()).toBe(0)
    await goTo(second, "/money")
    await second.getByText("Bookshop").first().waitFor()
    expect(await book(second).count()).toBe(0)

    await goTo(first, "/family/circles")
    await first.locator('a[href^="/family/circles/"]', { hasText: "Parents" }).click()
    await first.getByRole("switch", { name: "李明" }).click()
    await press(first, english, "circles.change")
    await book(second).selectOption({ label: "Parents" })
    await second.getByText("Notary").first().waitFor()
  })

  it("[U12] joins by the code that the camera sees", async () => {
    const film = join(folder, "code.y4m")
    writeQrFilm(film, await invite())
    const context = await openProfile(filmFlags(film))
    const newcomer = await openPage(context)
    await openApp(newcomer, app.url, english)
    await goTo(newcomer, "/start/join")
    await press(newcomer, english, "setup.scan")
    await newcomer.waitForFunction(() =>
      (document.querySelector("textarea")?.value ?? "").startsWith("home1-"),
    )
    await joinAs(newcomer, english, "Ben")
    await compareAndAccept(newcomer)
    await context.close()
  })

  it("[U12] joins by a code that is read out, typed as people type", async () => {
    await invite()
    await press(first, english, "invite.orSay")
    const code = await first.locator(".code-words").innerText()
    expect(code).toMatch(/^\d{4}( [a-z]+){3}$/)
    const context = await openProfile()
    const newcomer = await openPage(context)
    await openApp(newcomer, app.url, chinese)
    await goTo(newcomer, "/start/join")
    const typed = code.toUpperCase().replaceAll(" ", ", ")
    await newcomer.getByLabel(textOf(chinese, "setup.invitation")).fill(typed)
    await joinAs(newcomer, chinese, "奶奶")
    await compareAndAccept(newcomer)
    await context.close()
  })

  it("[U13] takes the box in by its code, and then says what the box has", async () => {
    await goTo(first, "/family/box")
    await first.getByLabel(textOf(english, "box.code")).fill(app.claim)
    await press(first, english, "box.connect")
    const answer = first.locator(".screen .note").first()
    await answer.waitFor()
    expect(await answer.innerText()).toBe(textOf(english, "box.done"))
    await first.locator('.sync-badge:not([data-reach="Here"])').waitFor()
  })

  it("[U28] a removed member is told so, and nothing of the family stays on the device", async () => {
    await goTo(first, "/family")
    await first.locator('a[href^="/family/members/"]', { hasText: "李明" }).click()
    await press(first, english, "member.removeMember")
    await first
      .locator("dialog[open]")
      .getByRole("button", { name: textOf(english, "action.remove"), exact: true })
      .click()
    await second.getByText(textOf(chinese, "removed.title")).waitFor()
    const left = await second.evaluate(async () => {
      const asked = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(new Error("not read"))
        })
      const keys = Object.keys(localStorage).filter(key => key.includes("journal"))
      for (const { name = "" } of await indexedDB.databases()) {
        const database = await asked(indexedDB.open(name))
        for (const store of database.objectStoreNames) {
          const all = await asked(database.transaction(store).objectStore(store).getAllKeys())
          keys.push(...all.map(key => `${store} ${String(key)}`))
        }
        database.close()
      }
      return keys
    })
    // And that no chunk is left, as a number.
    expect(left).toEqual(["clear wasRemoved", "total total"])
  })

  it("[U15] can be installed, and opens at any address with the server gone", async () => {
    const session = await first.context().newCDPSession(first)
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors")
    expect(installabilityErrors).toEqual([])
    await first.evaluate(() => navigator.serviceWorker.ready)
    await app.stop()
    for (const path of ["/family", "/settings", "/money"]) {
      await first.goto(app.url + path)
      await first.locator(".frame h1").waitFor()
    }
    expect(problems).toEqual([])
  })

  it("[U14] says no to a wrong passphrase and yes to the right one", async () => {
    await goTo(first, "/settings")
    await press(first, english, "settings.lockNow")
    const field = first.getByLabel(textOf(english, "setup.passphrase"), { exact: true })
    await field.fill("something else")
    await press(first, english, "unlock.open")
    await first.getByText(textOf(english, "problem.wrongPassphrase")).waitFor()
    await field.fill(passphrase)
    await press(first, english, "unlock.open")
    await first.locator(".frame").waitFor()
  })

  it("[U27] checks the 24 words, and puts others in their place", async () => {
    await goTo(first, "/settings/phrase")
    const field = first.getByLabel(textOf(english, "phrase.type"), { exact: true })
    await field.fill(phrase.toUpperCase())
    await press(first, english, "phrase.try")
    await first.getByText(textOf(english, "phrase.right")).waitFor()
    await press(first, english, "phrase.new")
    const next = await keepWords(first, english, () => Promise.resolve())
    await first.getByText(textOf(english, "phrase.done")).waitFor()
    await goTo(first, "/settings")
    await goTo(first, "/settings/phrase")
    await field.fill(phrase)
    await press(first, english, "phrase.try")
    await first.getByText(textOf(english, "problem.wrongPhrase")).waitFor()
    await field.fill(next)
    await press(first, english, "phrase.try")
    await first.getByText(textOf(english, "phrase.right")).waitFor()
  })

  it("[U8] in all of this, three browsers asked nobody but the server that the app came from", () => {
    expect([...recorder.asked].filter(host => !browsersOwn.test(host))).toEqual([new URL(app.url).host])
  })
})
