import { useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { NewCircleScreen } from "../../features/family/new-circle-screen.js"
import { useT } from "../../i18n/index.js"
import { useToast } from "../../ui/toast.js"
import { useHome } from "../home.js"

export default function NewCircleRoute(): JSX.Element {
  const t = useT()
  const home = useHome()
  const toast = useToast()
  const navigate = useNavigate()
  return (
    <NewCircleScreen
      self={home.self()}
      membership={home.membership()}
      calls={home.calls}
      onMade={circle => {
        toast({ text: t("circles.made") })
        navigate(`/family/circles/${circle}`, { replace: true })
      }}
    />
  )
}
