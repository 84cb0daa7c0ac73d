import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createAttempts } from "./attempts.js"

const limits = { failures: 3, windowMs: 1_000, addresses: 4 }

describe("attempts", () => {
  it("[B3] never allow more failures within a window, whatever the order of begins and successes", () => {
    let refused = 0
    const step = fc.record({ waitMs: fc.integer({ min: 1, max: 400 }), succeeds: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), steps => {
        const attempts = createAttempts(limits)
        const failedAt: number[] = []
        let nowMs = 0
        for (const { waitMs, succeeds } of steps) {
          nowMs += waitMs
          const isAllowed = attempts.begin("a", nowMs)
          expect(isAllowed).toBe(
            failedAt.filter(atMs => atMs > nowMs - limits.windowMs).length < limits.failures,
          )
          if (!isAllowed) refused++
          else if (succeeds) attempts.succeeded("a", nowMs)
          else failedAt.push(nowMs)
        }
      }),
    )
    expect(refused).toBeGreaterThan(50)
  })

  it("[B3] count those under way, and each address alone", () => {
    const attempts = createAttempts(limits)
    expect([0, 0, 0, 0].map(atMs => attempts.begin("a", atMs))).toEqual([true, true, true, false])
    expect(attempts.begin("b", 0)).toBe(true)
    attempts.succeeded("a", 0)
    expect(attempts.begin("a", 0)).toBe(true)
    expect(attempts.begin("a", 1)).toBe(false)
  })

  it("[B3] remember the latest addresses only", () => {
    const attempts = createAttempts(limits)
    for (let i = 0; i < 3; i++) attempts.begin("a", 0)
    for (const other of ["b", "c", "d"]) attempts.begin(other, 0)
    expect(attempts.begin("a", 0)).toBe(false)
    for (const other of ["b", "c", "d", "e"]) attempts.begin(other, 0)
    expect(attempts.begin("a", 0)).toBe(true)
  })
})
