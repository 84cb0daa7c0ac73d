import type { Page } from "playwright-core"
import { languages, textOf } from "../../harness/app-steps.js"
import type { Interaction } from "./watched-page.js"

const [english] = languages
const named = (key: Parameters<typeof textOf>[1]): string => `role=button[name="${textOf(english, key)}"s]`

/** The browser tells only of events that took at least this long, and in steps of 8. Milliseconds. */
export const shortestToldMs = 16
/** Between two letters of a quick typist. Milliseconds. */
const letterMs = 90

/** Two frames: what came of the last input has been painted. */
const painted = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>(done => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  )

/** Presses where the thing is, by the mouse alone: nothing of the test's own runs inside of the event. */
const press = async (page: Page, selector: string): Promise<void> => {
  const found = page.locator(selector).first()
  await found.waitFor()
  await found.scrollIntoViewIfNeeded()
  const box = await found.boundingBox()
  if (box === null) throw new Error(`${selector} is nowhere`)
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await painted(page)
}

const isGone = (page: Page, selector: string): Promise<unknown> =>
  page.locator(selector).first().waitFor({ state: "detached" })

/** Some forty interactions: adds an entry, looks for one, filters, looks at every part of Money, opens an entry. */
const walk = async (page: Page, round: number): Promise<void> => {
  await press(page, ".float-add")
  for (const key of ["1", String(round % 10), "+", "8", ".", "5"])
    await press(page, `.key[data-key="${key}"]`)
  await press(page, ".category-tile >> nth=1")
  await press(page, named("money.entry.save"))
  await isGone(page, "dialog[open]")
  await press(page, "#money-search input")
  await page.keyboard.type(`payee ${round}`, { delay: letterMs })
  await painted(page)
  for (let i = 0; i < 7 + String(round).length; i++)
    await page.keyboard.press("Backspace", { delay: letterMs })
  await painted(page)
  await press(page, named("money.filter"))
  await page.keyboard.press("Escape")
  await isGone(page, "dialog[open]")
  for (const part of ["/accounts", "/budgets", "/reports", "/more", ""]) {
    await press(page, `.money-tab[href="/money${part}"]`)
    await page.waitForFunction(() => document.querySelector(".skeleton") === null)
  }
  await press(page, "a.entry-row")
  await page.locator('.frame-link[href="/money"]').waitFor()
  await press(page, '.frame-link[href="/money"]')
  await page.locator("a.entry-row").first().waitFor()
  for (let i = 0; i < 5; i++) await page.keyboard.press("PageDown", { delay: letterMs })
  await page.keyboard.press("Home")
  await painted(page)
}

/**
 * The interactions of some walks, as the browser tells of them (Event Timing); those that it does not tell of count as
 * `shortestToldMs`.
 */
export const walkAbout = async (page: Page, walks: number, from: number): Promise<readonly Interaction[]> => {
  const countOf = (): number => (performance as { readonly interactionCount?: number }).interactionCount ?? 0
  const before = await page.evaluate(countOf)
  await page.evaluate(() => globalThis.watched.interactions.clear())
  for (let i = 0; i < walks; i++) await walk(page, from + i)
  const told = await page.evaluate(() => [...globalThis.watched.interactions.values()])
  const count = (await page.evaluate(countOf)) - before
  const others = { length: Math.max(0, count - told.length) }
  return [...told, ...Array.from(others, () => ({ durationMs: shortestToldMs, what: "a quick one" }))]
}

/** Scrolls with the wheel from frame to frame; gives the share of frames in which a place of the list was empty. */
export const blankFrames = async (page: Page, steps: number): Promise<number> => {
  const list = page.locator(".virtual-list")
  await list.waitFor()
  const watching = page.evaluate(
    frames =>
      new Promise<number>(done => {
        let [seen, blank] = [0, 0]
        const look = (): void => {
          const shown = document.querySelector(".virtual-list")?.getBoundingClientRect()
          if (shown !== undefined) {
            seen += 1
            const places = [0.3, 0.5, 0.7].map(share => share * innerHeight)
            const isEmpty = places.some(
              y =>
                y > shown.top &&
                y < shown.bottom &&
                document.elementFromPoint(innerWidth / 3, y)?.closest(".virtual-row, .toast, .note") === null,
            )
            if (isEmpty) blank += 1
          }
          if (seen < frames) requestAnimationFrame(look)
          else done(blank / seen)
        }
        requestAnimationFrame(look)
      }),
    steps,
  )
  await page.mouse.move(195, 500)
  let isOver = false
  void watching.finally(() => (isOver = true))
  for (let step = 0; !isOver; step++) await page.mouse.wheel(0, step % 40 < 35 ? 900 : -400)
  return watching
}
