import type { Area, Result } from "@home/shared/base"
import type { CommandInput, CommandName } from "./commands.js"
import type { Edit } from "./messages.js"
import type { Calls } from "./port-calls.js"
import type { DocumentEvent, DocumentRef, Place } from "./port-documents.js"
import type { AskError, EditError } from "./port-errors.js"
import type { FileRef, FileState } from "./port-files.js"
import type { ValueName, Values } from "./port-values.js"
import type { QuestionAnswer, QuestionInput, QuestionName } from "./questions.js"

export type { Edit } from "./messages.js"
export type * from "./port-calls.js"
export type * from "./port-contacts.js"
export type * from "./port-documents.js"
export type * from "./port-errors.js"
export type * from "./port-files.js"
export type * from "./port-shares.js"
export type * from "./port-values.js"

/**
 * All that a screen knows of the engine. The engine runs in a worker of one tab; every value here is plain and
 * was copied on its way, so nothing that a screen does to it reaches a document. Calls wait while the engine moves
 * to another tab, and are sent again.
 */
export interface Engine {
  /** Gives the present value at once (as soon as there is one), then every new one. Returns what ends it. */
  watch<K extends ValueName>(name: K, listener: (value: Values[K]) => void): Stop
  /** A document as rows by id: what is on top first, the rest in chunks, then changes only. */
  watchDocument<A extends Area>(document: DocumentRef<A>, listener: (event: DocumentEvent<A>) => void): Stop
  /** How it stands with a file that a document shows. While somebody watches it is asked for. */
  watchFile(file: FileRef, listener: (state: FileState) => void): Stop
  /**
   * Runs a command of `commands.ts` on a document, of Everyone's circle or of another place. It is in the journal before this returns: closing the tab now
   * loses nothing. The promise resolves when the engine has it on disk, or has refused it.
   */
  edit<N extends CommandName>(
    name: N,
    document: string,
    input: CommandInput<N>,
    circle?: Place,
  ): Promise<Result<void, EditError>>
  /**
   * Edits that found the disk full: the journal keeps them, no document has them yet, and they are tried again by
   * themselves. Oldest first; told at once and after each change.
   */
  watchSetAside(listener: (edits: readonly Edit[]) => void): Stop
  /** Asks a question of `questions.ts` about a document: what is not worth watching (the history of an entry). */
  ask<N extends QuestionName>(
    name: N,
    document: string,
    input: QuestionInput<N>,
    circle?: Place,
  ): Promise<Result<QuestionAnswer<N>, AskError>>
  readonly calls: Calls
}

export type Stop = () => void
