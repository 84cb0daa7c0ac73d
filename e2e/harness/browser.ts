import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext, BrowserServer, BrowserType } from "playwright-core"

/** Loaded when it is needed: processes without a browser are made of the same bundle. */
const loadChromium = async (): Promise<BrowserType> => (await import("playwright-core")).chromium

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
]

/** `HOME_CHROMIUM`, else an installed Chromium, else Playwright's own. Throws with what to install where there is none. */
const findChromium = (chromium: BrowserType): string => {
  const named = process.env["HOME_CHROMIUM"]
  const own = chromium.executablePath()
  const found = [named, ...installed, own].find(path => path !== undefined && path !== "" && existsSync(path))
  if (found === undefined)
    throw new Error(
      "no browser: set HOME_CHROMIUM to a Chromium, or install one (`apt-get install chromium`, or `npx playwright-core install chromium`)",
    )
  return found
}

/** Nothing of its own accord on the network, no GPU; without a sandbox only as root, where there is none. */
const flags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
]

const launchOptions = (chromium: BrowserType, extra: readonly string[] = []) => ({
  executablePath: findChromium(chromium),
  headless: true,
  args: [...flags, ...extra],
})

/** A browser whose contexts are profiles in memory: each as if nobody had used it before. */
export const launchBrowser = async (): Promise<Browser> => {
  const chromium = await loadChromium()
  return chromium.launch(launchOptions(chromium))
}

/** The same, for several processes to connect to. */
export const startBrowserServer = async (): Promise<BrowserServer> => {
  const chromium = await loadChromium()
  return chromium.launchServer(launchOptions(chromium))
}

/** A browser with a profile of its own on disk: what one person's machine keeps when the browser is closed. */
export interface BrowserProfile {
  /** `extra`: further flags of Chromium, such as a film that its camera shows. */
  open(extra?: readonly string[]): Promise<BrowserContext>
  remove(): void
}

export const createBrowserProfile = (): BrowserProfile => {
  const folder = mkdtempSync(join(tmpdir(), "home-browser-"))
  return {
    open: async (extra = []) => {
      const chromium = await loadChromium()
      return chromium.launchPersistentContext(folder, launchOptions(chromium, extra))
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Ends a browser as a power cut would: nothing of it can still write. */
export const killBrowser = async (context: BrowserContext): Promise<void> => {
  const browser = context.browser()
  if (browser === null) throw new Error("this context has no browser of its own")
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send("SystemInfo.getProcessInfo")
  const main = processInfo.find(({ type }) => type === "browser")
  if (main === undefined) throw new Error("the browser does not say which process it is")
  const closed = new Promise<void>(resolve => context.once("close", () => resolve()))
  process.kill(main.id, "SIGKILL")
  await closed
}
