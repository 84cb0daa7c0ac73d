import type { Clock } from "@home/shared/base"
import { drain } from "./ambient.js"

/** Time that moves only when told, from timer to timer; between two timers everything that can go on goes on. */
export interface SimulationClock extends Clock {
  /** Lets `forMs` pass. */
  run(forMs: number): Promise<void>
  /** Runs the next timer, if it is due within `withinMs`. */
  step(withinMs: number): Promise<boolean>
}

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

export const createSimulationClock = (startMs: number): SimulationClock => {
  let nowMs = startMs
  const timers = new Set<Timer>()
  const next = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) if (first === undefined || timer.atMs < first.atMs) first = timer
    return first
  }
  const step = async (untilMs: number): Promise<boolean> => {
    await drain()
    const timer = next()
    if (timer === undefined || timer.atMs > untilMs) return false
    timers.delete(timer)
    nowMs = Math.max(nowMs, timer.atMs)
    timer.run()
    return true
  }
  return {
    now: () => nowMs,
    after: (delayMs, run) => {
      const timer = { atMs: nowMs + delayMs, run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    step: withinMs => step(nowMs + withinMs),
    run: async forMs => {
      const untilMs = nowMs + forMs
      while (await step(untilMs));
      nowMs = untilMs
      await drain()
    },
  }
}
