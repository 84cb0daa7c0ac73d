import type { Entry, EntryFields } from "@home/shared/documents"
import { fieldsOf } from "@home/shared/documents"
import CircleHelp from "lucide-solid/icons/circle-question-mark"
import Pencil from "lucide-solid/icons/pencil"
import Repeat from "lucide-solid/icons/repeat"
import Trash from "lucide-solid/icons/trash"
import { For, type JSX, Show, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { EmptyState, List, Note, Row } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { EntryConflicts } from "./entry-conflicts.js"
import { EntryHistory } from "./entry-history.js"
import { EntryAmount, entryTitle } from "./entry-row.js"
import { EntrySheet } from "./entry-sheet.js"
import type { LedgerProps } from "./ledger.js"
import type { FileTools } from "./receipt-file.js"
import { Receipts } from "./receipts.js"
import { RecurringSheet } from "./recurring-sheet.js"

const importedNames: Readonly<Record<string, string>> = { alipay: "Alipay 支付宝", wechat: "WeChat 微信" }

/** The fields that a form changed: what others do to the rest meanwhile is theirs. */
const changedFields = (entry: Entry, next: EntryFields): Partial<EntryFields> => {
  const before = fieldsOf(entry) as unknown as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(next).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value)),
  )
}

/** All that is known of one entry, and all that can be done to it. */
export function EntryScreen(props: {
  readonly ledger: LedgerProps
  readonly id: string
  readonly tools: FileTools
  /** The entry got another address, or is gone from the list. */
  readonly onLeave: (href: string) => void
}): JSX.Element {
  const { t } = useLanguage()
  return (
    <Screen title={t("money.detail.title")} back={{ href: "/money", label: t("money.detail.back") }}>
      <Show
        when={props.ledger.state.entry(props.id)}
        fallback={
          <EmptyState icon={CircleHelp} title={t("money.detail.gone")}>
            {t("money.detail.goneText")}
          </EmptyState>
        }
      >
        {entry => (
          <EntryCard entry={entry()} ledger={props.ledger} tools={props.tools} onLeave={props.onLeave} />
        )}
      </Show>
    </Screen>
  )
}

function EntryCard(props: {
  readonly entry: Entry
  readonly ledger: LedgerProps
  readonly tools: FileTools
  readonly onLeave: (href: string) => void
}): JSX.Element {
  const language = useLanguage()
  const { t, formats } = language
  const toast = useToast()
  const [isEditing, setEditing] = createSignal(false)
  const [isRepeating, setRepeating] = createSignal(false)
  const money = (minor: number): string => formats().money(minor, props.entry.currency)
  const facts = (): readonly (readonly [string, string])[] => {
    const { entry, ledger } = props
    const { names } = ledger
    return [
      [
        t("money.entry.date"),
        formats().day(entry.date, "long") + (entry.time === undefined ? "" : ` ${entry.time.slice(0, 5)}`),
      ],
      [t("money.entry.payee"), entry.payee],
      [t("money.entry.category"), entry.splits.length > 0 ? "" : names.category(entry.category)],
      [t("money.entry.account"), entry.direction === "transfer" ? "" : names.account(entry.account)],
      [t("money.entry.from"), entry.direction === "transfer" ? names.account(entry.account) : ""],
      [t("money.entry.to"), entry.toAccount === undefined ? "" : names.account(entry.toAccount)],
      [t("money.entry.note"), entry.note],
      [t("money.entry.tags"), entry.tags.map(tag => `#${tag}`).join(" ")],
      [t("money.field.rate"), entry.rate ?? ""],
      ...entry.splits.map(
        split => [names.category(split.category) || t("money.noCategory"), money(split.amountMinor)] as const,
      ),
      ...Object.entries(entry.shares).map(([member, minor]) => [names.member(member), money(minor)] as const),
      [
        t("money.detail.shares"),
        entry.paidBy === undefined ? "" : t("money.detail.paid", { name: names.member(entry.paidBy) }),
      ],
    ].filter((fact): fact is [string, string] => fact[1] !== "")
  }
  const remove = (): void => {
    const { entry, ledger } = props
    ledger.actions.remove(entry)
    toast({
      text: t("money.detail.deleted"),
      action: { label: t("action.undo"), run: () => ledger.actions.restore(entry) },
    })
    props.onLeave("/money")
  }
  const again = (): void => {
    const { status: _status, ...fields } = fieldsOf(props.entry)
    const id = props.ledger.actions.add({
      ...fields,
      status: "settled",
      date: props.ledger.today,
      time: undefined,
    })
    toast({ text: t("money.entry.saved") })
    props.onLeave(`/money/entry/${id}`)
  }
  const learn = (): void => {
    const { payee, category, account, tags } = props.entry
    props.ledger.actions.addRule({ payee, category, account, tags })
    toast({ text: t("money.rules.saved") })
  }
  const source = (): string | undefined => {
    const format = props.entry.importedFrom?.format
    if (format === undefined) return undefined
    return format === "recurring"
      ? t("money.detail.recurring")
      : t("money.detail.imported", {
          source: importedNames[format] ?? format.toUpperCase(),
        })
  }
  const isReadOnly = (): boolean => props.ledger.book.readOnly
  return (
    <>
      <Show when={props.entry.deletedAtMs !== undefined}>
        <Note tone="notice">
          {t("money.detail.deletedNote")}
          <Button onClick={() => props.ledger.actions.restore(props.entry)}>
            {t("money.detail.bringBack")}
          </Button>
        </Note>
      </Show>
      <EntryConflicts entry={props.entry} ledger={props.ledger} />
      <div class="card entry-head">
        <p class="entry-head-title">
          {entryTitle(props.entry, props.ledger, t(`money.${props.entry.direction}`))}
        </p>
        <p class="entry-head-amount">
          <EntryAmount entry={props.entry} />
        </p>
        <Show when={source()}>{text => <p class="quiet small">{text()}</p>}</Show>
      </div>
      <List label={t("money.detail.title")}>
        <For each={facts()}>{([name, value]) => <Row title={value} detail={name} />}</For>
      </List>
      <div class="cluster screen-only entry-actions">
        <Button kind="primary" icon={Pencil} disabled={isReadOnly()} onClick={() => setEditing(true)}>
          {t("money.detail.edit")}
        </Button>
        <Button disabled={isReadOnly()} onClick={again}>
          {t("money.detail.again")}
        </Button>
        <Button icon={Repeat} disabled={isReadOnly()} onClick={() => setRepeating(true)}>
          {t("money.detail.repeat")}
        </Button>
        <Show when={props.entry.payee !== "" && props.entry.category !== ""}>
          <Button disabled={isReadOnly()} onClick={learn}>
            {t("money.detail.rule")}
          </Button>
        </Show>
        <Button
          kind="danger"
          icon={Trash}
          disabled={isReadOnly() || props.entry.deletedAtMs !== undefined}
          onClick={remove}
        >
          {t("money.detail.delete")}
        </Button>
      </div>
      {/* Anew for each entry: what is under way belongs to the one that it was begun for. */}
      <Show when={props.entry.id} keyed>
        {_id => <Receipts entry={props.entry} ledger={props.ledger} tools={props.tools} />}
      </Show>
      <Section title={t("money.history")}>
        <EntryHistory entry={props.entry} ledger={props.ledger} />
      </Section>
      <EntrySheet
        ledger={props.ledger}
        isOpen={isEditing()}
        title={t("money.entry.edit")}
        begin={props.entry}
        onSave={fields => {
          const id = props.ledger.actions.edit(props.entry, changedFields(props.entry, fields))
          setEditing(false)
          if (id !== props.entry.id) props.onLeave(`/money/entry/${id}`)
        }}
        onClose={() => setEditing(false)}
      />
      <RecurringSheet
        ledger={props.ledger}
        isOpen={isRepeating()}
        begin={{ fields: fieldsOf(props.entry) }}
        onClose={() => setRepeating(false)}
        onSave={(fields, schedule) => {
          props.ledger.actions.addRecurring(fields, schedule)
          setRepeating(false)
          toast({ text: t("money.recurring.saved") })
        }}
      />
    </>
  )
}
