export {
  type Budget,
  type BudgetLine,
  type Budgets,
  budgetIn,
  budgetLines,
  monthAfter,
  setBudget,
  setCarryOver,
} from "./budgets.js"
export { type EntryChange, type FieldChange, entryAt, entryHistory } from "./entry-history.js"
export {
  type Filter,
  type SavedFilter,
  matcherOf,
  noFilter,
  saveFilter,
  setFilterRemoved,
} from "./filters.js"
export { type Preview, type PreviewRow, type RowState, previewImport } from "./import-preview.js"
export {
  type PayeeRule,
  type PayeeRuleFields,
  addPayeeRule,
  editPayeeRule,
  payeeMatcher,
} from "./payee-rules.js"
export { type Due, type Recurring, datesOf, dueInstances, fieldsOf, recurringFormat } from "./recurring.js"
export {
  type Schedule,
  addInstance,
  addRecurring,
  editRecurring,
  setRecurringRemoved,
  skipInstance,
} from "./recurring-commands.js"
export { type Report, type ReportKind, type ReportRow, reportKinds, reportOf, spendingOf } from "./reports.js"
export { type Names, createSearchIndex, searchText } from "./search-text.js"
export { equalShares, settlementOf, whoOwes } from "./settle.js"
export { Sheet } from "./sheet.js"
export { suggestionsOf, type Suggestion } from "./suggestions.js"
