import type { JSX } from "solid-js"
import { RecurringScreen } from "../../features/ledger/recurring-screen.js"
import { useMoney } from "../money.js"

export default function MoneyRecurringRoute(): JSX.Element {
  return <RecurringScreen ledger={useMoney()} />
}
