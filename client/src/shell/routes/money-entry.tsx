import { useNavigate, useParams } from "@solidjs/router"
import type { JSX } from "solid-js"
import { EntryScreen } from "../../features/ledger/entry-screen.js"
import { redrawPicture } from "../../platform/picture.js"
import { saveBlob } from "../../platform/save-file.js"
import { useMoney } from "../money.js"

export default function MoneyEntryRoute(): JSX.Element {
  const ledger = useMoney()
  const params = useParams<{ readonly entry: string }>()
  const navigate = useNavigate()
  return (
    <EntryScreen
      ledger={ledger}
      id={params.entry}
      tools={{ redraw: redrawPicture, save: saveBlob }}
      onLeave={href => navigate(href)}
    />
  )
}
