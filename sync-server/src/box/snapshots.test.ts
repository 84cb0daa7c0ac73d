import { describe, expect, it } from "vitest"
import { isSnapshotDue } from "./snapshots.js"

/** How often snapshots are made while an archive grows to `bundles`, one bundle at a time. */
const timesUpTo = (bundles: number): number => {
  let [before, times] = [0, 0]
  for (let count = 1; count <= bundles; count++) {
    if (!isSnapshotDue(count, before)) continue
    before = count
    times += 1
  }
  return times
}

describe("snapshots of the box", () => {
  it("[B29] are made after 200 new bundles", () => {
    expect(timesUpTo(199)).toBe(0)
    expect(timesUpTo(200)).toBe(1)
    expect(timesUpTo(400)).toBe(2)
    expect(isSnapshotDue(1_000, 801)).toBe(false)
    expect(isSnapshotDue(1_001, 801)).toBe(true)
  })

  it("[B29] and an eighth of those before: ten times the archive costs about twenty more, whatever its size", () => {
    expect(isSnapshotDue(16_000 + 1_999, 16_000)).toBe(false)
    expect(isSnapshotDue(16_000 + 2_000, 16_000)).toBe(true)
    const [small, middle, large] = [timesUpTo(10_000), timesUpTo(100_000), timesUpTo(1_000_000)]
    expect([middle - small, large - middle]).toEqual([20, 19])
  })
})
