import WalletCards from "lucide-solid/icons/wallet-cards"
import type { JSX } from "solid-js"
import { useT } from "../../i18n/index.js"
import { EmptyState } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"

export default function MoneyRoute(): JSX.Element {
  const t = useT()
  return (
    <Screen title={t("nav.money")}>
      <EmptyState icon={WalletCards} title={t("money.empty")} />
    </Screen>
  )
}
