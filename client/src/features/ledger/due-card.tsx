import { type Due, type EntryFields, dueInstances } from "@home/shared/documents"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { useToast } from "../../ui/toast.js"
import { EntrySheet } from "./entry-sheet.js"
import type { LedgerProps } from "./ledger.js"

/** Instances of one recurring entry that are shown at once; the rest follows when these are done. */
const limit = 3

/** What has come due: nothing is said before all years are here, or an old one would seem to be missing. */
export const dueOf = (ledger: LedgerProps, isAutomatic: boolean, most: number): readonly Due[] => {
  if (!ledger.state.isWhole()) return []
  const items = [...ledger.book.recurring.values()].filter(item => item.automatic === isAutomatic)
  return dueInstances(items, {
    today: ledger.today,
    limit: most,
    has: id => ledger.state.entry(id) !== undefined,
  })
}

/** Recurring entries that wait for a word: enter them, correct them first, or leave this one out. */
export function DueCard(props: { readonly ledger: LedgerProps }): JSX.Element {
  const { t, formats } = useLanguage()
  const toast = useToast()
  const [editing, setEditing] = createSignal<Due | undefined>(undefined)
  const due = createMemo(() => dueOf(props.ledger, false, limit))
  const enter = ({ recurring, date }: Due, fields: EntryFields): void => {
    props.ledger.actions.enterInstance(recurring.id, date, fields)
    setEditing(undefined)
  }
  const skip = ({ recurring, date }: Due): void => {
    props.ledger.actions.skip(recurring.id, date, true)
    toast({
      text: t("money.recurring.skipped"),
      action: { label: t("action.undo"), run: () => props.ledger.actions.skip(recurring.id, date, false) },
    })
  }
  return (
    <Show when={due().length > 0}>
      <section class="card stack due-card" aria-label={t("money.recurring")}>
        <h2>{t("money.recurring.due", { count: due().length })}</h2>
        <For each={due()}>
          {one => (
            <div class="due">
              <span class="row-text">
                <span class="row-title">
                  {one.fields.payee || props.ledger.names.category(one.fields.category)}
                </span>
                <span class="row-detail">{formats().day(one.date)}</span>
              </span>
              <span class="numbers">{formats().money(one.fields.amountMinor, one.fields.currency)}</span>
              <span class="cluster">
                <Button onClick={() => setEditing(one)}>{t("money.detail.edit")}</Button>
                <Button onClick={() => skip(one)}>{t("money.recurring.skip")}</Button>
                <Button kind="primary" onClick={() => enter(one, one.fields)}>
                  {t("money.recurring.enter")}
                </Button>
              </span>
            </div>
          )}
        </For>
      </section>
      <Show when={editing()} keyed>
        {one => (
          <EntrySheet
            ledger={props.ledger}
            isOpen
            title={t("money.entry.edit")}
            begin={one.fields}
            onSave={fields => enter(one, fields)}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </Show>
  )
}
