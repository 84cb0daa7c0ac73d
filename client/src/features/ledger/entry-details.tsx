import { addDays, addMonths } from "@home/shared/documents"
import { For, type JSX, Show, createMemo } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { type EntryForm, needsRate } from "./entry-form.js"
import { currencyOf, type LedgerProps } from "./ledger.js"
import { ShareEditor } from "./share-editor.js"
import { SplitEditor } from "./split-editor.js"
import { TagField } from "./tag-field.js"
import { currencies } from "./currencies.js"

/** Everything of an entry but its amount, category and accounts. */
export function EntryDetails(props: {
  readonly form: EntryForm
  readonly ledger: LedgerProps
  readonly onChange: (patch: Partial<EntryForm>) => void
}): JSX.Element {
  const t = useT()
  const knownTags = createMemo(() => {
    const uses = new Map<string, number>()
    const since = addMonths(props.ledger.today, -12)
    for (const entry of props.ledger.state.entries()) {
      if (entry.date < since) break
      for (const tag of entry.tags) uses.set(tag, (uses.get(tag) ?? 0) + 1)
    }
    return [...uses].sort((a, b) => b[1] - a[1]).map(([tag]) => tag)
  })
  const accountCurrency = (): string =>
    currencyOf(props.ledger.book.accounts.get(props.form.account), props.ledger.currency)
  const rateTarget = (): string =>
    accountCurrency() === props.form.currency ? props.ledger.currency : accountCurrency()
  const days = () => [
    { label: t("money.entry.today"), date: props.ledger.today },
    { label: t("money.entry.yesterday"), date: addDays(props.ledger.today, -1) },
  ]
  return (
    <div class="stack">
      <div class="field">
        <TextField
          label={t("money.entry.date")}
          type="date"
          required
          value={props.form.date}
          onInput={date => props.onChange({ date })}
        />
        <div class="chips">
          <For each={days()}>
            {({ label, date }) => (
              <button
                type="button"
                class="chip"
                aria-pressed={props.form.date === date}
                onClick={() => props.onChange({ date })}
              >
                {label}
              </button>
            )}
          </For>
        </div>
      </div>
      <TextField
        label={t("money.entry.note")}
        autocomplete="off"
        value={props.form.note}
        onInput={note => props.onChange({ note })}
      />
      <TagField known={knownTags()} value={props.form.tags} onChange={tags => props.onChange({ tags })} />
      <div class="pair">
        <Select
          label={t("money.entry.currency")}
          options={currencies([props.ledger.currency, props.form.currency])}
          value={props.form.currency}
          onChange={currency => props.onChange({ currency })}
        />
        <Show
          when={
            props.form.direction !== "transfer" &&
            needsRate(props.form, props.ledger.book, props.ledger.currency)
          }
        >
          <TextField
            label={t("money.entry.rate", { from: props.form.currency, to: rateTarget() })}
            inputMode="decimal"
            autocomplete="off"
            value={props.form.rate}
            onInput={rate => props.onChange({ rate })}
          />
        </Show>
      </div>
      <Show when={props.form.direction !== "transfer"}>
        <details class="card fold" open={props.form.splits.length > 0}>
          <summary>{t("money.split")}</summary>
          <SplitEditor
            form={props.form}
            ledger={props.ledger}
            onChange={splits => props.onChange({ splits })}
          />
        </details>
        <Show when={props.ledger.people.length > 1}>
          <details class="card fold" open={props.form.paidBy !== ""}>
            <summary>{t("money.share")}</summary>
            <ShareEditor form={props.form} people={props.ledger.people} onChange={props.onChange} />
          </details>
        </Show>
      </Show>
    </div>
  )
}
