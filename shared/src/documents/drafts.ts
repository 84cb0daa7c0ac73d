import type { Said } from "./remark.js"

/**
 * What a file from elsewhere says, before it is planned into documents (`planImport`). Importers make drafts:
 * they know formats and nothing of documents, ids or members.
 */

/** The time on a wall. */
export interface WallTime {
  /** YYYY-MM-DD */
  readonly date: string
  /** HH:MM:SS; absent: all day. */
  readonly time?: string
  /** An IANA name or "UTC"; absent: floating, the same time on every wall. */
  readonly zone?: string
}

export interface EntryDraft {
  /** Stable within the format: a transaction number, or a hash of the row and its occurrence index. */
  readonly sourceId: string
  /** YYYY-MM-DD */
  readonly date: string
  /** HH:MM:SS */
  readonly time?: string
  readonly direction: "expense" | "income" | "transfer" | "neutral"
  readonly status: "settled" | "pending" | "closed" | "refunded"
  readonly amountMinor: number
  readonly currency: string
  readonly payee: string
  readonly note: string
  /** The name as in the file, may be "". */
  readonly account: string
  /** As in the file. */
  readonly category: string
  readonly tags: readonly string[]
  readonly line: number
}

export interface NoteDraft {
  /** The path inside the folder. */
  readonly sourceId: string
  readonly title: string
  readonly body: string
  readonly tags: readonly string[]
  readonly createdAtMs?: number
  readonly updatedAtMs?: number
  readonly properties: Readonly<Record<string, string>>
  readonly links: readonly string[]
}

export interface PlanDraft {
  /** The UID, with the recurrence id for an instance. */
  readonly sourceId: string
  readonly kind: "event" | "task"
  readonly title: string
  readonly body: string
  readonly start?: WallTime
  readonly end?: WallTime
  readonly due?: WallTime
  readonly durationMinutes?: number
  readonly rrule?: string
  readonly rdates: readonly WallTime[]
  readonly exdates: readonly WallTime[]
  readonly overrides: readonly { readonly recurrenceId: WallTime; readonly draft: PlanDraft }[]
  readonly location: string
  readonly url: string
  readonly status: string
  readonly priority?: number
  readonly completedAtMs?: number
  readonly reminderMinutes: readonly number[]
  readonly categories: readonly string[]
  /** Properties that have no field here, as they stood. */
  readonly extra: Readonly<Record<string, string>>
  readonly line: number
}

export interface MessageDraft {
  readonly sourceId: string
  readonly author: string
  readonly sentAt: WallTime
  readonly text: string
  readonly system: boolean
  readonly line: number
}

export type ImportDraft =
  | { readonly area: "ledger"; readonly entries: readonly EntryDraft[] }
  | { readonly area: "notes"; readonly notes: readonly NoteDraft[] }
  | { readonly area: "plans"; readonly plans: readonly PlanDraft[] }
  /** `room` is a suggested title. */
  | { readonly area: "chat"; readonly room: string; readonly messages: readonly MessageDraft[] }

export interface ParsedImport {
  readonly format: string
  readonly draft: ImportDraft
  readonly skipped: readonly Said[]
  readonly warnings: readonly Said[]
  /** By "direction currency" or the like: what a person compares with the file's own totals. */
  readonly sums: Readonly<Record<string, { readonly count: number; readonly amountMinor: number }>>
}
