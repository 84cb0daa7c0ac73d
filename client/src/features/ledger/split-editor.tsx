import X from "lucide-solid/icons/x"
import { Index, type JSX } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { type EntryForm, type SplitForm, restMinor } from "./entry-form.js"
import { type LedgerProps, openCategories } from "./ledger.js"

/** Further parts of an entry. What they leave belongs to the category that was chosen above, so it always sums. */
export function SplitEditor(props: {
  readonly form: EntryForm
  readonly ledger: LedgerProps
  readonly onChange: (splits: readonly SplitForm[]) => void
}): JSX.Element {
  const { t, formats } = useLanguage()
  const categories = () =>
    openCategories(props.ledger.book, props.form.direction === "income" ? "income" : "expense").map(
      ({ id }) => ({
        value: id,
        label: props.ledger.names.category(id),
      }),
    )
  const change = (at: number, patch: Partial<SplitForm>): void =>
    props.onChange(props.form.splits.map((split, index) => (index === at ? { ...split, ...patch } : split)))
  const add = (): void =>
    props.onChange([
      ...props.form.splits,
      { category: categories()[0]?.value ?? "", amountText: "", note: "" },
    ])
  return (
    <div class="stack parts">
      <p class="part-rest" data-bad={restMinor(props.form) < 0 ? "" : undefined}>
        <span>{props.ledger.names.category(props.form.category) || t("money.noCategory")}</span>
        <span class="numbers">
          {t("money.split.rest", { amount: formats().money(restMinor(props.form), props.form.currency) })}
        </span>
      </p>
      <Index each={props.form.splits}>
        {(split, at) => (
          <div class="part" role="group" aria-label={t("money.split.part", { number: at + 2 })}>
            <Select
              label={t("money.entry.category")}
              options={categories()}
              value={split().category}
              onChange={category => change(at, { category })}
            />
            <TextField
              label={t("money.entry.amount")}
              inputMode="decimal"
              autocomplete="off"
              value={split().amountText}
              onInput={text => change(at, { amountText: text.replace(",", ".") })}
            />
            <IconButton
              icon={X}
              label={t("money.split.remove", { number: at + 2 })}
              onClick={() => props.onChange(props.form.splits.filter((_, index) => index !== at))}
            />
          </div>
        )}
      </Index>
      <Button onClick={add}>{t("money.split.add")}</Button>
    </div>
  )
}
