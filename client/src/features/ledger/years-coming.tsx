import { type JSX, Show } from "solid-js"
import { useT } from "../../i18n/index.js"
import type { LedgerProps } from "./ledger.js"

/** Below a sum of all years, as long as it is not one: older years are still being read. */
export function YearsComing(props: { readonly ledger: LedgerProps }): JSX.Element {
  const t = useT()
  return (
    <Show when={!props.ledger.state.isWhole()}>
      <p class="quiet small" role="status">
        {t("money.loading")}
      </p>
    </Show>
  )
}
