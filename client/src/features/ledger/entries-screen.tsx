import { type Filter, noFilter } from "@home/shared/documents"
import ListFilter from "lucide-solid/icons/list-filter"
import Plus from "lucide-solid/icons/plus"
import SearchX from "lucide-solid/icons/search-x"
import WalletCards from "lucide-solid/icons/wallet-cards"
import X from "lucide-solid/icons/x"
import {
  For,
  type JSX,
  Match,
  Show,
  Suspense,
  Switch,
  createMemo,
  createSignal,
  lazy,
  onCleanup,
  onMount,
} from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { TextField } from "../../ui/field.js"
import { EmptyState, Note, Skeleton } from "../../ui/pieces.js"
import { createPrinting } from "../../ui/printing.js"
import { Screen } from "../../ui/screen.js"
import { useToast, useToastsHeight } from "../../ui/toast.js"
import { VirtualList } from "../../ui/virtual-list.js"
import { DueCard } from "./due-card.js"
import { EntryRow } from "./entry-row.js"
import { EntrySheet } from "./entry-sheet.js"
import { partsOf } from "./filter-parts.js"
import { allEntries, createFound } from "./found-entries.js"
import type { LedgerProps } from "./ledger.js"
import { MoneyTabs } from "./money-tabs.js"
import { MonthHead } from "./month-head.js"
import { PrintedEntries } from "./printed-entries.js"
import type { TimelineRow } from "./timeline.js"
import { WaitingCard } from "./waiting-card.js"
import { YearsComing } from "./years-coming.js"
import { Drawn } from "../../ui/icon.js"

// Fetched while the list is drawn: nobody filters what he has not seen.
const FilterSheet = lazy(() => import("./filter-sheet.js"))

const rowPx = 60
/** About fifty sheets: a browser needs seconds for that. */
const mostPrinted = 2_000

/** All entries by day, with what each month came to; search, filters and the button that adds. */
export function EntriesScreen(props: {
  readonly ledger: LedgerProps
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
  readonly isAdding: boolean
  readonly onAdding: (isAdding: boolean) => void
}): JSX.Element {
  const { t, formats } = useLanguage()
  const toast = useToast()
  const toastsHeight = useToastsHeight()
  const [isFiltering, setFiltering] = createSignal(false)
  const isPrinting = createPrinting()
  // eslint-disable-next-line solid/reactivity -- one ledger for as long as this screen lives
  const found = createFound(props.ledger, () => props.filter)
  const isFiltered = (): boolean => found() !== undefined
  const shown = createMemo(() => found() ?? allEntries(props.ledger))
  const rows = (): readonly TimelineRow[] => shown().rows
  const change = (patch: Partial<Filter>): void => props.onFilter({ ...props.filter, ...patch })
  const saved = createMemo(() =>
    [...props.ledger.book.filters.values()].filter(filter => filter.deletedAtMs === undefined),
  )
  const forget = (id: string, name: string): void => {
    props.ledger.actions.setFilterRemoved(id, true)
    toast({
      text: t("money.filter.forgotten", { name }),
      action: { label: t("action.undo"), run: () => props.ledger.actions.setFilterRemoved(id, false) },
    })
  }
  onMount(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === "/") document.getElementById("money-search")?.querySelector("input")?.focus()
      else if (!moveFocus(event.key)) return
      event.preventDefault()
    }
    document.addEventListener("keydown", onKey)
    onCleanup(() => document.removeEventListener("keydown", onKey))
  })
  return (
    <Screen
      title={t("nav.money")}
      actions={
        <span class="head-add screen-only">
          <Button
            kind="primary"
            icon={Plus}
            onClick={() => props.onAdding(true)}
            disabled={props.ledger.book.readOnly}
          >
            {t("money.add")}
          </Button>
        </span>
      }
    >
      <MoneyTabs part="entries" books={props.ledger.books} />
      <Show when={props.ledger.book.readOnly}>
        <Note tone="notice">{props.ledger.readOnlyWhy ?? t("money.readOnly")}</Note>
      </Show>
      <WaitingCard ledger={props.ledger} />
      <DueCard ledger={props.ledger} />
      <div class="search-line screen-only" id="money-search" role="search">
        <TextField
          label={t("money.search")}
          isLabelHidden
          type="search"
          autocomplete="off"
          placeholder={t("money.search.placeholder")}
          value={props.filter.text}
          onInput={text => change({ text })}
        />
        <Button icon={ListFilter} onClick={() => setFiltering(true)}>
          {partsOf(props.filter) > 0
            ? t("money.filter.active", { count: partsOf(props.filter) })
            : t("money.filter")}
        </Button>
      </div>
      <Show when={saved().length > 0}>
        <div class="chips screen-only" role="group" aria-label={t("money.filter.saved")}>
          <For each={saved()}>
            {one => (
              <span class="chip-pair">
                <button
                  type="button"
                  class="chip"
                  aria-pressed={JSON.stringify(one.filter) === JSON.stringify(props.filter)}
                  onClick={() => props.onFilter(one.filter)}
                >
                  {one.name}
                </button>
                <IconButton
                  icon={X}
                  label={t("money.filter.forget", { name: one.name })}
                  onClick={() => forget(one.id, one.name)}
                />
              </span>
            )}
          </For>
        </div>
      </Show>
      <Show when={isFiltered()}>
        <div class="cluster found screen-only">
          <span class="quiet" aria-live="polite">
            {t("money.list.count", {
              count: shown().months.reduce((count, entries) => count + entries.length, 0),
            })}
          </span>
          <Button kind="quiet" onClick={() => props.onFilter(noFilter)}>
            {t("money.filter.clear")}
          </Button>
        </div>
      </Show>
      <Switch
        fallback={
          <div class="screen-only">
            <VirtualList
              label={t("money.list.label")}
              items={rows()}
              keyOf={row => row.key}
              kindOf={row => row.type}
              rowPx={rowPx}
            >
              {row => (
                <Switch>
                  <Match when={row.type === "Entry" && row}>
                    {shown => <EntryRow entry={shown().entry} ledger={props.ledger} />}
                  </Match>
                  <Match when={row.type === "Month" && row}>{shown => <MonthHead row={shown()} />}</Match>
                  <Match when={row.type === "Day"}>
                    <h3 class="day-head">{formats().day(row.key, "long")}</h3>
                  </Match>
                </Switch>
              )}
            </VirtualList>
          </div>
        }
      >
        <Match when={rows().length === 0 && isFiltered()}>
          <EmptyState icon={SearchX} title={t("money.list.nothingTitle")}>
            {t("money.list.nothingText")}
          </EmptyState>
        </Match>
        <Match when={rows().length === 0 && !props.ledger.state.isReady()}>
          <Skeleton label={t("app.loading")} />
        </Match>
        <Match when={rows().length === 0}>
          <EmptyState
            icon={WalletCards}
            title={t(props.ledger.circle === undefined ? "money.list.emptyTitle" : "money.list.emptyBook")}
            action={
              <div class="cluster">
                <Button kind="primary" icon={Plus} onClick={() => props.onAdding(true)}>
                  {t("money.add")}
                </Button>
                <a class="button" href="/money/import">
                  {t("money.list.import")}
                </a>
              </div>
            }
          >
            {t("money.list.emptyText")}
          </EmptyState>
        </Match>
      </Switch>
      <Show when={isPrinting()}>
        <PrintedEntries months={shown().months} ledger={props.ledger} most={mostPrinted} />
      </Show>
      <Show when={rows().length > 0}>
        <YearsComing ledger={props.ledger} />
      </Show>
      <Show when={rows().length > 0 || isFiltered()}>
        <button
          type="button"
          class="button float-add screen-only"
          style={{ "--toasts-height": toastsHeight() }}
          data-kind="primary"
          aria-label={t("money.add")}
          disabled={props.ledger.book.readOnly}
          onClick={() => props.onAdding(true)}
        >
          <Drawn icon={Plus} size="1.75rem" />
        </button>
      </Show>
      <EntrySheet
        ledger={props.ledger}
        isOpen={props.isAdding}
        title={t("money.entry.new")}
        onSave={fields => {
          const id = props.ledger.actions.add(fields)
          props.onAdding(false)
          toast({
            text: t("money.entry.saved"),
            action: {
              label: t("action.undo"),
              // Also what waits for room and is in no list yet.
              run: () => props.ledger.actions.remove({ id, date: fields.date }),
            },
          })
        }}
        onClose={() => props.onAdding(false)}
      />
      <Suspense>
        <FilterSheet
          ledger={props.ledger}
          isOpen={isFiltering()}
          filter={props.filter}
          onChange={props.onFilter}
          onClose={() => setFiltering(false)}
        />
      </Suspense>
    </Screen>
  )
}

/** Arrow keys walk over the entries in sight; true when the key was one. */
const moveFocus = (key: string): boolean => {
  const step = key === "ArrowDown" || key === "j" ? 1 : key === "ArrowUp" || key === "k" ? -1 : 0
  if (step === 0) return false
  const links = [...document.querySelectorAll<HTMLElement>("a.entry-row")].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  )
  const at = links.indexOf(document.activeElement as HTMLElement)
  const next = at === -1 ? links.find(link => link.getBoundingClientRect().top >= 0) : links[at + step]
  next?.focus()
  next?.scrollIntoView({ block: "nearest" })
  return next !== undefined
}
