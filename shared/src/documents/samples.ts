import * as A from "@automerge/automerge/slim"
import type { Area, Result } from "../base/index.js"
import { createDocument } from "./areas.js"
import type { EntryFields } from "./entry.js"
import type { PlanFields } from "./plans.js"

// What the tests of this folder share: valid items, and a way to run commands.

export const anna = { author: "a1".repeat(16), nowMs: 1_770_000_000_000 }
export const ben = { author: "b2".repeat(16), nowMs: 1_770_000_060_000 }

export const sampleEntry: EntryFields = {
  date: "2026-03-14",
  direction: "expense",
  status: "settled",
  amountMinor: 2816,
  currency: "EUR",
  account: "cash",
  payee: "Bakery",
  note: "",
  category: "groceries",
  tags: [],
  splits: [],
  shares: {},
}

export const samplePlan: PlanFields = {
  kind: "event",
  title: "Swimming",
  start: { date: "2026-03-23", time: "18:00:00", zone: "Europe/Berlin" },
  end: { date: "2026-03-23", time: "19:30:00", zone: "Europe/Berlin" },
  rdates: [],
  exdates: [],
  assignees: [],
  reminders: [],
  tags: [],
  location: "",
  url: "",
  status: "confirmed",
}

export type TestDoc = A.Doc<unknown>

export const device = (area: Area, byte: string): TestDoc => createDocument(area, byte.repeat(16))

/** The document after a command that must succeed. */
export const after = (doc: TestDoc, command: (draft: unknown) => Result<unknown, unknown>): TestDoc =>
  A.change(doc, draft => {
    const result = command(draft)
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  })

/** The error of a command that must be refused, and must have changed nothing. */
export const refusal = (doc: TestDoc, command: (draft: unknown) => Result<unknown, unknown>): unknown => {
  let error: unknown
  const next = A.change(doc, draft => {
    const result = command(draft)
    error = result.ok ? "not refused" : result.error
  })
  return A.getHeads(next).join() === A.getHeads(doc).join() ? error : "changed something"
}

/** The value, or a failed test. */
export const must = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}

export const forkOf = (doc: TestDoc, byte: string): TestDoc => A.clone(doc, { actor: byte.repeat(16) })
export const mergeOf = (one: TestDoc, other: TestDoc): TestDoc => A.merge(A.clone(one), other)
