import { useNavigate, useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { NewShareScreen } from "../../features/others/new-share-screen.js"
import { useT } from "../../i18n/index.js"
import { useToast } from "../../ui/toast.js"
import { useHome } from "../home.js"
import { watchValue } from "../watch.js"

export default function NewShareRoute(): JSX.Element {
  const t = useT()
  const home = useHome()
  const toast = useToast()
  const params = useParams()
  const navigate = useNavigate()
  const contacts = watchValue(home.engine, "contacts")
  return (
    <NewShareScreen
      id={params["family"] ?? ""}
      contacts={contacts()}
      calls={home.calls}
      onMade={share => {
        toast({ text: t("shares.made") })
        navigate(`/family/shares/${share}`, { replace: true })
      }}
    />
  )
}
