import type { JSX } from "solid-js"
import { CategoriesScreen } from "../../features/ledger/categories-screen.js"
import { useMoney } from "../money.js"

export default function MoneyCategoriesRoute(): JSX.Element {
  const ledger = useMoney()
  return <CategoriesScreen ledger={ledger} />
}
