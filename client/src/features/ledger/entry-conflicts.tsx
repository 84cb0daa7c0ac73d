import type { Entry, EntryFields } from "@home/shared/documents"
import { For, type JSX, Show, createResource } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Note } from "../../ui/pieces.js"
import { fieldName, valueText } from "./entry-words.js"
import type { LedgerProps } from "./ledger.js"

/** Fields that one button can settle: their values are texts and numbers. */
const simple = new Set([
  "date",
  "payee",
  "note",
  "category",
  "account",
  "amountMinor",
  "paidBy",
  "direction",
  "rate",
])

const patchOf = (field: string, value: unknown): Partial<EntryFields> | undefined =>
  simple.has(field) && (typeof value === "string" || typeof value === "number")
    ? { [field]: value }
    : undefined

/** Values that two members wrote without knowing of each other: both are shown until somebody says which is right. */
export function EntryConflicts(props: { readonly entry: Entry; readonly ledger: LedgerProps }): JSX.Element {
  const language = useLanguage()
  const { t } = language
  const [conflicts] = createResource(
    // Whose value is on top sees no change of the entry when another one comes to lie below it.
    () => ({ entry: props.entry, revision: props.ledger.state.revision() }),
    ({ entry }) => props.ledger.actions.conflictsOf(entry),
  )
  const shown = () => Object.entries(conflicts.latest ?? {}).filter(([field]) => simple.has(field))
  return (
    <Show when={shown().length > 0}>
      <Note tone="notice">
        <strong>{t("money.conflict")}</strong>
        <For each={shown()}>
          {([field, values]) => (
            <>
              <p>{t("money.conflict.text", { field: fieldName(field, t) })}</p>
              <div class="cluster">
                <For each={values}>
                  {one => (
                    <Button
                      onClick={() => {
                        const patch = patchOf(field, one.value)
                        // Writing even the shown value settles it: the edit knows of both.
                        if (patch !== undefined) props.ledger.actions.edit(props.entry, patch)
                      }}
                    >
                      {valueText(field, one.value, props.entry, props.ledger, language)}
                    </Button>
                  )}
                </For>
              </div>
            </>
          )}
        </For>
      </Note>
    </Show>
  )
}
