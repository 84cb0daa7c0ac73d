import type { Locator, Page } from "playwright-core"

/** More stops than any screen has. */
const mostStops = 120

/** Whether somebody who sees can tell that this has the focus: a ring around it or around what stands for it. */
const isMarked = (element: Element): boolean => {
  const around = [element, element.nextElementSibling, element.parentElement]
  return (
    element.matches(":focus-visible") &&
    around.some(one => {
      if (one === null) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none"
    })
  )
}

/** Moves the focus on by Tab until it is there, and throws where it never comes or cannot be seen. */
export const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor()
  for (let stop = 0; stop < mostStops; stop++) {
    if (await target.evaluate(element => element === document.activeElement)) {
      if (!(await target.evaluate(isMarked)))
        throw new Error(`the focus on ${target.toString()} is not to be seen`)
      return
    }
    await page.keyboard.press("Tab")
  }
  throw new Error(`Tab does not lead to ${target.toString()}`)
}

/** Goes there and presses Enter. */
export const enterAt = async (page: Page, target: Locator): Promise<void> => {
  await tabTo(page, target)
  await page.keyboard.press("Enter")
}

/** Goes there and types instead of what stood there. */
export const typeAt = async (page: Page, target: Locator, text: string): Promise<void> => {
  await tabTo(page, target)
  await page.keyboard.press("ControlOrMeta+a")
  await page.keyboard.type(text)
}

declare global {
  var pointerEvents: number
}

/** Counts from now on, in every page that is loaded, what only a mouse, a pen or a finger does. */
export const countPointerEvents = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    globalThis.pointerEvents = 0
    for (const name of ["pointerdown", "mousedown", "touchstart", "wheel"])
      addEventListener(name, () => (globalThis.pointerEvents += 1), { capture: true, passive: true })
  })
