import { useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { AddFamilyScreen } from "../../features/others/add-family-screen.js"
import { useHome } from "../home.js"

export default function AddFamilyRoute(): JSX.Element {
  const home = useHome()
  const navigate = useNavigate()
  return (
    <AddFamilyScreen
      calls={home.calls}
      onAdded={family => navigate(`/family/others/${family}`, { replace: true })}
    />
  )
}
