import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { paddedLength } from "./padding.js"

describe("padding", () => {
  it("[W70] is Padmé: the paper's lengths, at most 12 % more, idempotent and rising", () => {
    // floor(log2 9) = 3, two bits of exponent: the lowest 1 bit is rounded up.
    const known = [
      [0, 0],
      [1, 1],
      [8, 8],
      [9, 10],
      [100, 104],
      [1000, 1024],
      [1025, 1088],
      [65_537, 67_584],
    ] as const
    for (const [length, padded] of known) expect(paddedLength(length)).toBe(padded)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 * 1024 * 1024 }), length => {
        const padded = paddedLength(length)
        expect(padded).toBeGreaterThanOrEqual(length)
        expect(padded).toBeLessThanOrEqual(Math.max(length * 1.12, length + 1))
        expect(paddedLength(padded)).toBe(padded)
        expect(paddedLength(length + 1)).toBeGreaterThanOrEqual(padded)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it("[W70] leaves few lengths: below 1 MB some hundreds", () => {
    const lengths = new Set<number>()
    for (let length = 1; length < 1024 * 1024; length = paddedLength(length) + 1)
      lengths.add(paddedLength(length))
    expect(lengths.size).toBeLessThan(600)
    expect(lengths.size).toBeGreaterThan(100)
  })
})
