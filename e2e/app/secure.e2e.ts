import { X509Certificate, createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { foundByHand, languages, openApp, textOf } from "../harness/app-steps.js"
import { objectionsOn } from "../harness/axe.js"
import { type BrowserProfile, createBrowserProfile } from "../harness/browser.js"
import { type HomeProcess, startHomeProcess } from "../harness/home-process.js"

/** A name that no browser takes for the machine itself. */
const name = "home.test"
const dataDir = mkdtempSync(join(tmpdir(), "home-secure-app-"))

/** SHA-256 of the public key, base64: as Chromium takes it for a certificate that it is to trust. */
const spkiOf = (pem: string): string => {
  const spki = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" })
  return createHash("sha256").update(spki).digest("base64")
}

describe("home start under a name that is not localhost", () => {
  let home: HomeProcess
  let https = ""
  let http = ""
  let profile: BrowserProfile
  let context: BrowserContext
  beforeAll(async () => {
    home = startHomeProcess(["start", "--name", name, "--port", "0", "--data", dataDir])
    const line = await home.nextLine()
    https = String(line?.["page"])
    http = https.replace("https:", "http:")
    profile = createBrowserProfile()
    context = await profile.open([
      `--host-resolver-rules=MAP ${name} 127.0.0.1`,
      // As if a person had trusted it: this key is taken, and no other. (What the authority may vouch for is tested by
      // OpenSSL in sync-server/src/tls.)
      `--ignore-certificate-errors-spki-list=${spkiOf(readFileSync(join(dataDir, "tls", "server.crt"), "utf8"))}`,
    ])
  })
  afterAll(async () => {
    await context.close()
    profile.remove()
    await home.stop("SIGINT")
    rmSync(dataDir, { recursive: true, force: true })
  })

  it("[H10] is whole over https: a secure context, a service worker, the relay over wss", async () => {
    const [language] = languages
    const page = await context.newPage()
    await openApp(page, https, language)
    const state = await page.evaluate(async () => ({
      secure: isSecureContext,
      worker: (await navigator.serviceWorker.ready).active?.scriptURL,
    }))
    expect(state).toEqual({ secure: true, worker: `${https}/sw.js` })
    await foundByHand(page, language)
    // The relay counts who is connected: the founded family is, from a page that may open no ws:.
    await page.waitForFunction(async () => {
      const metrics = await (await fetch("/relay/metrics")).text()
      return /^home_relay_connections [1-9]/m.test(metrics)
    })
    // A page of the server's, also for the service worker of the app.
    await page.goto(`${https}/trust`)
    expect(await page.locator("details").count()).toBe(6)
    await page.close()
  })

  it("[H10] says over http what is missing and why, in both languages, and leads to the page about trust", async () => {
    for (const language of languages) {
      const page = await context.newPage()
      await page.goto(http)
      await page.evaluate(locale => {
        localStorage.setItem("home:appearance", JSON.stringify({ locale }))
      }, language.locale)
      await page.goto(http)
      await page.getByText(textOf(language, "insecure.title")).waitFor()
      for (const key of ["insecure.keys", "insecure.tabs", "insecure.offline", "insecure.camera"] as const) {
        await page.getByText(textOf(language, key)).waitFor()
      }
      await page.getByRole("link", { name: textOf(language, "insecure.trust") }).waitFor()
      expect(await objectionsOn(page)).toEqual([])
      await page.getByRole("link", { name: textOf(language, "insecure.trust") }).click()
      await page.locator("details").first().waitFor()
      await page.goto(`${http}/trust/${language.locale}`)
      expect(await page.locator("html").getAttribute("lang")).toBe(language.locale)
      await page.locator("summary").first().click()
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width: 390, height: 844 })
        expect(await objectionsOn(page)).toEqual([])
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width).toBeLessThanOrEqual(390)
      }
      await page.close()
    }
  })
})
