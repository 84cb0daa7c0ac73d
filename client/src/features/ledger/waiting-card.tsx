import Hourglass from "lucide-solid/icons/hourglass"
import { For, type JSX, Show } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Badge } from "../../ui/pieces.js"
import type { LedgerProps } from "./ledger.js"

/** Entries shown at once; of the rest the number. */
const limit = 20

/** What was entered while the device is full: in no list and no balance, and nobody should think that it was lost. */
export function WaitingCard(props: { readonly ledger: LedgerProps }): JSX.Element {
  const { t, formats } = useLanguage()
  const entries = () => props.ledger.state.waiting().entries.slice(0, limit)
  const rest = (): number => {
    const { entries: all, others } = props.ledger.state.waiting()
    return all.length - entries().length + others
  }
  return (
    <Show when={entries().length + rest() > 0}>
      <section class="card stack due-card" aria-label={t("money.waiting")}>
        <h2>{t("money.waiting")}</h2>
        <p class="quiet">{t("money.waiting.why")}</p>
        <For each={entries()}>
          {({ fields }) => (
            <div class="due">
              <span class="row-text">
                <span class="row-title">
                  {fields.payee ||
                    props.ledger.names.category(fields.splits[0]?.category ?? fields.category) ||
                    t(`money.${fields.direction}`)}
                </span>
                <span class="row-detail">{formats().day(fields.date)}</span>
              </span>
              <Badge tone="notice" icon={Hourglass}>
                {t("money.waiting.one")}
              </Badge>
              <span class="numbers">{formats().money(fields.amountMinor, fields.currency)}</span>
            </div>
          )}
        </For>
        <Show when={rest() > 0}>
          <p class="quiet">{t("money.waiting.others", { count: rest() })}</p>
        </Show>
      </section>
    </Show>
  )
}
