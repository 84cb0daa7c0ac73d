import type { Clock, Log, Random } from "@home/shared/base"

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** What `getRandomValues` gives at once, bytes. */
const portionBytes = 65_536

export const systemRandom: Random = {
  bytes: length => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += portionBytes)
      crypto.getRandomValues(bytes.subarray(at, at + portionBytes))
    return bytes
  },
}

export const silentLog: Log = { event: () => {} }
