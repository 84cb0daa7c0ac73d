import type { Stop } from "../port.js"

/** One value that others look at. */
export interface Cell<T> {
  get(): T | undefined
  /** Tells the watchers, unless it says the same as before. */
  set(value: T): void
  /** The present value at once, if there is one, then each new one. */
  watch(listener: (value: T) => void): Stop
}

export const createCell = <T>(first?: T): Cell<T> => {
  let value = first
  const listeners = new Set<(value: T) => void>()
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
      return () => void listeners.delete(listener)
    },
  }
}
