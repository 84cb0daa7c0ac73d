import type { OpenOptions } from "./port.js"
import type { EditKind, Patch } from "./workload.js"

export type ReplicaKind = "home" | "automerge-repo" | "yjs" | "loro"

/** What the benchmark asks of a replica's process; one at a time. */
export type Ask =
  | { readonly type: "Open"; readonly kind: ReplicaKind; readonly options: OpenOptions }
  /** `count` edits in all, the kinds in turn, numbered from `from` within each kind. */
  | {
      readonly type: "Write"
      readonly kinds: readonly EditKind[]
      readonly from: number
      readonly count: number
      readonly perSecond: number
    }
  /** Patches in the note, as fast as they are taken. */
  | { readonly type: "Patches"; readonly patches: readonly Patch[] }
  /** Answered when the note has this text. */
  | { readonly type: "ExpectText"; readonly text: string }
  /** Answered when so many edits have become visible in all. */
  | { readonly type: "Expect"; readonly counts: Readonly<Partial<Record<EditKind, number>>> }
  | { readonly type: "Text" }
  | { readonly type: "Settle" }
  | { readonly type: "Close" }

export type Answer =
  | { readonly type: "Opened"; readonly documents: Readonly<Record<EditKind, string>> }
  /** Monotonic nanoseconds of this machine, the same clock in every process. */
  | { readonly type: "Times"; readonly ns: Readonly<Record<string, readonly number[]>> }
  | { readonly type: "Text"; readonly text: string }
  | { readonly type: "Done" }
  | { readonly type: "Failed"; readonly reason: string }
