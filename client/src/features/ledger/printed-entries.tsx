import type { Entry } from "@home/shared/documents"
import { For, type JSX, Show } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { EntryAmount, entryTitle } from "./entry-row.js"
import type { LedgerProps } from "./ledger.js"

/** The list on paper: all that it holds, not only what was in sight. */
export function PrintedEntries(props: {
  /** Newest first. */
  readonly months: readonly (readonly Entry[])[]
  readonly ledger: LedgerProps
  /** Rows at most. */
  readonly most: number
}): JSX.Element {
  const { t, formats } = useLanguage()
  const count = (): number => props.months.reduce((sum, entries) => sum + entries.length, 0)
  const shown = () => {
    let left = props.most
    return props.months
      .map(entries => {
        const part = entries.slice(0, left)
        left -= part.length
        return part
      })
      .filter(entries => entries.length > 0)
  }
  const category = (entry: Entry): string =>
    [...new Set((entry.splits.length > 0 ? entry.splits : [entry]).map(part => part.category))]
      .map(props.ledger.names.category)
      .join(", ")
  return (
    <div class="print-only">
      <p>{t("money.printed", { date: formats().day(props.ledger.today, "long") })}</p>
      <For each={shown()}>
        {entries => (
          <table class="table printed">
            <caption>{formats().month(entries[0]?.date.slice(0, 7) ?? "")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("money.entry.date")}</th>
                <th scope="col">{t("money.entry.payee")}</th>
                <th scope="col">{t("money.entry.category")}</th>
                <th scope="col">{t("money.entry.account")}</th>
                <th scope="col">{t("money.field.amountMinor")}</th>
              </tr>
            </thead>
            <tbody>
              <For each={entries}>
                {entry => (
                  <tr>
                    <td>{formats().day(entry.date)}</td>
                    <td>{entryTitle(entry, props.ledger, t(`money.${entry.direction}`))}</td>
                    <td>{category(entry)}</td>
                    <td>{props.ledger.names.account(entry.account)}</td>
                    <td>
                      <EntryAmount entry={entry} />
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </For>
      <Show when={count() > props.most}>
        <p>{t("money.printed.more", { count: count() - props.most })}</p>
      </Show>
    </div>
  )
}
