import type { Area } from "@home/shared/base"
import { type ConflictingValue, conflictedFields, conflictsOf, monthNames } from "@home/shared/documents"

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

/** A feature adds a file `questions-<area>.ts` and a line here. */
export const questions = { entryConflicts }

export type QuestionName = keyof typeof questions
export type QuestionInput<N extends QuestionName> =
  (typeof questions)[N] extends Question<infer I, unknown> ? I : never
export type QuestionAnswer<N extends QuestionName> = ReturnType<(typeof questions)[N]["answer"]>
