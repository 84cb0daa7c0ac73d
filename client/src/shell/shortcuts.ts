import { onCleanup } from "solid-js"

/** A key, or two one after the other, to what it does. */
export type Shortcuts = Readonly<Record<string, () => void>>

/** The second key of a pair must come soon. Milliseconds. */
const pairMs = 1_500

const isMac = (): boolean => navigator.userAgent.includes("Mac")

/** What opens the palette everywhere, as it is written on the keys. */
export const paletteKeys = (): string => (isMac() ? "⌘+K" : "Ctrl+K")

const isPaletteKey = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey

/** Where keys are text or belong to what is open above the page. */
const isTaken = ({ target }: KeyboardEvent): boolean =>
  document.querySelector("dialog[open]") !== null ||
  (target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable], [role=menu]") !== null)

/** Listens for as long as the frame stands. A screen that has handled a key says so by `preventDefault`. */
export const listenForShortcuts = (shortcuts: () => Shortcuts, onPalette: () => void): void => {
  let first = ""
  let firstAtMs = 0
  const press = (event: KeyboardEvent): void => {
    if (isPaletteKey(event)) {
      event.preventDefault()
      onPalette()
      return
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return
    const pair = event.timeStamp - firstAtMs < pairMs ? `${first} ${event.key}` : event.key
    const run = shortcuts()[pair] ?? shortcuts()[event.key]
    first = run === undefined ? event.key : ""
    firstAtMs = event.timeStamp
    if (run === undefined) return
    event.preventDefault()
    run()
  }
  // On the window: screens listen on the document, and come first.
  window.addEventListener("keydown", press)
  onCleanup(() => window.removeEventListener("keydown", press))
}
