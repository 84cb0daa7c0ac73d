import type { JSX } from "solid-js"
import { OwesScreen } from "../../features/ledger/owes-screen.js"
import { useMoney } from "../money.js"

export default function MoneyOwesRoute(): JSX.Element {
  const ledger = useMoney()
  return <OwesScreen ledger={ledger} />
}
