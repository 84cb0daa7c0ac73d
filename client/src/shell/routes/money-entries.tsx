import { useLocation, useNavigate } from "@solidjs/router"
import { type Filter, noFilter } from "@home/shared/documents"
import { type JSX, createSignal } from "solid-js"
import { EntriesScreen } from "../../features/ledger/entries-screen.js"
import { useMoney } from "../money.js"

/** What the list shows outlives the way to an entry and back, not a restart. */
const [filter, setFilter] = createSignal<Filter>(noFilter)
export const showAccount = (account: string): void => void setFilter({ ...noFilter, accounts: [account] })

/** `/money?add` opens with an empty entry: what the app's shortcut does. */
export default function MoneyEntriesRoute(): JSX.Element {
  const ledger = useMoney()
  const location = useLocation()
  const navigate = useNavigate()
  const isAdding = (): boolean => new URLSearchParams(location.search).has("add")
  return (
    <EntriesScreen
      ledger={ledger}
      filter={filter()}
      onFilter={setFilter}
      isAdding={isAdding()}
      onAdding={adding => navigate(adding ? "/money?add" : "/money", { replace: !adding, scroll: false })}
    />
  )
}
