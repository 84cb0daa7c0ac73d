import type { JSX } from "solid-js"
import { AccessScreen } from "../../features/family/access-screen.js"
import { useHome } from "../home.js"

export default function AccessRoute(): JSX.Element {
  const home = useHome()
  return <AccessScreen membership={home.membership()} calls={home.calls} />
}
