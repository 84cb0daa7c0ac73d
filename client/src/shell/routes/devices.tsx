import type { JSX } from "solid-js"
import { DevicesScreen } from "../../features/family/devices-screen.js"
import { createNow } from "../../platform/now.js"
import { useHome } from "../home.js"

export default function DevicesRoute(): JSX.Element {
  const home = useHome()
  const now = createNow()
  return <DevicesScreen sync={home.sync()} membership={home.membership()} nowMs={now()} calls={home.calls} />
}
