import type { Rate } from "./limits.js"

/** `level` tokens at `atMs`. It may fall below zero: a debt that time pays off. */
export interface Bucket {
  level: number
  atMs: number
}

export const fullBucket = (rate: Rate, nowMs: number): Bucket => ({ level: rate.burst, atMs: nowMs })

/** Brings the level up to date; a clock that went back adds nothing. */
export const refill = (bucket: Bucket, rate: Rate, nowMs: number): void => {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs)
  bucket.level = Math.min(rate.burst, bucket.level + (elapsedMs * rate.perSecond) / 1000)
  bucket.atMs = nowMs
}

/**
 * Takes `amount` if anything is left, even when it is less (so no amount is too large for ever), and gives 0;
 * else takes nothing and gives the milliseconds until something is there.
 */
export const take = (bucket: Bucket, rate: Rate, amount: number, nowMs: number): number => {
  refill(bucket, rate, nowMs)
  if (bucket.level <= 0) return Math.max(1, Math.ceil(((1 - bucket.level) * 1000) / rate.perSecond))
  bucket.level -= amount
  return 0
}
