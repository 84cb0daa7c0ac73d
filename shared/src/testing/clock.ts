import type { Clock, Random } from "../base/index.js"

/** A clock that stands until it is moved: timers run in order when their time is reached. */
export interface TestClock extends Clock {
  advance(ms: number): void
  /** Timers that nobody cancelled: a closed thing leaves none. */
  pending(): number
}

export const createTestClock = (startMs = 1_700_000_000_000): TestClock => {
  let now = startMs
  let timers: { readonly atMs: number; readonly run: () => void }[] = []
  return {
    now: () => now,
    after: (delayMs, run) => {
      const timer = { atMs: now + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    advance: ms => {
      const until = now + ms
      for (;;) {
        const due = timers.filter(timer => timer.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0]
        if (due === undefined) break
        timers = timers.filter(other => other !== due)
        now = Math.max(now, due.atMs)
        due.run()
      }
      now = until
    },
    pending: () => timers.length,
  }
}

/** Reproducible bytes from a seed (mulberry32): for tests only, predictable by design. */
export const createSeededRandom = (
  seed: number,
): Random & { number(): number; pick(below: number): number } => {
  let state = seed >>> 0
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    number,
    pick: below => Math.floor(number() * below),
    bytes: length => Uint8Array.from({ length }, () => Math.floor(number() * 256)),
  }
}
