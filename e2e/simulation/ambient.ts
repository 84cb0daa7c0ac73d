import type { Clock } from "@home/shared/base"

// automerge-repo debounces with setTimeout and Automerge stamps its changes with Date: under a seed both must follow
// the simulated clock, and what libraries draw at random must come from the seed.

/** Resolves when every microtask has run: nothing goes on by itself after it. */
export const drain = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const realDate = Date
const wall = performance.now.bind(performance)

/** Milliseconds of the real clock: for the report only. */
export const wallMs = (): number => wall()

interface Source {
  readonly clock: Clock
  number(): number
  bytes(length: number): Uint8Array
}

/** From now on the process's clock, timers and random numbers are these; the next call replaces them. */
export const useAmbient = ({ clock, number, bytes }: Source): void => {
  const after = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown => {
    const cancel = clock.after(Math.max(delayMs, 1), () => run(...args))
    const timer = { cancel, ref: () => timer, unref: () => timer, hasRef: () => true }
    return timer
  }
  const every = (run: () => void, delayMs: number): unknown => {
    const timer = { cancel: (): void => {}, unref: () => timer }
    const again = (): void => {
      timer.cancel = clock.after(delayMs, () => {
        again()
        run()
      })
    }
    again()
    return timer
  }
  const cancel = (timer: { readonly cancel?: () => void } | undefined): void => timer?.cancel?.()
  class SimulatedDate extends realDate {
    constructor(...args: readonly never[]) {
      if (args.length === 0) super(clock.now())
      else super(...(args as unknown as [number]))
    }
    static override now(): number {
      return clock.now()
    }
  }
  Object.assign(globalThis, {
    setTimeout: after,
    clearTimeout: cancel,
    setInterval: every,
    clearInterval: cancel,
    Date: SimulatedDate,
  })
  Math.random = number
  globalThis.crypto.getRandomValues = <T extends ArrayBufferView>(array: T): T => {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes(array.byteLength))
    return array
  }
}
