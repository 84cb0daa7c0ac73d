import {
  type Account,
  type BlobRef,
  type Budget,
  type Category,
  type ConflictingValue,
  type Entry,
  type EntryChange,
  type EntryFields,
  type Filter,
  type LedgerImport,
  type PayeeRuleFields,
  type Schedule,
  fieldsOf,
} from "@home/shared/documents"
import type { CommandInput, CommandName } from "../engine/commands.js"
import type { EditError, Engine, FileState, Place, Stop } from "../engine/port.js"

/** What money screens may do. Each shows at once; what the engine refuses afterwards is said by `onRefused`. */
export interface MoneyActions {
  /** Gives the new id. */
  readonly add: (fields: EntryFields) => string
  /** Moves an entry into another year's document where its new day asks for that; gives the id that it has then. */
  readonly edit: (entry: Entry, patch: Partial<EntryFields>) => string
  readonly remove: (entry: Pick<Entry, "id" | "date">) => void
  readonly restore: (entry: Entry) => void
  /** Keeps a file and shows it in the entry. Gives what is wrong: nothing of it stays then. */
  readonly attachReceipt: (
    entry: Entry,
    file: { readonly content: Blob; readonly type: string; readonly name: string },
  ) => Promise<AttachProblem | undefined>
  /** A file that was detached: its content is still here. */
  readonly attachAgain: (entry: Entry, receipt: BlobRef) => void
  readonly detachReceipt: (entry: Entry, receiptId: string) => void
  /** How it stands with a file; while somebody watches, it is asked for. */
  readonly watchReceipt: (entry: Entry, receipt: BlobRef, listener: (state: FileState) => void) => Stop
  /** The content, without a type. `undefined`: it is not here. */
  readonly openReceipt: (receipt: BlobRef) => Promise<Blob | undefined>
  readonly enterInstance: (recurring: string, date: string, fields: EntryFields) => void
  /** Resolves when all rows are on disk; `onProgress` hears how many are. */
  readonly importAll: (plan: LedgerImport, onProgress: (rows: number) => void) => Promise<boolean>

  readonly addAccount: (fields: Omit<Account, "id" | "key">) => void
  readonly editAccount: (id: string, patch: Partial<Omit<Account, "id" | "key">>) => void
  readonly addCategory: (fields: Omit<Category, "id" | "key">) => void
  readonly editCategory: (id: string, patch: Partial<Omit<Category, "id" | "key">>) => void
  readonly setCurrency: (currency: string) => void
  readonly setBudget: (category: string, month: string, budget: Budget, onlyThisMonth: boolean) => void
  readonly setCarryOver: (category: string, carries: boolean) => void
  readonly addRecurring: (fields: EntryFields, schedule: Schedule) => void
  readonly editRecurring: (id: string, patch: Partial<EntryFields>, schedule: Partial<Schedule>) => void
  readonly setRecurringRemoved: (id: string, removed: boolean) => void
  readonly skip: (id: string, date: string, skipped: boolean) => void
  readonly addRule: (fields: PayeeRuleFields) => void
  readonly editRule: (id: string, patch: Partial<PayeeRuleFields>) => void
  readonly setRuleRemoved: (id: string, removed: boolean) => void
  readonly saveFilter: (name: string, filter: Filter) => void
  readonly setFilterRemoved: (id: string, removed: boolean) => void

  readonly historyOf: (entry: Entry) => Promise<readonly EntryChange[]>
  readonly stateAt: (entry: Entry, hash: string) => Promise<EntryFields | undefined>
  readonly conflictsOf: (entry: Entry) => Promise<Readonly<Record<string, readonly ConflictingValue[]>>>
}

export type AttachProblem = "tooLong" | "noRoom" | "full" | "other"

/** Rows that one command carries: about 100 kB in the journal. */
const rowsPerCommand = 250

const yearOf = (date: string): string => date.slice(0, 4)

const chunksOf = <T>(rows: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / rowsPerCommand) }, (_, at) =>
    rows.slice(at * rowsPerCommand, (at + 1) * rowsPerCommand),
  )

const problemOf = (error: { readonly type: string }): AttachProblem => {
  if (error.type === "FileTooLong") return "tooLong"
  if (error.type === "NoRoomForFile") return "noRoom"
  return error.type === "StorageFull" ? "full" : "other"
}

export const createMoneyActions = (deps: {
  readonly engine: Engine
  /** Everyone's, if it is undefined. */
  readonly circle: Place | undefined
  /** 32 hex digits. */
  readonly newId: () => string
  readonly nowMs: () => number
  readonly onRefused: (error: EditError) => void
}): MoneyActions => {
  const { engine, circle, newId } = deps
  const run = async <N extends CommandName>(
    name: N,
    document: string,
    input: CommandInput<N>,
  ): Promise<boolean> => {
    const done = await engine.edit(name, document, input, circle)
    if (!done.ok) deps.onRefused(done.error)
    return done.ok
  }
  const go = <N extends CommandName>(name: N, document: string, input: CommandInput<N>): void =>
    void run(name, document, input)
  const add = (fields: EntryFields): string => {
    const id = newId()
    go("addEntry", yearOf(fields.date), { id, fields })
    return id
  }
  const remove: MoneyActions["remove"] = entry => go("deleteEntry", yearOf(entry.date), { id: entry.id })
  return {
    add,
    remove,
    edit: (entry, patch) => {
      if (patch.date === undefined || yearOf(patch.date) === yearOf(entry.date)) {
        go("editEntry", yearOf(entry.date), { id: entry.id, patch })
        return entry.id
      }
      remove(entry)
      const id = add({ ...fieldsOf(entry), ...patch })
      for (const receipt of entry.receipts) go("attachReceipt", yearOf(patch.date), { id, receipt })
      return id
    },
    restore: entry => go("restoreEntry", yearOf(entry.date), { id: entry.id }),
    attachReceipt: async (entry, file) => {
      const year = yearOf(entry.date)
      const kept = await engine.calls
        .keepFile({ document: { area: "ledger", name: year, circle }, ...file })
        .catch(() => undefined)
      if (kept === undefined) return "other"
      if (!kept.ok) return problemOf(kept.error)
      await run("attachReceipt", year, { id: entry.id, receipt: kept.value })
      return undefined
    },
    attachAgain: (entry, receipt) => go("attachReceipt", yearOf(entry.date), { id: entry.id, receipt }),
    detachReceipt: (entry, receiptId) => go("detachReceipt", yearOf(entry.date), { id: entry.id, receiptId }),
    watchReceipt: (entry, ref, listener) =>
      engine.watchFile({ ref, document: { area: "ledger", name: yearOf(entry.date), circle } }, listener),
    openReceipt: async ref => {
      const opened = await engine.calls.openFile({ ref }).catch(() => undefined)
      return opened?.ok === true ? opened.value : undefined
    },
    enterInstance: (recurring, date, fields) =>
      go("addInstance", yearOf(fields.date), { recurring, date, fields }),
    importAll: async (plan, onProgress) => {
      for (const [id, fields] of plan.accounts)
        if (!(await run("addAccount", "", { id, fields }))) return false
      for (const [id, fields] of plan.categories)
        if (!(await run("addCategory", "", { id, fields }))) return false
      let count = 0
      for (const { year, rows } of plan.batches)
        for (const chunk of chunksOf(rows)) {
          if (!(await run("importEntries", year, { format: plan.format, rows: chunk }))) return false
          count += chunk.length
          onProgress(count)
        }
      return true
    },
    addAccount: fields => go("addAccount", "", { id: newId(), fields }),
    editAccount: (id, patch) => go("editAccount", "", { id, patch }),
    addCategory: fields => go("addCategory", "", { id: newId(), fields }),
    editCategory: (id, patch) => go("editCategory", "", { id, patch }),
    setCurrency: currency => go("setFamilyCurrency", "", { currency }),
    setBudget: (category, month, budget, onlyThisMonth) =>
      go("setBudget", "", { category, month, budget, onlyThisMonth }),
    setCarryOver: (category, carries) => go("setCarryOver", "", { category, carries }),
    addRecurring: (fields, schedule) => go("addRecurring", "", { id: newId(), fields, schedule }),
    editRecurring: (id, patch, schedule) => go("editRecurring", "", { id, patch, schedule }),
    setRecurringRemoved: (id, removed) => go("removeRecurring", "", { id, removed }),
    skip: (id, date, skipped) => go("skipInstance", "", { id, date, skipped }),
    addRule: fields => go("addPayeeRule", "", { id: newId(), fields }),
    editRule: (id, patch) => go("editPayeeRule", "", { id, patch }),
    setRuleRemoved: (id, removed) =>
      go("editPayeeRule", "", { id, patch: { deletedAtMs: removed ? deps.nowMs() : undefined } }),
    saveFilter: (name, filter) => go("saveFilter", "", { id: newId(), name, filter }),
    setFilterRemoved: (id, removed) => go("removeFilter", "", { id, removed }),
    historyOf: async entry => {
      const answer = await engine.ask("entryHistory", yearOf(entry.date), { id: entry.id }, circle)
      return answer.ok ? answer.value : []
    },
    stateAt: async (entry, hash) => {
      const answer = await engine.ask("entryBefore", yearOf(entry.date), { id: entry.id, hash }, circle)
      return answer.ok ? answer.value : undefined
    },
    conflictsOf: async entry => {
      const answer = await engine.ask("entryConflicts", yearOf(entry.date), { id: entry.id }, circle)
      return answer.ok ? answer.value : {}
    },
  }
}
