import { type Debt, netOwed, settlementOf, whoOwes } from "@home/shared/documents"
import HandCoins from "lucide-solid/icons/hand-coins"
import { For, type JSX, Show, createMemo } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Avatar, EmptyState, Skeleton } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"
import type { Person } from "./names.js"
import { YearsComing } from "./years-coming.js"

/** Who is owed and who owes, and the fewest payments that settle it. */
export function OwesScreen(props: { readonly ledger: LedgerProps }): JSX.Element {
  const { t, formats } = useLanguage()
  const toast = useToast()
  const nets = createMemo(() =>
    [...netOwed(props.ledger.state.entries())].flatMap(([currency, net]) =>
      [...net].filter(([, minor]) => minor !== 0).map(([member, minor]) => ({ currency, member, minor })),
    ),
  )
  const debts = createMemo(() => whoOwes(props.ledger.state.entries()))
  const person = (member: string): Person | undefined => props.ledger.people.find(({ id }) => id === member)
  const settle = (debt: Debt): void => {
    const id = props.ledger.actions.add(settlementOf(debt, props.ledger.today, t("money.owes.note")))
    toast({
      text: t("money.owes.settled"),
      action: {
        label: t("action.undo"),
        run: () => {
          const entry = props.ledger.state.entry(id)
          if (entry !== undefined) props.ledger.actions.remove(entry)
        },
      },
    })
  }
  return (
    <Screen title={t("money.owes")} back={{ href: "/money/more", label: t("action.back") }}>
      <Show
        when={debts().length > 0}
        fallback={
          <Show when={props.ledger.state.isWhole()} fallback={<Skeleton label={t("app.loading")} />}>
            <EmptyState
              icon={HandCoins}
              title={t("money.owes.emptyTitle")}
              action={
                <a class="button" href="/money">
                  {t("money.detail.back")}
                </a>
              }
            >
              {t("money.owes.emptyText")}
            </EmptyState>
          </Show>
        }
      >
        <YearsComing ledger={props.ledger} />
        <ul class="list">
          <For each={nets()}>
            {({ member, minor, currency }) => (
              <li class="row-item row">
                <span class="row-lead">
                  <Avatar
                    place={person(member)?.place ?? 0}
                    name={props.ledger.names.member(member)}
                    colour={person(member)?.colour ?? ""}
                  />
                </span>
                <span class="row-text">
                  <span class="row-title">{props.ledger.names.member(member)}</span>
                  <span class="row-detail">{t(minor > 0 ? "money.owes.gets" : "money.owes.gives")}</span>
                </span>
                <span class="row-trail numbers">{formats().money(Math.abs(minor), currency)}</span>
              </li>
            )}
          </For>
        </ul>
        <ul class="list">
          <For each={debts()}>
            {debt => (
              <li class="row-item row">
                <span class="row-text">
                  <span class="row-title">
                    {t("money.owes.pays", {
                      from: props.ledger.names.member(debt.from),
                      to: props.ledger.names.member(debt.to),
                    })}
                  </span>
                  <span class="row-detail numbers">{formats().money(debt.amountMinor, debt.currency)}</span>
                </span>
                {/* A sum of some years is no debt to settle. */}
                <Button
                  disabled={props.ledger.book.readOnly || !props.ledger.state.isWhole()}
                  onClick={() => settle(debt)}
                >
                  {t("money.owes.settle")}
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Screen>
  )
}
