import type { PreviewRow, RowState } from "@home/shared/documents"
import { type JSX, Show } from "solid-js"
import { type PlainKey, useLanguage } from "../../i18n/index.js"
import { Badge, type Tone } from "../../ui/pieces.js"
import { VirtualList } from "../../ui/virtual-list.js"
import type { LedgerProps } from "./ledger.js"

/** A new row says so by its tick. */
const stateNames: Readonly<Record<Exclude<RowState, "new">, PlainKey>> = {
  known: "money.import.state.known",
  likely: "money.import.state.likely",
}
const tones: Readonly<Record<Exclude<RowState, "new">, Tone>> = { known: "plain", likely: "notice" }

/** Every row of a file with what it would become; those that are wanted have a tick. */
export default function ImportPreviewList(props: {
  readonly ledger: LedgerProps
  readonly rows: readonly PreviewRow[]
  readonly isKept: (row: PreviewRow) => boolean
  readonly onToggle: (row: PreviewRow) => void
}): JSX.Element {
  const { t, formats } = useLanguage()
  const nameOf = (row: PreviewRow): string =>
    row.fields.payee || row.fields.note || t(`money.${row.fields.direction}`)
  const amountOf = ({ fields }: PreviewRow): string => {
    const minor = fields.direction === "expense" ? -fields.amountMinor : fields.amountMinor
    return formats().money(minor, fields.currency, {
      sign: fields.direction === "neutral" ? "auto" : "always",
    })
  }
  return (
    <VirtualList
      label={t("money.import.preview")}
      items={props.rows}
      keyOf={row => `${row.draft.line} ${row.draft.sourceId}`}
      rowPx={64}
    >
      {row => (
        <label class="row import-row">
          <input
            type="checkbox"
            class="tick"
            checked={props.isKept(row)}
            disabled={row.state === "known"}
            aria-label={t("money.import.include", { what: nameOf(row) })}
            onChange={() => props.onToggle(row)}
          />
          <span class="row-text">
            <span class="row-title">{nameOf(row)}</span>
            <span class="row-detail">
              {[
                formats().day(row.fields.date),
                row.draft.category === "" || props.ledger.names.category(row.fields.category) !== ""
                  ? props.ledger.names.category(row.fields.category)
                  : row.draft.category,
                row.draft.account,
              ]
                .filter(part => part !== "")
                .join(" · ")}
            </span>
          </span>
          <span class="row-trail">
            <Show when={row.state !== "new" && row.state}>
              {state => <Badge tone={tones[state()]}>{t(stateNames[state()])}</Badge>}
            </Show>
            <span class="numbers entry-amount" data-direction={row.fields.direction}>
              {amountOf(row)}
            </span>
          </span>
        </label>
      )}
    </VirtualList>
  )
}
