import type { JSX } from "solid-js"
import { OthersScreen } from "../../features/others/others-screen.js"
import { useHome } from "../home.js"
import { watchValue } from "../watch.js"

export default function OthersRoute(): JSX.Element {
  const home = useHome()
  const contacts = watchValue(home.engine, "contacts")
  return <OthersScreen contacts={contacts()} />
}
