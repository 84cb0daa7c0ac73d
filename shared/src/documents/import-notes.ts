import { type Result, ok } from "../base/index.js"
import { addNote } from "./catalogue-commands.js"
import type { CommandError } from "./command.js"
import { documentLimits } from "./document-limits.js"
import type { NoteDraft } from "./drafts.js"
import {
  type ImportContext,
  type ImportPlan,
  type ImportStep,
  batches,
  importId,
  supportStep,
} from "./import-step.js"
import { importBody } from "./notes.js"

const titleOf = (title: string): string => title.slice(0, documentLimits.title)
const tagsOf = (tags: readonly string[]): readonly string[] =>
  [...new Set(tags.map(tag => tag.slice(0, documentLimits.name)))]
    .filter(tag => tag !== "")
    .slice(0, documentLimits.perItem)

/** First the catalogue's entries, then one change for each note's document. */
export const planNotesImport = (
  drafts: readonly NoteDraft[],
  format: string,
  context: ImportContext,
): ImportPlan => {
  const by = { author: context.author, nowMs: context.nowMs }
  const notes = drafts.map(draft => ({ draft, id: importId(context, "note", format, draft.sourceId) }))
  const entries = batches(notes).map(batch =>
    supportStep(
      { area: "catalogue", name: "" },
      batch.map(({ draft, id }) => (root: unknown) => {
        const { createdAtMs, updatedAtMs, sourceId } = draft
        return addNote(root, {
          id,
          title: titleOf(draft.title),
          tags: tagsOf(draft.tags),
          by,
          ...(createdAtMs === undefined ? {} : { createdAtMs }),
          ...(updatedAtMs === undefined ? {} : { updatedAtMs }),
          source: { format, sourceId },
        })
      }),
    ),
  )
  const bodies = notes.map(({ draft, id }): ImportStep => {
    const { body, properties } = draft
    return {
      document: { area: "notes", name: id },
      rows: 1,
      apply: (root): Result<number, CommandError> => {
        const filled = importBody(root, { text: body, format, properties })
        return filled.ok ? ok(filled.value ? 1 : 0) : filled
      },
    }
  })
  return { steps: [...entries, ...bodies], skipped: [] }
}
