import type { Browser, CDPSession, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { enterByHand, goTo, languages, openApp, textOf } from "../harness/app-steps.js"
import { createBrowserProfile } from "../harness/browser.js"
import { addEntries, passphrase } from "../harness/engine-steps.js"
import { seedFamily } from "../harness/seeded-family.js"
import { connectBrowser, newProfile, patienceMs, stage } from "../harness/stage.js"

type Key = Parameters<typeof textOf>[1]

const [english] = languages

describe("what one device keeps and opens", () => {
  let browser: Browser
  let page: Page
  let session: CDPSession
  const say = (key: Key): string => textOf(english, key)
  const press = (key: Key): Promise<void> => page.getByRole("button", { name: say(key), exact: true }).click()
  const passkeySwitch = () => page.getByRole("switch", { name: say("settings.passkey") })
  const lockNow = async (): Promise<void> => {
    await goTo(page, "/settings")
    await press("settings.lockNow")
    await page.getByText(say("unlock.title")).waitFor()
  }
  const openByPassphrase = async (): Promise<void> => {
    await page.getByLabel(say("setup.passphrase"), { exact: true }).fill(passphrase)
    await press("unlock.open")
    await page.locator(".frame").waitFor()
  }
  /** A device with a fingerprint: what it makes stays in it, and it evaluates secrets (CTAP 2.1, hmac-secret). */
  const addAuthenticator = (): Promise<{ authenticatorId: string }> =>
    session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        hasPrf: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })

  beforeAll(async () => {
    browser = await connectBrowser()
    const context = await newProfile(browser)
    // A passkey belongs to a name, not to an address of digits.
    const appUrl = stage().appUrl.replace("127.0.0.1", "localhost")
    await seedFamily(context, { pageFolder: stage().enginePageFolder, appUrl })
    page = await context.newPage()
    session = await context.newCDPSession(page)
    await session.send("WebAuthn.enable")
    await openApp(page, appUrl, english)
  })
  afterAll(() => browser.close())

  it("[U17] says so where there is none, and the switch stays off", async () => {
    const { authenticatorId } = await addAuthenticator()
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false })
    await goTo(page, "/settings")
    await passkeySwitch().click()
    await page.getByText(say("settings.passkeyFailed")).waitFor()
    expect(await passkeySwitch().isChecked()).toBe(false)
    await session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId })
  })

  it("[U17] opens a locked device, not for anybody else, and not any more once it is taken away", async () => {
    const { authenticatorId } = await addAuthenticator()
    await goTo(page, "/settings")
    await passkeySwitch().click()
    await expect.poll(() => passkeySwitch().isChecked()).toBe(true)
    const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId })
    expect(credentials.length).toBe(1)

    await lockNow()
    await press("unlock.passkey")
    await page.locator(".frame").waitFor()

    // Another finger: it says so, and the passphrase opens as ever.
    await lockNow()
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false })
    await press("unlock.passkey")
    await page.locator(".note[data-tone=danger]").waitFor()
    await openByPassphrase()
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true })

    await goTo(page, "/settings")
    await passkeySwitch().click()
    await expect.poll(() => passkeySwitch().isChecked()).toBe(false)
    await lockNow()
    expect(await page.getByRole("button", { name: say("unlock.passkey") }).count()).toBe(0)
    await openByPassphrase()
  })
})

it("[U19] says when it is full, shows what there is, and has all that was entered when there is room again", async () => {
  const { appUrl, enginePageFolder: pageFolder } = stage()
  const profile = createBrowserProfile()
  const before = await profile.open()
  await seedFamily(before, { pageFolder, appUrl, fill: page => addEntries(page, 0, 1) })
  await before.close()
  // Begun anew: a browser remembers for a while how much room there was.
  const context = await profile.open()
  try {
    context.setDefaultTimeout(patienceMs)
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    const full = page.getByText(textOf(english, "quota.full"))
    const payees = async (): Promise<string[]> =>
      (await page.locator("a.entry-row .row-title").allInnerTexts()).toSorted()
    const all = ["payee 0", "still full", "while full"]

    await session.send("Storage.overrideQuotaForOrigin", { origin: appUrl, quotaSize: 1_000 })
    await openApp(page, appUrl, english)
    await goTo(page, "/money")
    await expect.poll(payees).toEqual(["payee 0"])
    await enterByHand(page, english, { amount: "6", payee: "while full" })
    await full.waitFor()
    await page.getByText(textOf(english, "money.setAside")).waitFor()
    // Nothing that was entered is out of sight: it stands there as not kept yet.
    const waiting = page.getByRole("region", { name: textOf(english, "money.waiting") })
    const waits = (): Promise<string[]> => waiting.locator(".row-title").allInnerTexts()
    await expect.poll(waits).toEqual(["while full"])
    await enterByHand(page, english, { amount: "7", payee: "still full" })
    await expect.poll(waits).toEqual(["still full", "while full"])
    // The tab goes away while nothing can be written.
    await page.reload()
    await full.waitFor()
    await expect.poll(payees).toContain("payee 0")
    await expect.poll(waits).toEqual(["still full", "while full"])

    await session.send("Storage.overrideQuotaForOrigin", { origin: appUrl })
    await page.reload()
    await expect.poll(payees).toEqual(all)
    await waiting.waitFor({ state: "detached" })
    // On disk, not only kept aside: nothing is left in the journal.
    await page.waitForFunction(() => Object.keys(localStorage).every(key => !key.startsWith("home/journal/")))
    await full.waitFor({ state: "detached" })
    await page.reload()
    await expect.poll(payees).toEqual(all)
  } finally {
    await context.close()
    profile.remove()
  }
})
