import type { RouteSectionProps } from "@solidjs/router"
import type { JSX } from "solid-js"
import "../../features/ledger/ledger.css"
import "../../features/ledger/receipts.css"
import { MoneyProvider } from "../money.js"

/** What all money screens share: the entries are read once and stay while one goes from screen to screen. */
export default function MoneyRoute(props: RouteSectionProps): JSX.Element {
  return <MoneyProvider>{props.children}</MoneyProvider>
}
