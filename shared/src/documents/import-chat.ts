import { type Result, ok } from "../base/index.js"
import { addRoom, noteChatMonth } from "./catalogue-commands.js"
import { chatMonthOf, importMessage } from "./chat.js"
import type { CommandError } from "./command.js"
import { documentLimits } from "./document-limits.js"
import type { MessageDraft } from "./drafts.js"
import {
  type ImportContext,
  type ImportPlan,
  type ImportStep,
  batches,
  importId,
  supportStep,
} from "./import-step.js"
import { wallToMs } from "./zones.js"

interface Row {
  readonly id: string
  readonly sentAtMs: number
  readonly draft: MessageDraft
}

/** The family's zone decides the month, so devices that import at once must agree on it. */
export const planChatImport = (
  title: string,
  drafts: readonly MessageDraft[],
  format: string,
  context: ImportContext,
): ImportPlan => {
  const room = context.room ?? importId(context, "room", format, title)
  const by = { author: context.author, nowMs: context.nowMs }
  const rowsByMonth = new Map<string, Row[]>()
  for (const draft of drafts) {
    const sentAtMs = wallToMs(draft.sentAt, context.zone)
    const month = chatMonthOf(sentAtMs)
    const rows = rowsByMonth.get(month) ?? []
    rows.push({ id: importId(context, "message", format, room, draft.sourceId), sentAtMs, draft })
    rowsByMonth.set(month, rows)
  }
  const months = [...rowsByMonth.keys()].sort()
  const catalogue = supportStep({ area: "catalogue", name: "" }, [
    ...(context.room === undefined
      ? [(root: unknown) => addRoom(root, { id: room, title: title.slice(0, documentLimits.title), by })]
      : []),
    ...months.map(month => (root: unknown) => noteChatMonth(root, room, month)),
  ])
  const messages = months.flatMap(month =>
    batches(rowsByMonth.get(month) ?? []).map((rows): ImportStep => ({
      document: { area: "chat", name: `${room}/${month}` },
      rows: rows.length,
      apply: root => addMessages(root, rows, format, context),
    })),
  )
  return { steps: messages.length === 0 ? [] : [catalogue, ...messages], skipped: [] }
}

const addMessages = (
  root: unknown,
  rows: readonly Row[],
  format: string,
  context: ImportContext,
): Result<number, CommandError> => {
  let added = 0
  for (const { id, sentAtMs, draft } of rows) {
    const result = importMessage(root, {
      id,
      author: context.memberOf?.(draft.author) ?? "",
      authorName: draft.author.slice(0, documentLimits.name),
      sentAtMs,
      text: draft.text.slice(0, documentLimits.text),
      system: draft.system,
      source: { format, sourceId: draft.sourceId },
    })
    if (!result.ok) return result
    if (result.value) added += 1
  }
  return ok(added)
}
