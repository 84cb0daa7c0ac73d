import type { JSX } from "solid-js"
import { BudgetsScreen } from "../../features/ledger/budgets-screen.js"
import { useMoney } from "../money.js"

export default function MoneyBudgetsRoute(): JSX.Element {
  const ledger = useMoney()
  return <BudgetsScreen ledger={ledger} />
}
