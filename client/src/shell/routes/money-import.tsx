import { useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { ImportScreen, type StatementReader } from "../../features/ledger/import-screen.js"
import { useMoney } from "../money.js"

const readerOfFiles = async (): Promise<StatementReader> => {
  const [{ readStatement }, { hash }] = await Promise.all([
    import("../../features/ledger/statement.js"),
    import("@home/crypto/hash"),
  ])
  return { readStatement, hash }
}

export default function MoneyImportRoute(): JSX.Element {
  const ledger = useMoney()
  const navigate = useNavigate()
  return (
    <ImportScreen
      ledger={ledger}
      reader={readerOfFiles}
      nowMs={() => Date.now()}
      zone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      onLeave={href => navigate(href)}
    />
  )
}
