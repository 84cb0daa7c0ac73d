import Download from "lucide-solid/icons/download"
import FileInput from "lucide-solid/icons/file-input"
import HandCoins from "lucide-solid/icons/hand-coins"
import LayoutGrid from "lucide-solid/icons/layout-grid"
import Repeat from "lucide-solid/icons/repeat"
import Sparkles from "lucide-solid/icons/sparkles"
import { For, type JSX, Show } from "solid-js"
import { type PlainKey, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Segmented, Select } from "../../ui/choice.js"
import { List, Row } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { currencies } from "./currencies.js"
import type { LedgerProps } from "./ledger.js"
import { MoneyTabs } from "./money-tabs.js"
import { Drawn, type Icon } from "../../ui/icon.js"

const places: readonly { readonly href: string; readonly label: PlainKey; readonly icon: Icon }[] = [
  { href: "/money/recurring", label: "money.recurring", icon: Repeat },
  { href: "/money/owes", label: "money.owes", icon: HandCoins },
  { href: "/money/categories", label: "money.categories", icon: LayoutGrid },
  { href: "/money/rules", label: "money.rules", icon: Sparkles },
  { href: "/money/import", label: "money.import.title", icon: FileInput },
]

/** What is needed now and then. */
export function MoreScreen(props: {
  readonly ledger: LedgerProps
  /** Whether members without a right of their own write this year. Left out: nobody here may change it. */
  readonly usersWrite: boolean | undefined
  readonly onUsersWrite: (usersWrite: boolean) => void
  readonly onExport: () => void
}): JSX.Element {
  const t = useT()
  return (
    <Screen title={t("money.tab.more")}>
      <MoneyTabs part="more" books={props.ledger.books} />
      <List>
        <For each={places}>
          {place => (
            <Row lead={<Drawn icon={place.icon} size="1.5rem" />} title={t(place.label)} href={place.href} />
          )}
        </For>
      </List>
      <Section title={t("money.currency.family")}>
        <Select
          label={t("money.currency.family")}
          isLabelHidden
          options={currencies([props.ledger.currency])}
          value={props.ledger.currency}
          isDisabled={props.ledger.book.readOnly}
          onChange={currency => props.ledger.actions.setCurrency(currency)}
        />
      </Section>
      <Show when={props.usersWrite !== undefined}>
        <Section title={t("money.policy", { year: props.ledger.today.slice(0, 4) })}>
          <Segmented
            label={t("money.policy", { year: props.ledger.today.slice(0, 4) })}
            isLabelHidden
            options={[
              { value: "everybody", label: t("money.policy.everybody") },
              { value: "editors", label: t("money.policy.editors") },
            ]}
            value={props.usersWrite === false ? "editors" : "everybody"}
            onChange={value => props.onUsersWrite(value === "everybody")}
          />
          <p class="quiet small">{t("money.policy.why")}</p>
        </Section>
      </Show>
      <Section title={t("money.export")}>
        <p class="quiet">{t("money.export.text")}</p>
        <div class="cluster">
          <Button icon={Download} onClick={() => props.onExport()}>
            {t("money.export.csv")}
          </Button>
        </div>
      </Section>
    </Screen>
  )
}
