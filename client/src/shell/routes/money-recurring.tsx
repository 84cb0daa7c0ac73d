import type { JSX } from "solid-js"
import { RecurringScreen } from "../../features/ledger/recurring-screen.js"
import { useMoney } from "../money.js"

export default function MoneyRecurringRoute(): JSX.Element {
  const ledger = useMoney()
  return <RecurringScreen ledger={ledger} />
}
