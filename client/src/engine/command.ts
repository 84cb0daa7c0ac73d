import type { Area, DocumentName } from "@home/shared/base"
import type { By, CommandResult } from "@home/shared/documents"

/** What a command gets beside its input. `nowMs` is when the person did it, also when the journal runs it again. */
export interface CommandContext {
  readonly by: By
  /** The document's name: the year of a ledger. */
  readonly document: string
}

/**
 * One kind of edit, as it stands in the journal: its name, the document and a plain input that can be written
 * down. Running it twice must do what running it once does: ids are made before, `AlreadyExists` counts as done.
 */
export interface Command<I> {
  readonly area: Area
  run(draft: unknown, input: I, context: CommandContext): CommandResult
  /** Commands to be run before it, each on another document: the catalogue learns of a new year. */
  readonly before?: (document: string) => readonly BeforeCommand[]
}

export interface BeforeCommand {
  readonly document: DocumentName
  run(draft: unknown): CommandResult
}
