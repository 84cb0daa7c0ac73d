import { type Accessor, createSignal, onCleanup, onMount } from "solid-js"

/** True while the browser lays out the paper: what is drawn for it is there by then, and costs nothing before. */
export const createPrinting = (): Accessor<boolean> => {
  const [isPrinting, setPrinting] = createSignal(false)
  const begin = (): void => void setPrinting(true)
  const end = (): void => void setPrinting(false)
  onMount(() => {
    addEventListener("beforeprint", begin)
    addEventListener("afterprint", end)
  })
  onCleanup(() => {
    removeEventListener("beforeprint", begin)
    removeEventListener("afterprint", end)
  })
  return isPrinting
}
