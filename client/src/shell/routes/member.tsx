import { useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { MemberScreen } from "../../features/family/member-screen.js"
import { explain, useT } from "../../i18n/index.js"
import { createNow } from "../../platform/now.js"
import { useHome } from "../home.js"

export default function MemberRoute(): JSX.Element {
  const t = useT()
  const home = useHome()
  const now = createNow()
  const params = useParams()
  const id = (): string => params["member"] ?? ""
  const rename = async (displayName: string): Promise<string | undefined> => {
    const edited = await home.engine.edit("editProfile", id(), { displayName })
    return edited.ok ? undefined : explain(t, edited.error)
  }
  const nameDevice = async (device: string, name: string): Promise<string | undefined> => {
    const edited = await home.engine.edit("nameDevice", id(), { device, name })
    return edited.ok ? undefined : explain(t, edited.error)
  }
  return (
    <MemberScreen
      id={id()}
      self={home.self()}
      membership={home.membership()}
      calls={home.calls}
      sync={home.sync()}
      nowMs={now()}
      onRename={rename}
      onNameDevice={nameDevice}
    />
  )
}
