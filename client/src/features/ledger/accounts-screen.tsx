import { type Account, accountKinds, formatMinor, minorDigits, parseAmount } from "@home/shared/documents"
import Pencil from "lucide-solid/icons/pencil"
import Plus from "lucide-solid/icons/plus"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { Select, Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Sheet } from "../../ui/overlay.js"
import { Note } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { currencies } from "./currencies.js"
import { accountIcons } from "./icons.js"
import { type LedgerProps, currencyOf } from "./ledger.js"
import { MoneyTabs } from "./money-tabs.js"
import { YearsComing } from "./years-coming.js"
import { Drawn } from "../../ui/icon.js"

type AccountFields = Omit<Account, "id" | "key">

/** What is where: every account with its balance, and the sum a currency. */
export function AccountsScreen(props: {
  readonly ledger: LedgerProps
  readonly onShow: (account: string) => void
}): JSX.Element {
  const { t, formats } = useLanguage()
  const [editing, setEditing] = createSignal<Account | "new" | undefined>(undefined)
  const balanceOf = (account: Account) => props.ledger.state.balances()?.byAccount.get(account.id)
  const accounts = createMemo(() => [...props.ledger.book.accounts.values()])
  const totals = createMemo(() => {
    const sums = new Map<string, number>()
    for (const account of accounts()) {
      const balance = balanceOf(account)
      if (balance === undefined || account.archived) continue
      const currency = balance.currency || props.ledger.currency
      sums.set(currency, (sums.get(currency) ?? 0) + balance.amountMinor)
    }
    return [...sums]
  })
  /** Not where it only says the name again. */
  const kindOf = (account: Account): string | undefined => {
    const kind = t(`money.accounts.kind.${account.kind}`)
    return kind === props.ledger.names.account(account.id) ? undefined : kind
  }
  const unconverted = () => props.ledger.state.balances()?.unconverted.length ?? 0
  const line = (account: Account): JSX.Element => (
    <li class="row-item account-row">
      <button type="button" class="row" onClick={() => props.onShow(account.id)}>
        <span class="row-lead">
          <Drawn icon={accountIcons[account.kind]} size="1.5rem" />
        </span>
        <span class="row-text">
          <span class="row-title">{props.ledger.names.account(account.id)}</span>
          <Show when={kindOf(account)}>{kind => <span class="row-detail">{kind()}</span>}</Show>
        </span>
        <span
          class="row-trail numbers"
          data-negative={(balanceOf(account)?.amountMinor ?? 0) < 0 ? "" : undefined}
        >
          {formats().money(
            balanceOf(account)?.amountMinor ?? account.openingMinor,
            balanceOf(account)?.currency || currencyOf(account, props.ledger.currency),
          )}
        </span>
      </button>
      <IconButton
        icon={Pencil}
        label={t("money.accounts.editNamed", { name: props.ledger.names.account(account.id) })}
        disabled={props.ledger.book.readOnly}
        onClick={() => setEditing(account)}
      />
    </li>
  )
  return (
    <Screen
      title={t("money.tab.accounts")}
      actions={
        <IconButton
          kind="plain"
          icon={Plus}
          label={t("money.accounts.add")}
          disabled={props.ledger.book.readOnly}
          onClick={() => setEditing("new")}
        />
      }
    >
      <MoneyTabs part="accounts" books={props.ledger.books} />
      <div class="card total-card">
        <p class="quiet">{t("money.accounts.total")}</p>
        <For each={totals()}>
          {([currency, minor]) => <p class="numbers total">{formats().money(minor, currency)}</p>}
        </For>
        <YearsComing ledger={props.ledger} />
      </div>
      <Show when={unconverted() > 0}>
        <Note tone="notice">{t("money.accounts.unconverted", { count: unconverted() })}</Note>
      </Show>
      <ul class="list">
        <For each={accounts().filter(account => !account.archived)}>{line}</For>
      </ul>
      <Show when={accounts().some(account => account.archived)}>
        <details class="fold">
          <summary>{t("money.accounts.hidden")}</summary>
          <ul class="list">
            <For each={accounts().filter(account => account.archived)}>{line}</For>
          </ul>
        </details>
      </Show>
      <Show when={editing()} keyed>
        {one => (
          <AccountSheet
            ledger={props.ledger}
            account={one === "new" ? undefined : one}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </Screen>
  )
}

function AccountSheet(props: {
  readonly ledger: LedgerProps
  readonly account: Account | undefined
  readonly onClose: () => void
}): JSX.Element {
  const { t } = useLanguage()
  // Made anew for each account.
  // eslint-disable-next-line solid/reactivity
  const { account, ledger } = props
  const firstCurrency = account?.currency ?? ""
  const [name, setName] = createSignal(account === undefined ? "" : ledger.names.account(account.id))
  const [kind, setKind] = createSignal<Account["kind"]>(account?.kind ?? "bank")
  const [currency, setCurrency] = createSignal(firstCurrency)
  const [opening, setOpening] = createSignal(
    account === undefined || account.openingMinor === 0
      ? ""
      : formatMinor(account.openingMinor, firstCurrency || ledger.currency),
  )
  const [isArchived, setArchived] = createSignal(account?.archived ?? false)
  const openingMinor = (): number | undefined => {
    if (opening().trim() === "") return 0
    const parsed = parseAmount(opening(), currency() || props.ledger.currency)
    return parsed.ok ? parsed.value : undefined
  }
  const save = (): void => {
    const minor = openingMinor()
    if (name().trim() === "" || minor === undefined) return
    const fields: AccountFields = {
      name: name().trim(),
      kind: kind(),
      currency: currency(),
      openingMinor: minor,
      archived: isArchived(),
    }
    if (account === undefined) props.ledger.actions.addAccount(fields)
    else {
      // An untouched default keeps its name in everybody's own language.
      const { name: given, ...rest } = fields
      const isNamed = given !== props.ledger.names.account(account.id)
      props.ledger.actions.editAccount(account.id, isNamed ? fields : rest)
    }
    props.onClose()
  }
  return (
    <Sheet
      isOpen
      title={t(account === undefined ? "money.accounts.add" : "money.accounts.edit")}
      closeLabel={t("action.close")}
      onClose={props.onClose}
      actions={
        <Button kind="primary" disabled={name().trim() === "" || openingMinor() === undefined} onClick={save}>
          {t("money.entry.save")}
        </Button>
      }
    >
      <TextField label={t("money.accounts.name")} value={name()} onInput={setName} />
      <Select
        label={t("money.accounts.kind")}
        options={accountKinds.map(value => ({ value, label: t(`money.accounts.kind.${value}`) }))}
        value={kind()}
        onChange={setKind}
      />
      <Select
        label={t("money.entry.currency")}
        options={[
          { value: "", label: t("money.currency.same", { currency: props.ledger.currency }) },
          ...currencies([currency()]),
        ]}
        value={currency()}
        onChange={setCurrency}
      />
      <TextField
        label={t("money.accounts.opening")}
        hint={t("money.accounts.openingHint")}
        error={openingMinor() === undefined ? t("money.problem.amount") : undefined}
        placeholder={formatMinor(0, currency() || props.ledger.currency)}
        inputMode={minorDigits(currency() || props.ledger.currency) === 0 ? "numeric" : "decimal"}
        value={opening()}
        onInput={setOpening}
      />
      <Show when={account !== undefined}>
        <Switch
          label={t("money.accounts.archived")}
          hint={t("money.accounts.archivedHint")}
          isOn={isArchived()}
          onChange={setArchived}
        />
      </Show>
    </Sheet>
  )
}
