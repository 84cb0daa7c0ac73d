import { useNavigate, useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { ShareScreen } from "../../features/others/share-screen.js"
import { useHome } from "../home.js"
import { showBook } from "../shown-book.js"
import { watchValue } from "../watch.js"

export default function ShareRoute(): JSX.Element {
  const home = useHome()
  const params = useParams()
  const navigate = useNavigate()
  const contacts = watchValue(home.engine, "contacts")
  const id = (): string => params["share"] ?? ""
  return (
    <ShareScreen
      id={id()}
      shares={home.shares()}
      contacts={contacts()}
      calls={home.calls}
      onOpenMoney={() => {
        showBook(id())
        navigate("/money")
      }}
      onForgotten={() => navigate("/family/others", { replace: true })}
    />
  )
}
