import { createSearchIndex } from "@home/shared/documents"
import {
  type JSX,
  Show,
  createContext,
  createEffect,
  createMemo,
  onCleanup,
  untrack,
  useContext,
} from "solid-js"
import { circleNameOf } from "../features/family/names.js"
import { shareNameOf, shareSilence } from "../features/others/names.js"
import { likelyCurrency } from "../features/ledger/currencies.js"
import { dueOf } from "../features/ledger/due-card.js"
import type { Books, LedgerProps } from "../features/ledger/ledger.js"
import { type Person, createNames } from "../features/ledger/names.js"
import type { Place, ShareView } from "../engine/port.js"
import { useLanguage, useT } from "../i18n/index.js"
import { whenIdle } from "../platform/idle.js"
import { createMoneyActions } from "../state/money-actions.js"
import { Skeleton } from "../ui/pieces.js"
import { useToast } from "../ui/toast.js"
import { useHome } from "./home.js"
import { keptMoney } from "./kept-money.js"
import { showBook, shownBook } from "./shown-book.js"

/** The browser's word on where somebody lives, where it speaks the language that was chosen. */
const placeOf = (locale: string): string =>
  navigator.language.slice(0, 2) === locale.slice(0, 2) ? navigator.language : locale

/** Recurring entries that one start of the app enters by itself; the rest follows when these are in. */
const enteredAtOnce = 40

const MoneyContext = createContext<LedgerProps>()

const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("")

/** Gives the money of the book that was chosen to all screens below; another book is another provider. */
export function MoneyProvider(props: { readonly children: JSX.Element }): JSX.Element {
  const home = useHome()
  const t = useT()
  const circles = createMemo(() => (home.membership()?.circles ?? []).filter(({ isRead }) => isRead))
  // Who was taken out of a circle, on this very day perhaps, sees the family's book.
  const shares = createMemo(() => home.shares() ?? [])
  const share = createMemo(() => shares().find(each => each.share === shownBook()))
  const shown = createMemo(
    () =>
      circles().find(({ id }) => id === shownBook()) ??
      circles().find(({ isEveryone }) => isEveryone) ??
      circles()[0],
  )
  /** Undefined: Everyone's, also while nobody knows yet which there are. */
  const place = createMemo(
    (): Place | undefined => share()?.share ?? (shown()?.isEveryone === true ? undefined : shown()?.id),
  )
  const books = createMemo((): Books | undefined =>
    circles().length + shares().length < 2
      ? undefined
      : {
          options: [
            ...circles().map(each => ({ value: each.id, label: circleNameOf(t, each) })),
            ...shares().map(each => ({ value: each.share, label: shareNameOf(t, each) })),
          ],
          value: place() ?? shown()?.id ?? "",
          onChange: showBook,
        },
  )
  return (
    <Show when={{ of: place() }} keyed>
      {({ of }) => (
        <BookProvider circle={of} share={share()} books={books()}>
          {props.children}
        </BookProvider>
      )}
    </Show>
  )
}

/** Enters what recurs by itself. */
function BookProvider(props: {
  readonly circle: Place | undefined
  /** Where it is shared with another family. */
  readonly share: ShareView | undefined
  readonly books: Books | undefined
  readonly children: JSX.Element
}): JSX.Element {
  const home = useHome()
  const { t, locale } = useLanguage()
  const toast = useToast()
  // One book for as long as this provider lives.
  // eslint-disable-next-line solid/reactivity
  const { circle } = props
  const { state, today } = keptMoney(home, circle)
  const actions = createMoneyActions({
    engine: home.engine,
    circle,
    newId,
    nowMs: () => Date.now(),
    onRefused: error => {
      if (error.type === "StorageFull") return toast({ text: t("money.setAside"), isUrgent: true })
      const reason =
        error.type === "JournalFull"
          ? t("money.refused.full")
          : error.type === "NotAllowed"
            ? t("money.refused.notAllowed")
            : t("money.refused.other")
      toast({ text: t("money.refused", { reason }), isUrgent: true })
    },
  })
  const people = createMemo((): readonly Person[] =>
    (props.share?.members ?? home.membership()?.members ?? [])
      .filter(member => member.isLive && member.kind === "person")
      .map(({ id, name, colour, place }) => ({ id, name: name || t("money.someone"), colour, place })),
  )
  return (
    <Show when={state.book()} fallback={<Waiting />}>
      {book => {
        const currency = (): string => book().currency || likelyCurrency(placeOf(locale()))
        // Screens need not know that nobody has chosen a currency yet.
        const filled = createMemo(() => ({
          ...book(),
          currency: currency(),
          readOnly: book().readOnly || props.share?.mayWrite === false,
        }))
        const names = createMemo(() => createNames(book(), people(), t))
        const searchText = createMemo(() => createSearchIndex(names()))
        const ledger: LedgerProps = {
          state,
          circle,
          actions: {
            ...actions,
            add: fields => {
              // What the first entry is counted in is what the family counts in, until it says otherwise.
              if (book().currency === "") actions.setCurrency(currency())
              return actions.add(fields)
            },
          },
          get book() {
            return filled()
          },
          get names() {
            return names()
          },
          get searchText() {
            return searchText()
          },
          get people() {
            return people()
          },
          get self() {
            return props.share?.self ?? home.self().member
          },
          get today() {
            return today()
          },
          get currency() {
            return currency()
          },
          get readOnlyWhy() {
            return props.share && shareSilence(t, props.share)
          },
          get books() {
            return props.books
          },
        }
        enterByItself(ledger)
        readAhead(ledger)
        return <MoneyContext.Provider value={ledger}>{props.children}</MoneyContext.Provider>
      }}
    </Show>
  )
}

function Waiting(): JSX.Element {
  const { t } = useLanguage()
  return (
    <div class="screen">
      <Skeleton label={t("app.loading")} />
    </div>
  )
}

/** Each instance once: its id follows from rule and day, so another device that does the same does no harm. */
const enterByItself = (ledger: LedgerProps): void => {
  const entered = new Set<string>()
  createEffect(() => {
    if (ledger.book.readOnly) return
    for (const { recurring, date, entryId, fields } of dueOf(ledger, true, enteredAtOnce)) {
      if (entered.has(entryId)) continue
      entered.add(entryId)
      ledger.actions.enterInstance(recurring.id, date, fields)
    }
  })
}

/** Before anybody searches: among 50,000 entries the first letter would wait for the texts of all of them. */
const readAhead = (ledger: LedgerProps): void => {
  createEffect(() => {
    if (!ledger.state.isWhole()) return
    const { searchText } = ledger
    const entries = untrack(ledger.state.entries)
    let at = 0
    onCleanup(
      whenIdle(() => {
        for (const end = Math.min(at + 50, entries.length); at < end; at++) {
          const entry = entries[at]
          if (entry !== undefined) searchText(entry)
        }
        return at < entries.length
      }),
    )
  })
}

export const useMoney = (): LedgerProps => {
  const ledger = useContext(MoneyContext)
  if (ledger === undefined) throw new Error("outside of MoneyProvider")
  return ledger
}
