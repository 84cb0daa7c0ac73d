/** How long a secret may lie in the clipboard. Milliseconds. */
const secretMs = 60_000

/** Copies what must not stay in the clipboard: it is emptied after a minute, or when the page goes. */
export const copySecret = async (text: string): Promise<void> => {
  await navigator.clipboard.writeText(text)
  const empty = (): void => {
    clearTimeout(timer)
    removeEventListener("pagehide", empty)
    // Without focus the browser refuses: then it is emptied when the person comes back.
    navigator.clipboard.writeText("").catch(() => addEventListener("focus", empty, { once: true }))
  }
  const timer = setTimeout(empty, secretMs)
  addEventListener("pagehide", empty)
}
