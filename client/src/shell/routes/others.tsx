import { useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { OthersScreen } from "../../features/others/others-screen.js"
import { useT } from "../../i18n/index.js"
import { useToast } from "../../ui/toast.js"
import { useHome } from "../home.js"
import { watchValue } from "../watch.js"

export default function OthersRoute(): JSX.Element {
  const t = useT()
  const home = useHome()
  const toast = useToast()
  const navigate = useNavigate()
  const contacts = watchValue(home.engine, "contacts")
  return (
    <OthersScreen
      contacts={contacts()}
      shares={home.shares() ?? []}
      calls={home.calls}
      onAccepted={share => {
        toast({ text: t("shares.accepted") })
        navigate(`/family/shares/${share}`)
      }}
    />
  )
}
