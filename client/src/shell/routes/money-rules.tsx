import type { JSX } from "solid-js"
import { RulesScreen } from "../../features/ledger/rules-screen.js"
import { useMoney } from "../money.js"

export default function MoneyRulesRoute(): JSX.Element {
  const ledger = useMoney()
  return <RulesScreen ledger={ledger} />
}
