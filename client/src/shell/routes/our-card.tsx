import type { JSX } from "solid-js"
import { OurCardScreen } from "../../features/others/our-card-screen.js"
import { useHome } from "../home.js"
import { watchValue } from "../watch.js"

/** A card is no secret: it stays in the clipboard. */
export default function OurCardRoute(): JSX.Element {
  const home = useHome()
  const contacts = watchValue(home.engine, "contacts")
  return <OurCardScreen contacts={contacts()} onCopy={text => navigator.clipboard.writeText(text)} />
}
