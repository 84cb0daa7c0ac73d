import { useNavigate, useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { ShareScreen } from "../../features/others/share-screen.js"
import { useHome } from "../home.js"
import { showBook } from "../shown-book.js"

export default function ShareRoute(): JSX.Element {
  const home = useHome()
  const params = useParams()
  const navigate = useNavigate()
  const id = (): string => params["share"] ?? ""
  return (
    <ShareScreen
      id={id()}
      shares={home.shares()}
      calls={home.calls}
      onOpenMoney={() => {
        showBook(id())
        navigate("/money")
      }}
      onForgotten={() => navigate("/family/others", { replace: true })}
    />
  )
}
