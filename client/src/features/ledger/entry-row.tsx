import type { Entry } from "@home/shared/documents"
import Paperclip from "lucide-solid/icons/paperclip"
import { type JSX, Show } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Badge } from "../../ui/pieces.js"
import { entryIcon } from "./icons.js"
import type { LedgerProps } from "./ledger.js"
import { signedMinor } from "./ledger.js"
import { Drawn } from "../../ui/icon.js"

const entryHref = (entry: Entry): string => `/money/entry/${entry.id}`

/** An amount with its sign and colour; a transfer has neither. */
export function EntryAmount(props: { readonly entry: Entry }): JSX.Element {
  const { formats } = useLanguage()
  const isPlain = (): boolean => props.entry.direction === "transfer" || props.entry.direction === "neutral"
  return (
    <span class="numbers entry-amount" data-direction={props.entry.direction}>
      {isPlain()
        ? formats().money(props.entry.amountMinor, props.entry.currency)
        : formats().money(signedMinor(props.entry), props.entry.currency, { sign: "always" })}
    </span>
  )
}

/** What an entry is called: its payee, else its category, else its kind. */
export const entryTitle = (entry: Entry, ledger: Pick<LedgerProps, "names">, kindName: string): string => {
  const { names } = ledger
  if (entry.payee !== "") return entry.payee
  if (entry.direction === "transfer")
    return `${names.account(entry.account)} → ${names.account(entry.toAccount ?? "")}`
  return names.category(entry.splits[0]?.category ?? entry.category) || entry.note || kindName
}

/** One line of the list: a link to all that is known of the entry. */
export function EntryRow(props: { readonly entry: Entry; readonly ledger: LedgerProps }): JSX.Element {
  const { t } = useLanguage()
  const icon = (): JSX.Element => {
    const category = props.ledger.book.categories.get(props.entry.splits[0]?.category ?? props.entry.category)
    return <Drawn icon={entryIcon(props.entry, category?.icon)} size="1.375rem" />
  }
  const detail = (): string => {
    const { entry } = props
    const { names } = props.ledger
    const categories =
      entry.splits.length > 0 ? entry.splits.map(({ category }) => category) : [entry.category]
    const named = categories.map(names.category).filter(name => name !== "")
    const parts = [
      entry.payee === "" ? "" : [...new Set(named)].join(", "),
      entry.direction === "transfer" ? "" : names.account(entry.account),
      ...entry.tags.map(tag => `#${tag}`),
      entry.payee === "" && named.length === 0 ? "" : entry.note,
    ]
    return parts.filter(part => part !== "").join(" · ")
  }
  return (
    <a class="row entry-row" href={entryHref(props.entry)} data-entry={props.entry.id}>
      <span class="entry-icon" data-direction={props.entry.direction}>
        {icon()}
      </span>
      <span class="row-text">
        <span class="row-title">
          {entryTitle(props.entry, props.ledger, t(`money.${props.entry.direction}`))}
        </span>
        <span class="row-detail entry-detail">{detail()}</span>
      </span>
      <span class="row-trail">
        <Show when={props.entry.receipts.length > 0}>
          <span class="entry-clip quiet">
            <Drawn icon={Paperclip} size="1em" />
            <span class="spoken">{t("receipts.count", { count: props.entry.receipts.length })}</span>
          </span>
        </Show>
        <Show when={props.entry.status !== "settled"}>
          <Badge tone={props.entry.status === "pending" ? "notice" : "plain"}>
            {t(
              props.entry.status === "pending"
                ? "money.pending"
                : props.entry.status === "closed"
                  ? "money.closed"
                  : "money.refunded",
            )}
          </Badge>
        </Show>
        <EntryAmount entry={props.entry} />
      </span>
    </a>
  )
}
