import { randomBytes } from "node:crypto"
import type { Clock, Log, Random } from "@home/shared/base"

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = { bytes: length => new Uint8Array(randomBytes(length)) }

export const silentLog: Log = { event: () => {} }
