import { rmSync } from "node:fs"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { type Weights, weigh } from "../../client/build/weights.js"
import { type AppServer, startApp } from "../harness/app.js"
import { goTo, languages, openApp } from "../harness/app-steps.js"
import { launchBrowser } from "../harness/browser.js"
import { buildEnginePage } from "../harness/engine-page.js"
import { importYears, seedFamily } from "../harness/seeded-family.js"
import { blankFrames, shortestToldMs, walkAbout } from "./app/interactions.js"
import { type Interaction, type Start, openWatched, startAt } from "./app/watched-page.js"
import type { Benchmark, Goal, Measurement, Run } from "./benchmark.js"
import { percentile } from "./rounds.js"

const [english] = languages
/** What is on the welcome; and the first row of a ledger. */
const welcome = ".welcome a.row"
const firstRow = "a.entry-row"

interface Sizes {
  readonly entriesAYear: number
  readonly rounds: number
  /** Rounds before the first, which are not counted. */
  readonly warmUps: number
  /** Walks through Money in a round. */
  readonly walks: number
  /** How many times slower the page's own thread is made, and what an interaction may take then (p98). */
  readonly slowdowns: readonly { readonly times: number; readonly interactionMs: number }[]
}

const asItIs = { times: 1, interactionMs: 48 }
const sizesOf = (run: Run): Sizes =>
  run.isQuick
    ? { entriesAYear: 100, rounds: 1, warmUps: 0, walks: 1, slowdowns: [asItIs] }
    : {
        entriesAYear: 10_000,
        rounds: run.rounds,
        warmUps: 1,
        walks: 2,
        slowdowns: [asItIs, { times: 4, interactionMs: 100 }],
      }

const kilobytes = (bytes: number): number => bytes / 1_000
const heaviest = (weights: ReadonlyMap<string, number>): number => Math.max(...weights.values())

const sizes = (weights: Weights): readonly Measurement[] => {
  const line = (what: string, bytes: number, bound: number): Measurement => ({
    what,
    unit: "kB",
    ours: [kilobytes(bytes)],
    goal: { type: "ValueAtMost", bound },
  })
  return [
    line("scripts of the shell, gz", weights.shell, 100),
    line("all styles, gz", weights.styles, 15),
    line("the larger language, gz", heaviest(weights.languages), 25),
    line(`the heaviest of ${weights.routes.size} routes beyond the shell, gz`, heaviest(weights.routes), 60),
    line("the largest wasm, gz", heaviest(weights.wasm), 1_200),
    line("kept offline", weights.keptOffline, 6_000),
  ]
}

/** Starts of the app for somebody who has not been here before, then again in the same browser. */
const starts = async (
  browser: Browser,
  app: AppServer,
  { rounds, warmUps, slowdowns }: Pick<Sizes, "rounds" | "warmUps" | "slowdowns">,
): Promise<readonly Measurement[]> => {
  const lines: Measurement[] = []
  for (const { times: slowdown } of slowdowns) {
    const cold: Start[] = []
    const warm: Start[] = []
    for (let round = -warmUps; round < rounds; round++) {
      const context = await browser.newContext()
      const first = await openWatched(context, welcome, slowdown)
      const coldStart = await startAt(first, app.url)
      // The service worker has every file, and the next start is answered by it.
      await first.evaluate(() => navigator.serviceWorker.ready)
      await first.close()
      const again = await openWatched(context, welcome, slowdown)
      const warmStart = await startAt(again, app.url)
      await context.close()
      if (round < 0) continue
      cold.push(coldStart)
      warm.push(warmStart)
    }
    const line = (what: string, pick: (start: Start) => number, goal: Goal): Measurement => ({
      what: `${what}, CPU x${slowdown}`,
      unit: "ms",
      ours: warm.map(pick),
      against: { name: "the first time", samples: cold.map(pick) },
      goal,
    })
    lines.push(
      line("started again: first paint", start => start.firstPaintMs, { type: "None" }),
      line("started again: first text or picture", start => start.firstContentMs, { type: "None" }),
      line("started again: can be used", start => start.usableMs, { type: "RatioAtMost", bound: 0.6 }),
      {
        what: `the first time: first paint, CPU x${slowdown}`,
        unit: "ms",
        ours: cold.map(start => start.firstPaintMs),
        against: { name: "the wasm is here", samples: cold.map(start => start.wasmMs ?? Number.NaN) },
        goal: { type: "RatioAtMost", bound: 1 },
      },
    )
  }
  return lines
}

const years = (count: number): readonly string[] => {
  const last = new Date().getFullYear()
  return Array.from({ length: count }, (_, i) => String(last - count + 1 + i))
}

/** Milliseconds from the press on the area until rows of the ledger had been painted. */
const routeMs = async (page: Page): Promise<number> =>
  page.evaluate(async selector => {
    const beganMs = performance.now()
    document.querySelector<HTMLElement>('.frame-link[href="/money"]')?.click()
    while (document.querySelector(selector) === null) await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    return performance.now() - beganMs
  }, firstRow)

const isWhole = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    selector =>
      document.querySelector(selector) !== null && document.querySelector(".list ~ p.quiet") === null,
    firstRow,
    { timeout: 240_000 },
  )

interface LedgerRun {
  readonly context: BrowserContext
  readonly app: AppServer
  readonly sizes: Sizes
  readonly entries: number
  readonly note: (text: string) => void
}

const ledger = async (run: LedgerRun): Promise<readonly Measurement[]> => {
  const { context, app, entries, note } = run
  const { warmUps, walks, slowdowns } = run.sizes
  // Nobody is compared: three rounds show the spread.
  const rounds = Math.min(3, run.sizes.rounds)
  const named = (what: string): string => `${entries} entries: ${what}`
  const samples = {
    started: [] as number[],
    opened: [] as number[],
    whole: [] as number[],
    blank: [] as number[],
  }
  for (let round = -warmUps; round < rounds; round++) {
    const page = await openWatched(context, firstRow, 1)
    const start = await startAt(page, `${app.url}/money`)
    await isWhole(page)
    const wholeMs = await page.evaluate(() => performance.now())
    await page.close()
    const elsewhere = await openWatched(context, ".frame h1", 1)
    await startAt(elsewhere, `${app.url}/family`)
    const openedMs = await routeMs(elsewhere)
    await isWhole(elsewhere)
    const blank = await blankFrames(elsewhere, 120)
    await elsewhere.close()
    if (round < 0) continue
    samples.started.push(start.usableMs)
    samples.whole.push(wholeMs)
    samples.opened.push(openedMs)
    samples.blank.push(blank * 100)
  }
  const lines: Measurement[] = [
    { what: named("started again until rows"), unit: "ms", ours: samples.started, goal: { type: "None" } },
    { what: named("started again until all years"), unit: "ms", ours: samples.whole, goal: { type: "None" } },
    {
      what: named("opened in a running app until rows"),
      unit: "ms",
      ours: samples.opened,
      goal: { type: "ValueAtMost", bound: 100 },
    },
    {
      what: named("frames with an empty place while scrolling"),
      unit: "%",
      ours: samples.blank,
      goal: { type: "ValueAtMost", bound: 0 },
    },
  ]
  for (const { times: slowdown, interactionMs: bound } of slowdowns) {
    const page = await openWatched(context, firstRow, slowdown)
    await startAt(page, `${app.url}/money`)
    await isWhole(page)
    const p98: number[] = []
    const slowest: Interaction[] = []
    let count = 0
    for (let round = -warmUps; round < rounds; round++) {
      const all = await walkAbout(page, walks, round + warmUps)
      count = all.length
      if (round < 0) continue
      p98.push(
        percentile(
          all.map(({ durationMs }) => durationMs),
          0.98,
        ),
      )
      slowest.push(...all)
    }
    await page.close()
    slowest.sort((a, b) => b.durationMs - a.durationMs)
    for (const { durationMs, what } of slowest.slice(0, 6))
      note(`CPU x${slowdown}: ${durationMs} ms, ${what}`)
    const what = named(`an interaction, p98 of ${count}, CPU x${slowdown}`)
    lines.push({ what, unit: "ms", ours: p98, goal: { type: "ValueAtMost", bound } })
  }
  return lines
}

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const chosen = sizesOf(run)
  if (run.isQuick) run.note("one round only, none before it, and no slower thread, for --quick")
  run.note("x4 slows the page's own thread; the engine's worker keeps its speed")
  run.note(
    `interactions under ${shortestToldMs} ms are told as ${shortestToldMs} ms; the browser tells in steps of 8`,
  )
  const app = await startApp()
  const pageFolder = await buildEnginePage()
  const browser = await launchBrowser()
  try {
    const lines = [...sizes(weigh("client/dist")), ...(await starts(browser, app, chosen))]
    const context = await browser.newContext()
    const names = years(5)
    await seedFamily(context, { pageFolder, appUrl: app.url, fill: importYears(names, chosen.entriesAYear) })
    const page = await context.newPage()
    await openApp(page, app.url, english)
    await goTo(page, "/family")
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.close()
    const entries = names.length * chosen.entriesAYear
    lines.push(...(await ledger({ context, app, sizes: chosen, entries, note: text => run.note(text) })))
    return lines
  } finally {
    await browser.close()
    await app.stop()
    rmSync(pageFolder, { recursive: true, force: true })
  }
}

export const appShell: Benchmark = {
  id: "P12",
  what: "app: shell, first paint, warm against cold, interactions",
  sides: [
    "ours: the built app in Chromium without a GPU, at 390 px, served by `home start` over the loopback; the profile in memory",
    "the first time: a browser that has nothing of the app; started again: the same browser, its service worker has all",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
