/** What a ratio (ours / theirs) or, where there is no peer, a value of ours has to be. */
export type Goal =
  | { readonly type: "RatioAtMost"; readonly bound: number }
  | { readonly type: "RatioAtLeast"; readonly bound: number }
  | { readonly type: "ValueAtMost"; readonly bound: number }
  /** Told for information. */
  | { readonly type: "None" }

/** One line of the table. Samples are one number a round, both sides of a round one after the other. */
export interface Measurement {
  /** What was measured, with its size: `256 B, 1 to 5, messages`. */
  readonly what: string
  readonly unit: string
  readonly ours: readonly number[]
  /** Whom we are measured against, and its numbers; without a peer the goal is a value. */
  readonly against?: { readonly name: string; readonly samples: readonly number[] }
  readonly goal: Goal
}

/** `Skipped`: cannot be measured here, and why. */
export type Outcome =
  | { readonly type: "Measured"; readonly measurements: readonly Measurement[] }
  | { readonly type: "Skipped"; readonly reason: string }

export interface Run {
  /** Smaller sizes: all benchmarks together in under two minutes. */
  readonly isQuick: boolean
  /** At least five. */
  readonly rounds: number
  /** An empty folder on the disk that is measured, removed afterwards. */
  readonly folder: string
  /** The same for the whole run: what two benchmarks need is made once. */
  readonly shared: string
  /** What a reader must know about this run (a size, a limit of the machine): printed below the table. */
  note(text: string): void
}

export interface Benchmark {
  readonly id: string
  readonly what: string
  /** What each side does and does not do: sealed or plaintext, durable or not, which settings. */
  readonly sides: readonly string[]
  run(run: Run): Promise<Outcome>
}
