import { useLocation, useNavigate } from "@solidjs/router"
import type { JSX } from "solid-js"
import { EntriesScreen } from "../../features/ledger/entries-screen.js"
import { useMoney } from "../money.js"
import { setShownFilter, shownFilter } from "../shown-filter.js"

/** `/money?add` opens with an empty entry: what the app's shortcut does. */
export default function MoneyEntriesRoute(): JSX.Element {
  const ledger = useMoney()
  const location = useLocation()
  const navigate = useNavigate()
  const isAdding = (): boolean => new URLSearchParams(location.search).has("add")
  return (
    <EntriesScreen
      ledger={ledger}
      filter={shownFilter()}
      onFilter={setShownFilter}
      isAdding={isAdding() && !ledger.book.readOnly}
      onAdding={adding => navigate(adding ? "/money?add" : "/money", { replace: !adding, scroll: false })}
    />
  )
}
