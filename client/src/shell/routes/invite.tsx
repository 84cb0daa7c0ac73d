import { useSearchParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { InviteScreen } from "../../features/family/invite-screen.js"
import { copySecret } from "../../platform/clipboard.js"
import { dayOf, endOfDayMs } from "../../platform/wall.js"
import { useHome } from "../home.js"

export default function InviteRoute(): JSX.Element {
  const home = useHome()
  const [search] = useSearchParams()
  return (
    <InviteScreen
      pairing={home.pairing()}
      isForMe={search["for"] === "me"}
      canAdmit={home.self().mayInvite}
      today={dayOf(new Date())}
      endOfDayMs={endOfDayMs}
      calls={home.calls}
      onCopy={copySecret}
    />
  )
}
