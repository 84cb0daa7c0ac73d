import type { JSX } from "solid-js"
import { FamilyScreen } from "../../features/family/family-screen.js"
import { canInstall, install } from "../../platform/installing.js"
import { useHome } from "../home.js"

export default function FamilyRoute(): JSX.Element {
  const home = useHome()
  return (
    <FamilyScreen
      self={home.self()}
      membership={home.membership()}
      late={home.late() ?? []}
      calls={home.calls}
      canInstall={canInstall()}
      onInstall={() => void install()}
    />
  )
}
