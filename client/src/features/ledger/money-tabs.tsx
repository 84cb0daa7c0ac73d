import { For, type JSX, Show } from "solid-js"
import { type PlainKey, useT } from "../../i18n/index.js"
import { Select } from "../../ui/choice.js"
import type { Books } from "./ledger.js"

const moneyParts = ["entries", "accounts", "budgets", "reports", "more"] as const
export type MoneyPart = (typeof moneyParts)[number]

const labels: Readonly<Record<MoneyPart, PlainKey>> = {
  entries: "money.tab.entries",
  accounts: "money.tab.accounts",
  budgets: "money.tab.budgets",
  reports: "money.tab.reports",
  more: "money.tab.more",
}

const partHref = (part: MoneyPart): string => (part === "entries" ? "/money" : `/money/${part}`)

/** Whose money it is, where there is more than the family's; then its parts, as links: each has an address. */
export function MoneyTabs(props: {
  readonly part: MoneyPart
  readonly books: Books | undefined
}): JSX.Element {
  const t = useT()
  return (
    <>
      <Show when={props.books}>
        {books => (
          <div class="money-book">
            <Select
              label={t("money.book")}
              options={books().options}
              value={books().value}
              onChange={circle => books().onChange(circle)}
            />
          </div>
        )}
      </Show>
      <nav class="money-tabs screen-only" aria-label={t("money.tabs")}>
        <For each={moneyParts}>
          {part => (
            <a
              class="money-tab"
              href={partHref(part)}
              aria-current={part === props.part ? "page" : undefined}
            >
              {t(labels[part])}
            </a>
          )}
        </For>
      </nav>
    </>
  )
}
