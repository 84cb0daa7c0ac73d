import type { JSX } from "solid-js"
import { BoxScreen } from "../../features/family/box-screen.js"
import { useHome } from "../home.js"

export default function BoxRoute(): JSX.Element {
  const home = useHome()
  return <BoxScreen calls={home.calls} />
}
