import { type Recurring, addDays, datesOf } from "@home/shared/documents"
import Repeat from "lucide-solid/icons/repeat"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { EmptyState } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"
import { RecurringSheet } from "./recurring-sheet.js"

/** Looked ahead for the next day: longer than the longest rhythm. */
const aheadDays = 800
/** Ten years of days. */
const mostDays = 3700

/** Bills, wages and pocket money that come again. */
export function RecurringScreen(props: { readonly ledger: LedgerProps }): JSX.Element {
  const { t, formats } = useLanguage()
  const toast = useToast()
  const [editing, setEditing] = createSignal<Recurring | undefined>(undefined)
  /** Also a day that has passed and still waits for a word. */
  const nextOf = (item: Recurring): string | undefined =>
    datesOf(item, { from: item.fields.date, to: addDays(props.ledger.today, aheadDays) }, mostDays).find(
      date => props.ledger.state.entry(`${item.id}-${date}`) === undefined,
    )
  const items = createMemo(() =>
    [...props.ledger.book.recurring.values()]
      .filter(item => item.deletedAtMs === undefined)
      .map(item => ({ item, next: nextOf(item) }))
      .sort((a, b) => ((a.next ?? "9") < (b.next ?? "9") ? -1 : 1)),
  )
  const stop = ({ id }: Recurring): void => {
    props.ledger.actions.setRecurringRemoved(id, true)
    toast({
      text: t("money.recurring.stopped"),
      action: { label: t("action.undo"), run: () => props.ledger.actions.setRecurringRemoved(id, false) },
    })
  }
  return (
    <Screen title={t("money.recurring")} back={{ href: "/money/more", label: t("action.back") }}>
      <Show
        when={items().length > 0}
        fallback={
          <EmptyState
            icon={Repeat}
            title={t("money.recurring.emptyTitle")}
            action={
              <a class="button" href="/money">
                {t("money.detail.back")}
              </a>
            }
          >
            {t("money.recurring.emptyText")}
          </EmptyState>
        }
      >
        <ul class="list">
          <For each={items()}>
            {({ item, next }) => (
              <li class="row-item row">
                <span class="row-text">
                  <span class="row-title">
                    {item.fields.payee || props.ledger.names.category(item.fields.category)}
                  </span>
                  <span class="row-detail">
                    {next === undefined
                      ? t("money.recurring.ended")
                      : t("money.recurring.next", { day: formats().day(next, "long") })}
                  </span>
                </span>
                <span class="row-trail">
                  <span class="numbers">
                    {formats().money(item.fields.amountMinor, item.fields.currency)}
                  </span>
                  <Button kind="quiet" onClick={() => setEditing(item)}>
                    {t("money.detail.edit")}
                  </Button>
                  <Button kind="quiet" onClick={() => stop(item)}>
                    {t("money.recurring.stop")}
                  </Button>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={editing()} keyed>
        {item => (
          <RecurringSheet
            ledger={props.ledger}
            isOpen
            begin={{
              fields: { ...item.fields, date: nextOf(item) ?? item.fields.date },
              schedule: { rrule: item.rrule, automatic: item.automatic, lastDate: item.lastDate },
            }}
            onClose={() => setEditing(undefined)}
            onSave={(fields, schedule) => {
              // The days before the next one were entered already or left out: they must not come due again.
              props.ledger.actions.editRecurring(item.id, fields, schedule)
              setEditing(undefined)
            }}
          />
        )}
      </Show>
    </Screen>
  )
}
