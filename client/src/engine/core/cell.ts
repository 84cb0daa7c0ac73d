import type { Stop } from "../port.js"

/** One value that others look at. */
export interface Cell<T> {
  get(): T | undefined
  /** Tells the watchers, unless it says the same as before. */
  set(value: T): void
  /** The present value at once, if there is one, then each new one. */
  watch(listener: (value: T) => void): Stop
  isWatched(): boolean
  /** The first of them has begun to watch: what is dear to make is made from now on. */
  onWatched(listener: () => void): Stop
}

export const createCell = <T>(first?: T): Cell<T> => {
  let value = first
  const listeners = new Set<(value: T) => void>()
  const awaiting = new Set<() => void>()
  return {
    get: () => value,
    set: next => {
      if (value !== undefined && JSON.stringify(value) === JSON.stringify(next)) return
      value = next
      for (const listener of listeners) listener(next)
    },
    watch: listener => {
      listeners.add(listener)
      if (value !== undefined) listener(value)
      if (listeners.size === 1) for (const begin of awaiting) begin()
      return () => void listeners.delete(listener)
    },
    isWatched: () => listeners.size > 0,
    onWatched: listener => {
      awaiting.add(listener)
      return () => void awaiting.delete(listener)
    },
  }
}
