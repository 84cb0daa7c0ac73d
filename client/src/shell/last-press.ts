import { useIsRouting } from "@solidjs/router"
import { onCleanup, onMount } from "solid-js"

/**
 * While a screen is on its way, the router takes no press on a link to the one that still stands, and the person ends
 * where they no longer want to be. With a state of its own the link is another target, and the last press counts.
 */
export const countLastPress = (): void => {
  const isRouting = useIsRouting()
  const onClick = ({ target }: MouseEvent): void => {
    const link = target instanceof Element ? target.closest("a[href]") : null
    if (link === null || !isRouting()) return
    link.setAttribute("state", "{}")
    // The router reads it when the event has come up to the document.
    setTimeout(() => link.removeAttribute("state"))
  }
  onMount(() => document.addEventListener("click", onClick, true))
  onCleanup(() => document.removeEventListener("click", onClick, true))
}
