import type { Entry, EntryChange, FieldChange } from "@home/shared/documents"
import { For, type JSX, Show, createSignal } from "solid-js"
import { type PlainKey, useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { useToast } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"

const fieldNames: Readonly<Record<string, PlainKey>> = {
  date: "money.entry.date",
  time: "money.field.time",
  direction: "money.field.direction",
  status: "money.field.status",
  amountMinor: "money.field.amountMinor",
  currency: "money.entry.currency",
  rate: "money.field.rate",
  account: "money.entry.account",
  toAccount: "money.entry.to",
  payee: "money.entry.payee",
  note: "money.entry.note",
  category: "money.entry.category",
  tags: "money.entry.tags",
  splits: "money.detail.split",
  shares: "money.detail.shares",
  paidBy: "money.share.paidBy",
  receipts: "money.field.receipts",
  toAmountMinor: "money.entry.to",
}

/** The value of a field in words. */
export const valueText = (
  field: string,
  value: unknown,
  entry: Entry,
  ledger: LedgerProps,
  language: ReturnType<typeof useLanguage>,
): string => {
  const { t, formats } = language
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    return t("money.history.nothing")
  if (typeof value === "number" && (field === "amountMinor" || field === "toAmountMinor"))
    return formats().money(value, entry.currency)
  if (Array.isArray(value)) return value.map(String).join(", ")
  if (typeof value === "object") return "…"
  const text = String(value)
  if (field === "category") return ledger.names.category(text) || text
  if (field === "account" || field === "toAccount") return ledger.names.account(text) || text
  if (field === "paidBy") return ledger.names.member(text)
  if (field === "date") return formats().day(text, "long")
  if (
    field === "direction" &&
    (text === "expense" || text === "income" || text === "transfer" || text === "neutral")
  )
    return t(`money.${text}`)
  return text
}

export const fieldName = (field: string, t: ReturnType<typeof useLanguage>["t"]): string => {
  const key = fieldNames[field]
  return key === undefined ? field : t(key)
}

/** Who changed what, when; each state can be brought back as a new edit. Asked for only when somebody wants to see it. */
export function EntryHistory(props: { readonly entry: Entry; readonly ledger: LedgerProps }): JSX.Element {
  const language = useLanguage()
  const { t, formats } = language
  const toast = useToast()
  const [changes, setChanges] = createSignal<readonly EntryChange[] | undefined>(undefined)
  const show = async (): Promise<void> => {
    setChanges(await props.ledger.actions.historyOf(props.entry))
  }
  const goBack = async (hash: string): Promise<void> => {
    const { entry, ledger } = props
    const fields = await ledger.actions.stateAt(entry, hash)
    if (fields === undefined) return
    const { time: _time, ...patch } = fields
    ledger.actions.edit(entry, patch)
    toast({ text: t("money.history.done") })
    setChanges(undefined)
  }
  const fieldText = (change: FieldChange): string => {
    const field = fieldName(change.field, t)
    const text = (value: unknown): string =>
      valueText(change.field, value, props.entry, props.ledger, language)
    return change.field === "splits" || change.field === "shares" || change.field === "receipts"
      ? t("money.history.fieldOnly", { field })
      : t("money.history.field", { field, before: text(change.before), after: text(change.after) })
  }
  return (
    <div>
      <Show
        when={changes()}
        fallback={<Button onClick={() => void show()}>{t("money.history.show")}</Button>}
      >
        {list => (
          <ol class="history">
            <For each={[...list()].reverse()}>
              {(change, at) => (
                <li class="history-item">
                  <p>
                    <strong>
                      {t(`money.history.${change.kind}`, { name: props.ledger.names.member(change.author) })}
                    </strong>{" "}
                    <time class="quiet small">{formats().dateTime(change.atMs)}</time>
                  </p>
                  <For each={change.fields}>{field => <p class="small">{fieldText(field)}</p>}</For>
                  <Show when={at() > 0 && change.kind !== "removed" && !props.ledger.book.readOnly}>
                    <Button kind="quiet" onClick={() => void goBack(change.hash)}>
                      {t("money.history.restore")}
                    </Button>
                  </Show>
                </li>
              )}
            </For>
          </ol>
        )}
      </Show>
    </div>
  )
}
