import type { Benchmark, Goal, Measurement, Outcome } from "./benchmark.js"
import { median } from "./rounds.js"

/** What `--json` prints for each measurement. `holds`: `null` where there is no goal. */
export interface Row {
  readonly id: string
  readonly what: string
  readonly value: number | null
  readonly unit: string
  readonly against: string | null
  /** The peer's median, in the same unit. */
  readonly peer: number | null
  /** The median of the rounds' own ratios, ours to the peer's. */
  readonly ratio: number | null
  /** Lowest and highest: of the ratios, or without a peer of the values. */
  readonly spread: readonly [number, number] | null
  readonly rounds: number
  readonly goal: string
  readonly holds: boolean | "skipped" | null
  readonly reason?: string
}

const goalText = (goal: Goal): string => {
  if (goal.type === "RatioAtMost") return `<= ${goal.bound}x`
  if (goal.type === "RatioAtLeast") return `>= ${goal.bound}x`
  return goal.type === "ValueAtMost" ? `<= ${goal.bound}` : ""
}

const holds = (goal: Goal, value: number, ratio: number | null): boolean | null => {
  if (goal.type === "None") return null
  if (goal.type === "ValueAtMost") return value <= goal.bound
  if (ratio === null) throw new TypeError("a ratio needs a peer")
  return goal.type === "RatioAtMost" ? ratio <= goal.bound : ratio >= goal.bound
}

const spreadOf = (values: readonly number[]): readonly [number, number] => [
  Math.min(...values),
  Math.max(...values),
]

const rowOf = (id: string, measurement: Measurement): Row => {
  const { what, unit, ours, against, goal } = measurement
  const value = median(ours)
  const ratios = against?.samples.map((theirs, round) => (ours[round] ?? Number.NaN) / theirs)
  const ratio = ratios === undefined ? null : median(ratios)
  return {
    id,
    what,
    value,
    unit,
    against: against?.name ?? null,
    peer: against === undefined ? null : median(against.samples),
    ratio,
    spread: spreadOf(ratios ?? ours),
    rounds: ours.length,
    goal: goalText(goal),
    holds: holds(goal, value, ratio),
  }
}

export const rowsOf = (benchmark: Benchmark, outcome: Outcome): readonly Row[] => {
  const { id, what } = benchmark
  if (outcome.type === "Measured") return outcome.measurements.map(measurement => rowOf(id, measurement))
  const nothing = { value: null, unit: "", against: null, peer: null, ratio: null, spread: null }
  return [{ id, what, ...nothing, rounds: 0, goal: "", holds: "skipped", reason: outcome.reason }]
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const cellsOf = (row: Row): readonly string[] => {
  const { value, peer, ratio, spread } = row
  if (value === null || spread === null) return [row.id, row.what, "", "", "", "", "skipped"]
  const range = `${digits(spread[0])} to ${digits(spread[1])}`
  return [
    row.id,
    row.what,
    `${digits(value)} ${row.unit}`,
    peer === null ? "" : `${digits(peer)} (${row.against})`,
    ratio === null ? `(${range})` : `${ratio.toFixed(2)}x (${range})`,
    row.goal,
    row.holds === null ? "" : row.holds === true ? "holds" : "DOES NOT HOLD",
  ]
}

const heads = ["id", "what", "ours", "theirs", "ratio (spread)", "goal", ""]

export const tableOf = (rows: readonly Row[]): string => {
  const lines = [heads, ...rows.map(cellsOf)]
  const widths = heads.map((_, column) => Math.max(...lines.map(cells => (cells[column] ?? "").length)))
  return lines
    .map(cells =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}
