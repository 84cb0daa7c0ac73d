import { For, type JSX, Show } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import type { TimelineRow } from "./timeline.js"

/** A month and what came in and went out in it, a line a currency. */
export function MonthHead(props: { readonly row: Extract<TimelineRow, { type: "Month" }> }): JSX.Element {
  const { t, formats } = useLanguage()
  return (
    <div class="month-head">
      <h2>{formats().month(props.row.key)}</h2>
      <div class="month-sums">
        <For
          each={[...props.row.flows].filter(([, flow]) => flow.incomeMinor !== 0 || flow.expenseMinor !== 0)}
        >
          {([currency, flow]) => (
            <span class="numbers">
              <Show when={flow.incomeMinor !== 0}>
                <span class="sum-in">
                  {t("money.list.in", { amount: formats().money(flow.incomeMinor, currency) })}
                </span>
              </Show>
              <span>{t("money.list.out", { amount: formats().money(flow.expenseMinor, currency) })}</span>
            </span>
          )}
        </For>
      </div>
    </div>
  )
}
