import { useNavigate, useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { CircleScreen } from "../../features/family/circle-screen.js"
import { useHome } from "../home.js"
import { showBook } from "../shown-book.js"

export default function CircleRoute(): JSX.Element {
  const home = useHome()
  const params = useParams()
  const navigate = useNavigate()
  const id = (): string => params["circle"] ?? ""
  return (
    <CircleScreen
      id={id()}
      self={home.self()}
      membership={home.membership()}
      calls={home.calls}
      onOpenMoney={() => {
        showBook(id())
        navigate("/money")
      }}
    />
  )
}
