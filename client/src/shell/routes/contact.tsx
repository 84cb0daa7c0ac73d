import { useNavigate, useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { ContactScreen } from "../../features/others/contact-screen.js"
import { useHome } from "../home.js"
import { watchValue } from "../watch.js"

export default function ContactRoute(): JSX.Element {
  const home = useHome()
  const params = useParams()
  const navigate = useNavigate()
  const contacts = watchValue(home.engine, "contacts")
  return (
    <ContactScreen
      id={params["family"] ?? ""}
      contacts={contacts()}
      membership={home.membership()}
      shares={home.shares() ?? []}
      calls={home.calls}
      onRemoved={() => navigate("/family/others", { replace: true })}
    />
  )
}
