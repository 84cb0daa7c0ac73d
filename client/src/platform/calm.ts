import { type Accessor, createMemo, createSignal, onCleanup } from "solid-js"

/** Longer than a press and what follows it. Milliseconds. */
const restMs = 3_000

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))

/**
 * Whether nobody is busy with the page: no field has the focus, and nothing was pressed or touched for a moment. What
 * comes by itself waits for it: what appears under a finger moves the button that it was about to press.
 */
const createCalm = (): Accessor<boolean> => {
  const [isResting, setResting] = createSignal(true)
  const [isTyping, setTyping] = createSignal(isEditable(document.activeElement))
  let timer: ReturnType<typeof setTimeout> | undefined
  const stir = (): void => {
    setResting(false)
    clearTimeout(timer)
    timer = setTimeout(() => setResting(true), restMs)
  }
  const enter = (event: FocusEvent): void => void setTyping(isEditable(event.target))
  const leave = (event: FocusEvent): void => {
    stir()
    setTyping(isEditable(event.relatedTarget))
  }
  const touches = ["pointerdown", "keydown", "wheel"] as const
  for (const name of touches) document.addEventListener(name, stir, { capture: true, passive: true })
  document.addEventListener("focusin", enter)
  document.addEventListener("focusout", leave)
  onCleanup(() => {
    clearTimeout(timer)
    for (const name of touches) document.removeEventListener(name, stir, { capture: true })
    document.removeEventListener("focusin", enter)
    document.removeEventListener("focusout", leave)
  })
  return () => isResting() && !isTyping()
}

/** Gates what wants to appear: it comes when nobody is busy, and then stays until it is not wanted any more. */
export const createPoliteness = (): ((isWanted: Accessor<boolean>) => Accessor<boolean>) => {
  const isCalm = createCalm()
  return isWanted => createMemo<boolean>(isThere => isWanted() && (isThere || isCalm()), false)
}
