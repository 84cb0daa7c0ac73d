import House from "lucide-solid/icons/house"
import type { JSX } from "solid-js"
import type { Engine } from "../../engine/port.js"
import { useT } from "../../i18n/index.js"
import { EmptyState } from "../../ui/pieces.js"

export default function ArrivalRoute(_props: { readonly engine: Engine }): JSX.Element {
  const t = useT()
  return (
    <main class="screen">
      <EmptyState icon={House} title={t("setup.welcome")}>
        {t("setup.promise")}
      </EmptyState>
    </main>
  )
}
