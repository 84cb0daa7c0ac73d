import { type Component, type JSX, children, createComponent, createRoot } from "solid-js"

/** An icon of lucide-solid, or anything that is one picture. */
export type Icon = Component<{ readonly size?: number | string; readonly "aria-hidden"?: "true" }>

/** What each icon came to when it was first drawn. */
const originals = new WeakMap<Icon, Element>()

const originalOf = (icon: Icon): Element => {
  const known = originals.get(icon)
  if (known !== undefined) return known
  const drawn = createRoot(() => children(() => createComponent(icon, { "aria-hidden": "true" }))())
  if (!(drawn instanceof Element)) throw new Error("an icon that is no picture")
  originals.set(icon, drawn)
  return drawn
}

const copyOf = (icon: Icon, size: string): Element => {
  const copy = originalOf(icon).cloneNode(true) as Element
  copy.setAttribute("width", size)
  copy.setAttribute("height", size)
  return copy
}

/**
 * An icon beside its words, silent. The library builds each from parts with effects of their own, which was a quarter of
 * the time of a list; so each is built once and then copied.
 */
export function Drawn(props: { readonly icon: Icon; readonly size: string }): JSX.Element {
  return <>{copyOf(props.icon, props.size)}</>
}
