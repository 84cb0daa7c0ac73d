import type { ParsedImport } from "./drafts.js"
import { planChatImport } from "./import-chat.js"
import { planLedgerImport } from "./import-ledger.js"
import { planNotesImport } from "./import-notes.js"
import { planPlansImport } from "./import-plans.js"
import type { ImportContext, ImportPlan } from "./import-step.js"

/** From a parsed file to changes of documents. Deterministic: see `ImportContext`. */
export const planImport = (parsed: ParsedImport, context: ImportContext): ImportPlan => {
  const { draft, format } = parsed
  switch (draft.area) {
    case "ledger":
      return planLedgerImport(draft.entries, format, context)
    case "notes":
      return planNotesImport(draft.notes, format, context)
    case "plans":
      return planPlansImport(draft.plans, format, context)
    case "chat":
      return planChatImport(draft.room, draft.messages, format, context)
  }
}
