import { type Accessor, createRoot, createSignal, onCleanup, runWithOwner } from "solid-js"
import type { Place } from "../engine/port.js"
import { dayOf } from "../platform/wall.js"
import { type MoneyState, createMoneyState } from "../state/money.js"
import type { Home } from "./home.js"

interface KeptMoney {
  /** Everyone's, if it is undefined. */
  readonly place: Place | undefined
  readonly state: MoneyState
  /** YYYY-MM-DD */
  readonly today: Accessor<string>
  readonly dispose: () => void
}

/** The day on the wall; an app that was in the background overnight looks again. */
const watchToday = (): Accessor<string> => {
  const [today, setToday] = createSignal(dayOf(new Date()))
  const look = (): void => void setToday(dayOf(new Date()))
  document.addEventListener("visibilitychange", look)
  onCleanup(() => document.removeEventListener("visibilitychange", look))
  return today
}

const keptByHome = new WeakMap<Home, KeptMoney>()

/**
 * The money of one book. It is read once and stays while other areas are shown, so that whoever comes back waits for
 * nothing; it goes when another book is looked at, and when the family is locked.
 */
export const keptMoney = (home: Home, place: Place | undefined): KeptMoney => {
  const known = keptByHome.get(home)
  if (known !== undefined && known.place === place) return known
  known?.dispose()
  const made = createRoot(dispose => {
    const today = watchToday()
    return { place, today, state: createMoneyState(home.engine, today, place), dispose }
  }, home.owner)
  keptByHome.set(home, made)
  runWithOwner(home.owner, () => onCleanup(made.dispose))
  return made
}

/** Reads the family's book before anybody asks for it. */
export const readMoneyAhead = (home: Home): void => {
  if (!keptByHome.has(home)) keptMoney(home, undefined)
}
