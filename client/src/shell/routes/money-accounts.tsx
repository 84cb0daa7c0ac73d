import { useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { AccountsScreen } from "../../features/ledger/accounts-screen.js"
import { useMoney } from "../money.js"
import { showAccount } from "../shown-filter.js"

export default function MoneyAccountsRoute(): JSX.Element {
  const ledger = useMoney()
  const navigate = useNavigate()
  const show = (account: string): void => {
    showAccount(account)
    navigate("/money")
  }
  return <AccountsScreen ledger={ledger} onShow={show} />
}
