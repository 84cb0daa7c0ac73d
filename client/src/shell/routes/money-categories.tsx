import type { JSX } from "solid-js"
import { CategoriesScreen } from "../../features/ledger/categories-screen.js"
import { useMoney } from "../money.js"

export default function MoneyCategoriesRoute(): JSX.Element {
  return <CategoriesScreen ledger={useMoney()} />
}
