import {
  type Direction,
  type Entry,
  type EntryFields,
  minorDigits,
  payeeMatcher,
  suggestionsOf,
} from "@home/shared/documents"
import {
  For,
  type JSX,
  Show,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  on,
  untrack,
} from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Segmented, Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Keypad } from "../../ui/keypad.js"
import { Sheet } from "../../ui/overlay.js"
import { CategoryGrid } from "./category-grid.js"
import { EntryDetails } from "./entry-details.js"
import { type EntryForm, type FormProblem, amountIn, fieldsOfForm, formOf, newForm } from "./entry-form.js"
import { type LedgerProps, byUse, currencyOf, openAccounts, openCategories } from "./ledger.js"

interface EntrySheetProps {
  readonly ledger: LedgerProps
  readonly isOpen: boolean
  readonly title: string
  /** What the form begins with; absent: an empty expense of today. */
  readonly begin?: Entry | EntryFields | undefined
  readonly onSave: (fields: EntryFields) => void
  readonly onClose: () => void
  /** Something more to decide, such as how often it recurs. */
  readonly extra?: JSX.Element
}

/** Amount, category, save: three taps. All the rest waits below and has a sensible beginning. */
export function EntrySheet(props: EntrySheetProps): JSX.Element {
  const { t } = useLanguage()
  const id = createUniqueId()
  const [problem, setProblem] = createSignal<FormProblem | undefined>(undefined)
  return (
    <Sheet
      isOpen={props.isOpen}
      title={props.title}
      closeLabel={t("action.close")}
      onClose={props.onClose}
      actions={
        <div class="form-end">
          <p class="field-error" role="alert">
            <Show when={problem()}>{name => t(`money.problem.${name()}`)}</Show>
          </p>
          <Button kind="primary" type="submit" form={id} isWide>
            {t("money.entry.save")}
          </Button>
        </div>
      }
    >
      <SheetForm {...props} id={id} onProblem={setProblem} />
    </Sheet>
  )
}

const lastUsedAccount = (ledger: LedgerProps): string => {
  const accounts = openAccounts(ledger.book)
  const used = ledger.state.entries().find(entry => accounts.some(({ id }) => id === entry.account))
  return used?.account ?? accounts[0]?.id ?? ""
}

const firstForm = (ledger: LedgerProps): EntryForm => {
  const account = lastUsedAccount(ledger)
  return newForm({
    direction: "expense",
    date: ledger.today,
    account,
    toAccount: openAccounts(ledger.book).find(({ id }) => id !== account)?.id ?? "",
    currency: currencyOf(ledger.book.accounts.get(account), ledger.currency),
  })
}

function SheetForm(
  props: EntrySheetProps & {
    readonly id: string
    readonly onProblem: (problem: FormProblem | undefined) => void
  },
): JSX.Element {
  const { t, formats } = useLanguage()
  const begin = (): EntryForm =>
    props.begin === undefined
      ? firstForm(props.ledger)
      : formOf(props.begin, props.ledger.book, props.ledger.currency)
  const [form, setForm] = createSignal(begin())
  // What somebody chose is not overwritten by what a payee suggests.
  const [isCategoryChosen, setCategoryChosen] = createSignal(props.begin !== undefined)
  // A third of the sheet, and a year of tags to count: not before somebody looks.
  const [isUnfolded, setUnfolded] = createSignal(props.begin !== undefined)
  const change = (patch: Partial<EntryForm>): void => {
    setForm(now => ({ ...now, ...patch }))
    props.onProblem(undefined)
  }
  const kind = (): "income" | "expense" => (form().direction === "income" ? "income" : "expense")
  const categories = createMemo(() =>
    byUse(openCategories(props.ledger.book, kind()), props.ledger.state.entries()),
  )
  // Only for who writes a payee, and once: most entries need amount and category.
  let suggest: ReturnType<typeof suggestionsOf> | undefined
  const suggested = (payee: string): ReturnType<NonNullable<typeof suggest>> =>
    (suggest ??= suggestionsOf(untrack(props.ledger.state.entries).slice(0, 3000)))(payee, 4)
  const ruleFor = createMemo(() => payeeMatcher(props.ledger.book.payeeRules.values()))
  const suggestions = createMemo(() =>
    form().payee === "" ? [] : suggested(form().payee).filter(({ payee }) => payee !== form().payee),
  )
  const accounts = createMemo(() =>
    openAccounts(props.ledger.book).map(({ id }) => ({ value: id, label: props.ledger.names.account(id) })),
  )
  /** Fills in what a rule says, or what went with the payee last time. */
  const takePayee = (payee: string, from?: { readonly category: string }): void => {
    const rule = ruleFor()(payee)
    const category = rule?.category || from?.category || ""
    const fits = props.ledger.book.categories.get(category)?.kind === kind()
    change({
      payee,
      ...(category !== "" && fits && !isCategoryChosen() ? { category } : {}),
      ...(rule !== undefined && rule.account !== "" ? { account: rule.account } : {}),
      ...(rule === undefined ? {} : { tags: [...new Set([...form().tags, ...rule.tags])] }),
    })
  }
  const account = createMemo(() => form().account)
  // The currency follows the account that somebody chooses, not the one that the form began with.
  createEffect(
    on(
      account,
      chosen =>
        change({ currency: currencyOf(props.ledger.book.accounts.get(chosen), props.ledger.currency) }),
      { defer: true },
    ),
  )
  const save = (): void => {
    const result = fieldsOfForm(form(), props.ledger.book, props.ledger.currency)
    if ("problem" in result) props.onProblem(result.problem)
    else props.onSave(result.fields)
  }
  const directions = (): { value: Direction; label: string }[] => [
    { value: "expense", label: t("money.expense") },
    { value: "income", label: t("money.income") },
    { value: "transfer", label: t("money.transfer") },
    ...(props.begin?.direction === "neutral"
      ? [{ value: "neutral" as const, label: t("money.neutral") }]
      : []),
  ]
  const digits = (): number => minorDigits(form().currency)
  const hasSum = (): boolean => /[+-]/.test(form().amountText)
  return (
    <form
      id={props.id}
      class="entry-form"
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <Segmented
        label={t("money.filter.kind")}
        isLabelHidden
        options={directions()}
        value={form().direction}
        onChange={direction => change({ direction, category: "" })}
      />
      <div class="amount-line">
        <TextField
          label={t("money.entry.amount")}
          isLabelHidden
          inputMode="none"
          autocomplete="off"
          placeholder={formats().money(0, form().currency)}
          value={form().amountText}
          onInput={text => change({ amountText: text.replace(/,/g, ".").replace(/[^\d.+-]/g, "") })}
        />
        <span class="numbers amount-sum" aria-live="polite">
          {hasSum() || props.begin !== undefined
            ? `= ${formats().money(amountIn(form()) ?? 0, form().currency)}`
            : form().currency}
        </span>
      </div>
      <Show
        when={form().direction !== "transfer"}
        fallback={
          <div class="pair">
            <Select
              label={t("money.entry.from")}
              options={accounts()}
              value={form().account}
              onChange={account => change({ account })}
            />
            <Select
              label={t("money.entry.to")}
              options={accounts()}
              value={form().toAccount}
              onChange={toAccount => change({ toAccount })}
            />
            <Show
              when={
                currencyOf(props.ledger.book.accounts.get(form().toAccount), props.ledger.currency) !==
                form().currency
              }
            >
              <TextField
                label={t("money.entry.arrived", {
                  currency: currencyOf(
                    props.ledger.book.accounts.get(form().toAccount),
                    props.ledger.currency,
                  ),
                })}
                inputMode="decimal"
                autocomplete="off"
                value={form().toAmountText}
                onInput={text => change({ toAmountText: text.replace(",", ".") })}
              />
            </Show>
          </div>
        }
      >
        <CategoryGrid
          label={t("money.entry.category")}
          categories={categories()}
          nameOf={props.ledger.names.category}
          value={form().category}
          onChange={category => {
            setCategoryChosen(true)
            change({ category })
          }}
        />
      </Show>
      <Keypad
        label={t("keypad.label")}
        eraseLabel={t("keypad.erase")}
        plusLabel={t("keypad.plus")}
        minusLabel={t("keypad.minus")}
        value={form().amountText}
        onChange={amountText => change({ amountText })}
        digits={digits()}
      />
      <Show when={form().direction !== "transfer"}>
        <div class="pair">
          <Select
            label={t("money.entry.account")}
            options={
              form().account === ""
                ? [{ value: "", label: t("money.reports.none") }, ...accounts()]
                : accounts()
            }
            value={form().account}
            onChange={account => change({ account })}
          />
          <TextField
            label={t("money.entry.payee")}
            placeholder={t("money.entry.payeeHint")}
            autocomplete="off"
            value={form().payee}
            onInput={payee => takePayee(payee)}
          />
        </div>
        <Show when={suggestions().length > 0}>
          <div class="chips" role="group" aria-label={t("money.entry.suggestions")}>
            <For each={suggestions()}>
              {suggestion => (
                <button type="button" class="chip" onClick={() => takePayee(suggestion.payee, suggestion)}>
                  {suggestion.payee}
                </button>
              )}
            </For>
          </div>
        </Show>
      </Show>
      <details
        class="fold"
        open={isUnfolded()}
        onToggle={event => event.currentTarget.open && setUnfolded(true)}
      >
        <summary>{t("money.entry.details")}</summary>
        <Show when={isUnfolded()}>
          <EntryDetails form={form()} ledger={props.ledger} onChange={change} />
        </Show>
      </details>
      {props.extra}
    </form>
  )
}
