import { createVerifier } from "@home/crypto/verify"
import { useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { ImportScreen } from "../../features/ledger/import-screen.js"
import { useMoney } from "../money.js"

export default function MoneyImportRoute(): JSX.Element {
  const ledger = useMoney()
  const navigate = useNavigate()
  return (
    <ImportScreen
      ledger={ledger}
      hash={createVerifier().hash}
      nowMs={() => Date.now()}
      zone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      onLeave={href => navigate(href)}
    />
  )
}
