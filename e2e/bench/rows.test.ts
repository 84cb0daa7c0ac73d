import { describe, expect, it } from "vitest"
import type { Benchmark, Goal } from "./benchmark.js"
import { alternate, interleave, median, percentile } from "./rounds.js"
import { rowsOf, tableOf } from "./rows.js"

const benchmark: Benchmark = {
  id: "P0",
  what: "nothing",
  sides: [],
  run: async () => ({ type: "Skipped", reason: "" }),
}
const rowFor = (goal: Goal, ours: readonly number[], theirs?: readonly number[]) => {
  const against = theirs === undefined ? {} : { against: { name: "peer", samples: theirs } }
  return rowsOf(benchmark, {
    type: "Measured",
    measurements: [{ what: "x", unit: "ms", ours, goal, ...against }],
  })[0]
}

describe("rows", () => {
  it("compare round with round, and take the median of the ratios", () => {
    const row = rowFor({ type: "RatioAtMost", bound: 0.5 }, [1, 8, 3], [4, 16, 3])
    expect(row).toMatchObject({ value: 3, peer: 4, ratio: 0.5, spread: [0.25, 1], rounds: 3, holds: true })
    expect(rowFor({ type: "RatioAtLeast", bound: 0.9 }, [8], [10])?.holds).toBe(false)
  })

  it("know goals without a peer, and none at all", () => {
    expect(rowFor({ type: "ValueAtMost", bound: 10 }, [9, 11, 10])).toMatchObject({
      holds: true,
      ratio: null,
    })
    expect(rowFor({ type: "None" }, [1])?.holds).toBeNull()
    expect(() => rowFor({ type: "RatioAtMost", bound: 1 }, [1])).toThrow()
  })

  it("tell what was skipped and what does not hold", () => {
    const skipped = rowsOf(benchmark, { type: "Skipped", reason: "no app" })
    expect(skipped[0]).toMatchObject({ holds: "skipped", reason: "no app" })
    const failed = rowFor({ type: "ValueAtMost", bound: 1 }, [2])
    expect(tableOf([...skipped, ...(failed === undefined ? [] : [failed])])).toMatch(
      /skipped\n.*DOES NOT HOLD$/,
    )
  })
})

describe("rounds", () => {
  it("take turns in who goes first, and do not count the warm-up", async () => {
    const order: string[] = []
    const side = (name: string) => async (round: number) => {
      order.push(`${name}${round}`)
      return round
    }
    const samples = await interleave(2, side("a"), side("b"))
    expect(order).toEqual(["b-1", "a-1", "a0", "b0", "b1", "a1"])
    expect(samples).toEqual({ ours: [0, 1], theirs: [0, 1] })
  })

  it("take short turns where work can be cut", async () => {
    let order = ""
    const side = (name: string) => async () => {
      order += name
    }
    const { ours, theirs } = await alternate(2, 4, side("a"), side("b"))
    expect(order).toBe("abbaabba".repeat(3))
    expect([ours.length, theirs.length]).toEqual([2, 2])
  })

  it("medians and percentiles", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
    expect([percentile(hundred, 0.99), percentile(hundred, 0.5), percentile([7], 0.99)]).toEqual([99, 50, 7])
    expect(() => median([])).toThrow()
  })
})
