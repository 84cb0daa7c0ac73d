import { type ReportKind, type ReportRow, minorDigits, reportKinds, reportOf } from "@home/shared/documents"
import ChartColumn from "lucide-solid/icons/chart-column"
import Printer from "lucide-solid/icons/printer"
import { For, type JSX, Show, Suspense, createMemo, createSignal, lazy } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { IconButton } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { EmptyState, Note, Skeleton } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { Bars, type NamedBar } from "./bars.js"
import type { LedgerProps } from "./ledger.js"
import { MoneyTabs } from "./money-tabs.js"
import { YearsComing } from "./years-coming.js"

const Chart = lazy(() => import("./chart.js"))

const spans = ["month", "year", "last", "all"] as const
type Span = (typeof spans)[number]

/** Bars beyond these are too thin to read; the table has them all. */
const mostBars = 12

/** What the date of an entry begins with that lies in the span. */
const startOf = (span: Span, today: string): string => {
  const year = Number(today.slice(0, 4))
  if (span === "month") return today.slice(0, 7)
  if (span === "year") return `${year}-`
  return span === "last" ? `${year - 1}-` : ""
}

/** Income and spending summed up by month, category, tag, person, account or payee: a picture and the same as a table. */
export function ReportsScreen(props: { readonly ledger: LedgerProps }): JSX.Element {
  const { t, formats } = useLanguage()
  const [kind, setKind] = createSignal<ReportKind>("category")
  const [span, setSpan] = createSignal<Span>("month")
  const choose = (next: ReportKind): void => {
    // Months are there to be compared: one alone says nothing.
    if (next === "month" && span() === "month") setSpan("year")
    setKind(next)
  }
  const entries = createMemo(() => {
    const start = startOf(span(), props.ledger.today)
    // A span is of whole months.
    return props.ledger.state.months().flatMap(month => (month[0]?.date.startsWith(start) ? month : []))
  })
  const report = createMemo(() => reportOf(entries(), props.ledger.book, kind()))
  const rows = createMemo(() =>
    kind() === "month"
      ? report().rows
      : [...report().rows].sort(
          (a, b) =>
            b.family.expenseMinor + b.family.incomeMinor - (a.family.expenseMinor + a.family.incomeMinor),
        ),
  )
  const nameOf = (key: string): string => {
    if (kind() === "month") return formats().month(key)
    if (key === "") return t(kind() === "person" ? "money.reports.everyone" : "money.reports.none")
    if (kind() === "category") return props.ledger.names.category(key)
    if (kind() === "account") return props.ledger.names.account(key)
    if (kind() === "person") return props.ledger.names.member(key)
    return kind() === "tag" ? `#${key}` : key
  }
  const currency = (): string => props.ledger.book.currency || props.ledger.currency
  const spanText = (): string =>
    span() === "month" ? formats().month(props.ledger.today.slice(0, 7)) : t(`money.reports.span.${span()}`)
  const scale = (): number => 10 ** minorDigits(currency())
  /** Only of a report by month: other keys are no months. */
  const months = () =>
    rows()
      .slice(-mostBars)
      .map(row => ({
        label: formats().monthShort(row.key),
        expense: row.family.expenseMinor / scale(),
        income: row.family.incomeMinor / scale(),
      }))
  const money = (minor: number): string => formats().money(minor, currency())
  /** A column of zeros hides the few sums in it. */
  const sum = (minor: number): string => (minor === 0 ? "–" : money(minor))
  /** What was spent; where nothing was, what was received. */
  const bars = createMemo((): readonly NamedBar[] => {
    const series = report().total.family.expenseMinor > 0 ? "out" : "in"
    const minorOf = ({ family }: ReportRow): number =>
      series === "out" ? family.expenseMinor : family.incomeMinor
    return [...rows()]
      .filter(row => minorOf(row) > 0)
      .sort((a, b) => minorOf(b) - minorOf(a))
      .slice(0, mostBars)
      .map(row => ({ name: nameOf(row.key), series, value: minorOf(row), text: money(minorOf(row)) }))
  })
  const isTotalForeign = (): number => report().total.unconverted
  const line = (row: ReportRow, name: string): JSX.Element => (
    <>
      <th scope="row">{name}</th>
      <td class="numbers">{sum(row.family.expenseMinor)}</td>
      <td class="numbers">{sum(row.family.incomeMinor)}</td>
    </>
  )
  return (
    <Screen
      title={t("money.tab.reports")}
      width="wide"
      actions={
        <span class="screen-only">
          <IconButton kind="plain" icon={Printer} label={t("palette.print")} onClick={() => print()} />
        </span>
      }
    >
      <MoneyTabs part="reports" books={props.ledger.books} />
      <div class="pair screen-only">
        <Select
          label={t("money.reports.by")}
          options={reportKinds.map(value => ({ value, label: t(`money.reports.${value}`) }))}
          value={kind()}
          onChange={choose}
        />
        <Select
          label={t("money.reports.span")}
          options={spans.map(value => ({ value, label: t(`money.reports.span.${value}`) }))}
          value={span()}
          onChange={setSpan}
        />
      </div>
      <p class="print-only">
        {t("money.reports.printed", {
          kind: t(`money.reports.${kind()}`),
          span: spanText(),
          date: formats().day(props.ledger.today, "long"),
        })}
      </p>
      <Show
        when={rows().length > 0}
        fallback={
          <Show when={props.ledger.state.isWhole()} fallback={<Skeleton label={t("app.loading")} />}>
            <EmptyState icon={ChartColumn} title={t("money.reports.emptyTitle")}>
              {t("money.reports.emptyText")}
            </EmptyState>
          </Show>
        }
      >
        <YearsComing ledger={props.ledger} />
        <div class="report">
          <div class="card">
            <Show
              when={kind() === "month"}
              fallback={
                <>
                  <h2 class="bars-title">
                    {t(bars()[0]?.series === "in" ? "money.reports.in" : "money.reports.out")}
                  </h2>
                  <Bars
                    label={t("money.reports.chart", { what: t(`money.reports.${kind()}`) })}
                    bars={bars()}
                  />
                </>
              }
            >
              <p class="chart-legend small" aria-hidden="true">
                <span data-series="out">{t("money.reports.out")}</span>
                <span data-series="in">{t("money.reports.in")}</span>
              </p>
              <Suspense fallback={<div class="chart" />}>
                <Chart
                  label={t("money.reports.chart", { what: t("money.reports.month") })}
                  bars={months()}
                  expenseName={t("money.reports.out")}
                  incomeName={t("money.reports.in")}
                  format={value => formats().number(value)}
                />
              </Suspense>
            </Show>
          </div>
          <div class="table-holder" tabIndex={0} role="region" aria-label={t(`money.reports.${kind()}`)}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t("money.reports.name")}</th>
                  <th scope="col">{t("money.reports.out")}</th>
                  <th scope="col">{t("money.reports.in")}</th>
                </tr>
              </thead>
              <tbody>
                <For each={rows()}>{row => <tr>{line(row, nameOf(row.key))}</tr>}</For>
              </tbody>
              <tfoot>
                <tr>{line(report().total, t("money.reports.total"))}</tr>
              </tfoot>
            </table>
          </div>
        </div>
        <Show when={kind() === "tag"}>
          <p class="quiet small">{t("money.reports.tagNote")}</p>
        </Show>
        <Show when={isTotalForeign() > 0}>
          <Note tone="notice">{t("money.reports.foreign", { count: isTotalForeign() })}</Note>
        </Show>
      </Show>
    </Screen>
  )
}
