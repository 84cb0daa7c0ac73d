import type { Entry, Filter } from "@home/shared/documents"
import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from "solid-js"
import type { MoneyState } from "../../state/money.js"
import { afterPaint } from "../../ui/after-paint.js"
import { type Steps, finish, inSlices } from "../../ui/in-slices.js"
import { partsOf } from "./filter-parts.js"
import { createFilteredMonths } from "./filtered-months.js"
import type { LedgerProps } from "./ledger.js"
import { type TimelineRow, createMonthFlows, createTimeline } from "./timeline.js"

/** What the list shows. */
export interface FoundEntries {
  readonly months: readonly (readonly Entry[])[]
  readonly rows: readonly TimelineRow[]
}

/** What was made for a book stays with it: whoever comes back to the list finds it ready. */
const makersByState = new WeakMap<MoneyState, ReturnType<typeof createMakers>>()

const createMakers = () => ({
  filtered: createFilteredMonths(),
  flowsOf: createMonthFlows(),
  timeline: createTimeline(),
})

const makersOf = (state: MoneyState): ReturnType<typeof createMakers> => {
  const made = makersByState.get(state) ?? createMakers()
  makersByState.set(state, made)
  return made
}

/** All entries; no filter, no work. */
export const allEntries = ({ state }: LedgerProps): FoundEntries => {
  const months = state.months()
  return { months, rows: finish(makersOf(state).timeline(months, state.flows())) }
}

function* found(ledger: LedgerProps, filter: Filter): Steps<FoundEntries> {
  const { filtered, flowsOf, timeline } = makersOf(ledger.state)
  const months = yield* filtered(ledger.state.months(), filter, ledger.searchText)
  return { months, rows: yield* timeline(months, yield* flowsOf(months)) }
}

/**
 * What a filter finds, undefined without one. A letter is seen at once; what it finds, after that, and the next letter
 * need not wait for it: until something else has been found, what was found before stands.
 */
export const createFound = (
  ledger: LedgerProps,
  filter: Accessor<Filter>,
): Accessor<FoundEntries | undefined> => {
  const stepsNow = (): Steps<FoundEntries> | undefined => {
    const now = filter()
    return now.text === "" && partsOf(now) === 0 ? undefined : found(ledger, now)
  }
  const first = untrack(stepsNow)
  const [shown, setShown] = createSignal(first && finish(first))
  let giveUp: (() => void) | undefined
  let isLooking = false
  let isOld = false
  const look = (): void => {
    giveUp?.()
    const steps = stepsNow()
    isLooking = steps !== undefined
    isOld = false
    if (steps === undefined) giveUp = afterPaint(() => setShown(undefined))
    else
      giveUp = inSlices(steps, result => {
        isLooking = false
        setShown(result)
        if (isOld) look()
      })
  }
  createEffect(on([filter, () => ledger.searchText], look, { defer: true }))
  // Entries that come while years are read do not begin the search anew each time: it would never end.
  const lookAgain = (): void => {
    if (isLooking) isOld = true
    else if (shown() !== undefined) look()
  }
  createEffect(on(ledger.state.months, lookAgain, { defer: true }))
  onCleanup(() => giveUp?.())
  return shown
}
