import type { PayeeRule, PayeeRuleFields } from "@home/shared/documents"
import Plus from "lucide-solid/icons/plus"
import Sparkles from "lucide-solid/icons/sparkles"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Sheet } from "../../ui/overlay.js"
import { EmptyState } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"
import { TagField } from "./tag-field.js"

const none: PayeeRuleFields = { payee: "", category: "", account: "", tags: [] }

/** What a payee tells of an entry: filled in while typing and at every import. */
export function RulesScreen(props: { readonly ledger: LedgerProps }): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [editing, setEditing] = createSignal<PayeeRule | "new" | undefined>(undefined)
  const rules = createMemo(() =>
    [...props.ledger.book.payeeRules.values()]
      .filter(rule => rule.deletedAtMs === undefined)
      .sort((a, b) => a.payee.localeCompare(b.payee)),
  )
  const remove = ({ id }: PayeeRule): void => {
    props.ledger.actions.setRuleRemoved(id, true)
    toast({
      text: t("money.rules.removed"),
      action: { label: t("action.undo"), run: () => props.ledger.actions.setRuleRemoved(id, false) },
    })
  }
  const detail = (rule: PayeeRule): string =>
    [
      props.ledger.names.category(rule.category),
      props.ledger.names.account(rule.account),
      ...rule.tags.map(tag => `#${tag}`),
    ]
      .filter(part => part !== "")
      .join(" · ")
  return (
    <Screen
      title={t("money.rules")}
      back={{ href: "/money/more", label: t("action.back") }}
      actions={
        <IconButton
          kind="plain"
          icon={Plus}
          label={t("money.rules.add")}
          disabled={props.ledger.book.readOnly}
          onClick={() => setEditing("new")}
        />
      }
    >
      <Show
        when={rules().length > 0}
        fallback={
          <EmptyState
            icon={Sparkles}
            title={t("money.rules.emptyTitle")}
            action={
              <Button kind="primary" disabled={props.ledger.book.readOnly} onClick={() => setEditing("new")}>
                {t("money.rules.add")}
              </Button>
            }
          >
            {t("money.rules.emptyText")}
          </EmptyState>
        }
      >
        <ul class="list">
          <For each={rules()}>
            {rule => (
              <li class="row-item row">
                <span class="row-text">
                  <span class="row-title">{rule.payee}</span>
                  <span class="row-detail">{detail(rule)}</span>
                </span>
                <span class="row-trail">
                  <Button kind="quiet" onClick={() => setEditing(rule)}>
                    {t("money.detail.edit")}
                  </Button>
                  <Button kind="quiet" onClick={() => remove(rule)}>
                    {t("action.remove")}
                  </Button>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={editing()} keyed>
        {one => (
          <RuleSheet
            ledger={props.ledger}
            rule={one === "new" ? undefined : one}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </Screen>
  )
}

function RuleSheet(props: {
  readonly ledger: LedgerProps
  readonly rule: PayeeRule | undefined
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  // Made anew for each rule.
  // eslint-disable-next-line solid/reactivity
  const { rule } = props
  const [form, setForm] = createSignal<PayeeRuleFields>(
    rule === undefined
      ? none
      : { payee: rule.payee, category: rule.category, account: rule.account, tags: rule.tags },
  )
  const change = (patch: Partial<PayeeRuleFields>): void => void setForm(now => ({ ...now, ...patch }))
  const save = (): void => {
    if (rule === undefined) props.ledger.actions.addRule(form())
    else props.ledger.actions.editRule(rule.id, form())
    props.onClose()
  }
  const unchanged = () => ({ value: "", label: t("money.rules.unchanged") })
  return (
    <Sheet
      isOpen
      title={t(rule === undefined ? "money.rules.add" : "money.rules.edit")}
      closeLabel={t("action.close")}
      onClose={props.onClose}
      actions={
        <Button
          kind="primary"
          disabled={form().payee.trim() === "" || props.ledger.book.readOnly}
          onClick={save}
        >
          {t("money.entry.save")}
        </Button>
      }
    >
      <TextField label={t("money.rules.payee")} value={form().payee} onInput={payee => change({ payee })} />
      <Select
        label={t("money.rules.category")}
        options={[
          unchanged(),
          ...[...props.ledger.book.categories.values()]
            .filter(category => !category.archived)
            .map(({ id }) => ({ value: id, label: props.ledger.names.category(id) })),
        ]}
        value={form().category}
        onChange={category => change({ category })}
      />
      <Select
        label={t("money.rules.account")}
        options={[
          unchanged(),
          ...[...props.ledger.book.accounts.keys()].map(id => ({
            value: id,
            label: props.ledger.names.account(id),
          })),
        ]}
        value={form().account}
        onChange={account => change({ account })}
      />
      <TagField known={[]} value={form().tags} onChange={tags => change({ tags })} />
    </Sheet>
  )
}
