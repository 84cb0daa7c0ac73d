import type { JSX } from "solid-js"
import { CirclesScreen } from "../../features/family/circles-screen.js"
import { useHome } from "../home.js"

export default function CirclesRoute(): JSX.Element {
  const home = useHome()
  return <CirclesScreen self={home.self()} membership={home.membership()} />
}
