import type { Entry, EntryChange, FieldChange } from "@home/shared/documents"
import { For, type JSX, Show, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { useToast } from "../../ui/toast.js"
import { fieldName, valueText } from "./entry-words.js"
import type { LedgerProps } from "./ledger.js"

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
