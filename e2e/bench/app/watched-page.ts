import type { BrowserContext, Page } from "playwright-core"

/** Milliseconds since the navigation began. */
export interface Start {
  /** Anything but the background: here the shape of a screen. */
  readonly firstPaintMs: number
  /** A text or a picture. */
  readonly firstContentMs: number
  /** What was waited for stood on the screen, and that had been painted. */
  readonly usableMs: number
  /** The wasm of documents was here; undefined where it came from the browser's own store. */
  readonly wasmMs: number | undefined
}

export interface Interaction {
  /** Of its longest event: from the input until the frame that shows what came of it. */
  readonly durationMs: number
  /** The event, and what it was for. */
  readonly what: string
}

declare global {
  var watched: {
    /** When `selector` was first in the page and no skeleton any more; as `performance.now()`. */
    usableMs: number | undefined
    /** Of each interaction that the browser tells of, by its id. */
    readonly interactions: Map<number, Interaction>
  }
}

/** Runs in each page before its own scripts. */
const watchPage = (selector: string): void => {
  globalThis.watched = { usableMs: undefined, interactions: new Map() }
  const look = (): void => {
    const isThere = document.querySelector(selector) !== null && document.querySelector(".skeleton") === null
    if (!isThere) return void requestAnimationFrame(look)
    // The frame after the one that paints it.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => (globalThis.watched.usableMs = performance.now())),
    )
  }
  requestAnimationFrame(look)
  new PerformanceObserver(list => {
    const { interactions } = globalThis.watched
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      const { interactionId: id = 0, duration: durationMs, name, target } = entry
      if (id === 0 || durationMs <= (interactions.get(id)?.durationMs ?? 0)) continue
      const place =
        target instanceof Element ? `${target.localName}.${target.className}` : "a place that is gone"
      interactions.set(id, { durationMs, what: `${name} on ${place} at ${location.pathname}` })
    }
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit)
}

/** A tab whose main thread is `slowdown` times slower (workers are not), and that is watched for `selector`. */
export const openWatched = async (
  context: BrowserContext,
  selector: string,
  slowdown: number,
): Promise<Page> => {
  const page = await context.newPage()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.addInitScript(watchPage, selector)
  const session = await context.newCDPSession(page)
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown })
  return page
}

/** Opens an address and waits until it can be used. */
export const startAt = async (page: Page, url: string): Promise<Start> => {
  let wasmAtMs: number | undefined
  page.on("requestfinished", request => {
    const { startTime, responseEnd } = request.timing()
    if (request.url().endsWith(".wasm") && responseEnd >= 0) wasmAtMs ??= startTime + responseEnd
  })
  await page.goto(url, { waitUntil: "commit" })
  // The browser tells of a paint some time after it.
  await page.waitForFunction(
    () => globalThis.watched.usableMs !== undefined && performance.getEntriesByType("paint").length === 2,
  )
  const { originMs, ...start } = await page.evaluate(() => {
    const paintMs = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN
    return {
      originMs: performance.timeOrigin,
      firstPaintMs: paintMs("first-paint"),
      firstContentMs: paintMs("first-contentful-paint"),
      usableMs: globalThis.watched.usableMs ?? Number.NaN,
    }
  })
  return { ...start, wasmMs: wasmAtMs === undefined ? undefined : wasmAtMs - originMs }
}
