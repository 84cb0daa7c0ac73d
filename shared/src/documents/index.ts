export * from "./areas.js"
export * from "./balances.js"
export { type BlobRef, chunkCountOf } from "./blob-ref.js"
export * from "./book.js"
export * from "./bookkeeping/index.js"
export * from "./catalogue.js"
export * from "./catalogue-commands.js"
export * from "./chat.js"
export type { By, CommandError, CommandResult } from "./command.js"
export { type ConflictingValue, conflictedFields, conflictsOf } from "./conflicts.js"
export { type CopyStep, copySteps } from "./copy-content.js"
export * from "./contacts.js"
export { isCurrency, minorDigits } from "./currency.js"
export { documentLimits } from "./document-limits.js"
export * from "./drafts.js"
export {
  type Direction,
  type Entry,
  type EntryFields,
  type EntryStatus,
  type Split,
  counts,
  directions,
  statuses,
} from "./entry.js"
export { checkEntry } from "./entry-draft.js"
export { csvOfLedger } from "./export/csv.js"
export { icsOfPlans } from "./export/ics.js"
export * from "./export/json.js"
export { type MarkdownNote, markdownOfNote } from "./export/markdown.js"
export { familyListName, familyRoomId, monthNames } from "./fixed-steps.js"
export { type ImportedEntry, type LedgerImport, importEntries, ledgerImport } from "./import-ledger.js"
export { planImport } from "./import-plan.js"
export { type ImportContext, type ImportPlan, type ImportStep, rowsPerStep } from "./import-step.js"
export * from "./ledger.js"
export * from "./ledger-commands.js"
export * from "./money.js"
export * from "./notes.js"
export { orderBetween } from "./order.js"
export * from "./plan-commands.js"
export { type NewPlan, checkPlan } from "./plan-draft.js"
export * from "./plans.js"
export * from "./profile.js"
export * from "./receipts.js"
export { type Remark, type Said, inWords } from "./remark.js"
export type { Parsed, SchemaError, SchemaIssue } from "./reading.js"
export * from "./recurrence.js"
export { type Rule, type RuleError, parseRule } from "./rule.js"
export { shownChunks } from "./shown-chunks.js"
export type { Source } from "./source.js"
export {
  type BudgetFields,
  type BudgetItem,
  type PackingItem,
  type Place,
  type PlaceFields,
  type Trip,
  type TripDates,
  placesOn,
} from "./trip.js"
export * from "./trip-commands.js"
export * from "./wall.js"
export { isZone, msToWall, wallToMs } from "./zones.js"
