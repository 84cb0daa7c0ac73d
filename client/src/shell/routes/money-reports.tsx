import type { JSX } from "solid-js"
import { ReportsScreen } from "../../features/ledger/reports-screen.js"
import { useMoney } from "../money.js"

export default function MoneyReportsRoute(): JSX.Element {
  const ledger = useMoney()
  return <ReportsScreen ledger={ledger} />
}
