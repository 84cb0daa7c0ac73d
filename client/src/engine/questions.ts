import type { Area } from "@home/shared/base"
import {
  type ConflictingValue,
  type EntryChange,
  type EntryFields,
  conflictedFields,
  conflictsOf,
  entryAt,
  entryHistory as historyOf,
  monthNames,
} from "@home/shared/documents"

/** Something to be read from a document once. `doc` is the Automerge document itself: look, do not keep. */
export interface Question<I, T> {
  readonly area: Area
  answer(doc: unknown, input: I): T
}

const bucketOf = (doc: unknown, id: string): string | undefined => {
  const months = (doc as { readonly months?: Readonly<Record<string, object>> }).months ?? {}
  return monthNames.find(month => id in (months[month] ?? {}))
}

const entryConflicts: Question<
  { readonly id: string },
  Readonly<Record<string, readonly ConflictingValue[]>>
> = {
  area: "ledger",
  answer: (doc, { id }) => {
    const month = bucketOf(doc, id)
    if (month === undefined) return {}
    const path = ["months", month, id]
    return Object.fromEntries(
      conflictedFields(doc, path).map(field => [field, conflictsOf(doc, [...path, field])]),
    )
  },
}

const entryHistory: Question<{ readonly id: string }, readonly EntryChange[]> = {
  area: "ledger",
  answer: (doc, { id }) => historyOf(doc, id),
}

/** `undefined`: the document has no such change. */
const entryBefore: Question<{ readonly id: string; readonly hash: string }, EntryFields | undefined> = {
  area: "ledger",
  answer: (doc, { id, hash }) => entryAt(doc, id, hash),
}

/** A feature adds a file `questions-<area>.ts` and a line here. */
export const questions = { entryConflicts, entryHistory, entryBefore }

export type QuestionName = keyof typeof questions
export type QuestionInput<N extends QuestionName> =
  (typeof questions)[N] extends Question<infer I, unknown> ? I : never
export type QuestionAnswer<N extends QuestionName> = ReturnType<(typeof questions)[N]["answer"]>
