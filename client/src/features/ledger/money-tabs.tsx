import { For, type JSX } from "solid-js"
import { type PlainKey, useT } from "../../i18n/index.js"

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

/** The parts of Money; links, so that each has an address and the back button works. */
export function MoneyTabs(props: { readonly part: MoneyPart }): JSX.Element {
  const t = useT()
  return (
    <nav class="money-tabs screen-only" aria-label={t("money.tabs")}>
      <For each={moneyParts}>
        {part => (
          <a class="money-tab" href={partHref(part)} aria-current={part === props.part ? "page" : undefined}>
            {t(labels[part])}
          </a>
        )}
      </For>
    </nav>
  )
}
