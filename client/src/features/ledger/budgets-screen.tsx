import {
  type BudgetLine,
  budgetIn,
  budgetLines,
  formatMinor,
  monthAfter,
  parseAmount,
} from "@home/shared/documents"
import ChevronLeft from "lucide-solid/icons/chevron-left"
import ChevronRight from "lucide-solid/icons/chevron-right"
import PiggyBank from "lucide-solid/icons/piggy-bank"
import Plus from "lucide-solid/icons/plus"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { Select, Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Sheet } from "../../ui/overlay.js"
import { EmptyState, Progress } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { iconOf } from "./icons.js"
import { type LedgerProps, openCategories } from "./ledger.js"
import { MoneyTabs } from "./money-tabs.js"
import { monthlySpendingOf } from "./spending.js"
import { YearsComing } from "./years-coming.js"
import { Drawn } from "../../ui/icon.js"

/** What each category may cost in a month, what it did cost, and what is left. */
export function BudgetsScreen(props: { readonly ledger: LedgerProps }): JSX.Element {
  const { t, formats } = useLanguage()
  const [month, setMonth] = createSignal(props.ledger.today.slice(0, 7))
  const [editing, setEditing] = createSignal<{ readonly category: string } | undefined>(undefined)
  const spent = createMemo(() => monthlySpendingOf(props.ledger.state.months(), props.ledger.book))
  const lines = createMemo(() => budgetLines(props.ledger.book.budgets, month(), spent()))
  return (
    <Screen
      title={t("money.tab.budgets")}
      actions={
        <IconButton
          kind="plain"
          icon={Plus}
          label={t("money.budgets.set")}
          disabled={props.ledger.book.readOnly}
          onClick={() => setEditing({ category: "" })}
        />
      }
    >
      <MoneyTabs part="budgets" books={props.ledger.books} />
      <div class="month-switch">
        <IconButton
          icon={ChevronLeft}
          label={t("money.month.before")}
          onClick={() => setMonth(monthAfter(month(), -1))}
        />
        <h2 aria-live="polite">{formats().month(month())}</h2>
        <IconButton
          icon={ChevronRight}
          label={t("money.month.after")}
          onClick={() => setMonth(monthAfter(month()))}
        />
      </div>
      <Show
        when={lines().length > 0}
        fallback={
          <EmptyState
            icon={PiggyBank}
            title={t("money.budgets.emptyTitle")}
            action={
              <Button
                kind="primary"
                disabled={props.ledger.book.readOnly}
                onClick={() => setEditing({ category: "" })}
              >
                {t("money.budgets.set")}
              </Button>
            }
          >
            {t("money.budgets.emptyText")}
          </EmptyState>
        }
      >
        <YearsComing ledger={props.ledger} />
        <ul class="list">
          <For each={lines()}>
            {line => (
              <Line
                line={line}
                ledger={props.ledger}
                onEdit={() => setEditing({ category: line.category })}
              />
            )}
          </For>
        </ul>
      </Show>
      <Show when={editing()} keyed>
        {one => (
          <BudgetSheet
            ledger={props.ledger}
            category={one.category}
            month={month()}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </Screen>
  )
}

function Line(props: {
  readonly line: BudgetLine
  readonly ledger: LedgerProps
  readonly onEdit: () => void
}): JSX.Element {
  const { t, formats } = useLanguage()
  const money = (minor: number): string => formats().money(minor, props.line.currency)
  const name = (): string => props.ledger.names.category(props.line.category)
  const allowed = (): number => Math.max(0, props.line.budgetMinor + props.line.carriedMinor)
  return (
    <li class="row-item">
      <button type="button" class="row budget-row" onClick={() => props.onEdit()}>
        <span class="row-lead">
          <Drawn icon={iconOf(props.ledger.book.categories.get(props.line.category)?.icon)} size="1.5rem" />
        </span>
        <span class="row-text">
          <span class="row-title">{name()}</span>
          <span class="row-detail numbers">
            {t("money.budgets.spent", {
              spent: money(props.line.spentMinor),
              budget: money(props.line.budgetMinor),
            })}
          </span>
          <Show when={props.line.carriedMinor !== 0}>
            <span class="row-detail numbers">
              {t("money.budgets.carried", { amount: money(props.line.carriedMinor) })}
            </span>
          </Show>
          <span class="budget-bar" data-over={props.line.leftMinor < 0 ? "" : undefined}>
            <Progress
              label={name()}
              value={Math.min(Math.max(0, props.line.spentMinor), allowed() || 1)}
              max={allowed() || 1}
            />
          </span>
        </span>
        <span class="row-trail numbers" data-negative={props.line.leftMinor < 0 ? "" : undefined}>
          {t(props.line.leftMinor < 0 ? "money.budgets.over" : "money.budgets.left", {
            amount: money(Math.abs(props.line.leftMinor)),
          })}
        </span>
      </button>
    </li>
  )
}

function BudgetSheet(props: {
  readonly ledger: LedgerProps
  /** "": one is to be chosen. */
  readonly category: string
  readonly month: string
  readonly onClose: () => void
}): JSX.Element {
  const { t, formats } = useLanguage()
  // Made anew for each budget.
  // eslint-disable-next-line solid/reactivity
  const { ledger, month, category: given } = props
  const { budgets } = ledger.book
  const categories = openCategories(ledger.book, "expense").map(({ id }) => ({
    value: id,
    label: ledger.names.category(id),
  }))
  const [category, setCategory] = createSignal(given || (categories[0]?.value ?? ""))
  const before = budgetIn(budgets, given, month)
  const [text, setText] = createSignal(
    before === undefined ? "" : formatMinor(before.amountMinor, before.currency),
  )
  const [isOnly, setOnly] = createSignal(false)
  const [carries, setCarries] = createSignal(budgets.carryOver.has(given))
  const currency = before?.currency ?? ledger.currency
  const minor = (): number | undefined => {
    const parsed = parseAmount(text() || "0", currency)
    return parsed.ok && parsed.value >= 0 ? parsed.value : undefined
  }
  const save = (): void => {
    const amountMinor = minor()
    if (amountMinor === undefined || category() === "") return
    if (before?.amountMinor !== amountMinor)
      props.ledger.actions.setBudget(category(), month, { amountMinor, currency }, isOnly())
    if (carries() !== budgets.carryOver.has(category()))
      props.ledger.actions.setCarryOver(category(), carries())
    props.onClose()
  }
  return (
    <Sheet
      isOpen
      title={t("money.budgets.set")}
      closeLabel={t("action.close")}
      onClose={props.onClose}
      actions={
        <Button kind="primary" disabled={minor() === undefined || props.ledger.book.readOnly} onClick={save}>
          {t("money.entry.save")}
        </Button>
      }
    >
      <Select
        label={t("money.entry.category")}
        options={categories}
        value={category()}
        isDisabled={given !== ""}
        onChange={setCategory}
      />
      <TextField
        label={`${t("money.budgets.amount")} (${currency})`}
        inputMode="decimal"
        autocomplete="off"
        value={text()}
        onInput={setText}
      />
      <Switch
        label={t("money.budgets.only", { month: formats().month(month) })}
        isOn={isOnly()}
        onChange={setOnly}
      />
      <Switch
        label={t("money.budgets.carry")}
        hint={t("money.budgets.carryHint")}
        isOn={carries()}
        onChange={setCarries}
      />
    </Sheet>
  )
}
