import { type Browser, type BrowserContext, chromium } from "playwright-core"
import { inject } from "vitest"

/** What all browser tests of one run share: built and started once, before the first of them. */
export interface Stage {
  /** Where one browser listens; its contexts are profiles in memory. */
  readonly browser: string
  /** `home start`: the app, a relay and a box. */
  readonly appUrl: string
  /** Where the page is served that drives the engine without screens. */
  readonly engineUrl: string
  /** The files of that page. */
  readonly enginePageFolder: string
}

declare module "vitest" {
  interface ProvidedContext {
    readonly stage: Stage
  }
}

export const stage = (): Stage => inject("stage")

/** What a test waits at most for the next thing to happen: machines are slow when they are busy. Milliseconds. */
export const patienceMs = 90_000

/** The shared browser. Closing what this gives closes its contexts only. */
export const connectBrowser = (): Promise<Browser> => chromium.connect(stage().browser)

/** A profile in memory, of somebody on a phone who has never been here. */
export const newProfile = async (
  browser: Browser,
  viewport = { width: 390, height: 844 },
): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport })
  context.setDefaultTimeout(patienceMs)
  return context
}
