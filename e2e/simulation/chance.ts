import type { Random } from "@home/shared/base"
import { createSeededRandom } from "@home/shared/testing"

/** All that a seed decides. */
export interface Chance extends Random {
  number(): number
  /** 0 <= result < below */
  below(below: number): number
  isLucky(probability: number): boolean
  /** `undefined` only of an empty list. */
  oneOf<T>(choices: readonly T[]): T | undefined
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T
  hex(length: number): string
}

export const createChance = (seed: number): Chance => {
  // Neighbouring seeds must not begin alike.
  const random = createSeededRandom(Math.imul(seed + 1, 0x9e3779b1))
  const below = (limit: number): number => random.pick(limit)
  return {
    bytes: length => random.bytes(length),
    number: () => random.number(),
    below,
    isLucky: probability => random.number() < probability,
    oneOf: choices => choices[below(choices.length)],
    weighted: choices => {
      let left = random.number() * choices.reduce((sum, { weight }) => sum + weight, 0)
      const found = choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1)
      if (found === undefined) throw new Error("nothing to choose from")
      return found
    },
    hex: length => Array.from(random.bytes(length), byte => byte.toString(16).padStart(2, "0")).join(""),
  }
}
