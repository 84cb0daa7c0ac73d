import type { HiddenWrap } from "../adapters/clear-records.js"
import type { CallName, DocumentRef, FileRef, Place, ValueName } from "./port.js"

/** One edit as the journal keeps it: plain, and enough to be done again. `id` sorts by the order of making. */
export interface Edit {
  readonly id: string
  readonly name: string
  readonly document: string
  /** Everyone's if left out. */
  readonly circle?: Place | undefined
  readonly input: unknown
  /** When the person did it. */
  readonly nowMs: number
}

/** What an open engine lends to the tabs, in memory only; `undefined` takes it back. */
export interface Lent {
  /** Seals the journal. */
  readonly journalKey: Uint8Array
  /** Lets the next engine open without asking again when this one's tab is closed. */
  readonly ticket: HiddenWrap
}

export type Watched =
  | { readonly type: "Value"; readonly name: ValueName }
  | { readonly type: "Document"; readonly document: DocumentRef }
  | { readonly type: "File"; readonly file: FileRef }

/** Tab to engine. `id` is the tab's own number; an answer bears it. */
export type Request =
  | { readonly type: "Hello" }
  | { readonly type: "Bye" }
  /** Somebody is using the app: the idle clock starts anew. */
  | { readonly type: "Touch" }
  | { readonly type: "Call"; readonly id: number; readonly name: CallName; readonly input: unknown }
  | { readonly type: "Edit"; readonly id: number; readonly edit: Edit }
  | {
      readonly type: "Ask"
      readonly id: number
      readonly name: string
      readonly document: string
      readonly circle: Place | undefined
      readonly input: unknown
    }
  | { readonly type: "Watch"; readonly id: number; readonly watched: Watched }
  | { readonly type: "Unwatch"; readonly id: number }
  /** How many edits lie in the journal, for the storage view. */
  | { readonly type: "Journalled"; readonly count: number }

/** Engine to tab. */
export type Reply =
  /** An engine is here. Another `engine` than before: it knows nothing of this tab, send everything again. */
  | { readonly type: "Up"; readonly engine: string }
  | { readonly type: "Lent"; readonly lent: Lent | undefined }
  | { readonly type: "Answer"; readonly id: number; readonly result: unknown }
  /** A bug or a failing disk: the call is over and its promise rejects. */
  | { readonly type: "Broken"; readonly id: number; readonly reason: string }
  | { readonly type: "News"; readonly id: number; readonly news: unknown }
  /** Everything was erased: the journal goes too. */
  | { readonly type: "Erased" }

/** The first message to a worker. */
export interface Start {
  readonly type: "Start"
  readonly profile: string
  /** The tab that started the worker: it is answered directly, the others by their channels. */
  readonly tab: string
  readonly engine: string
  /** Of the engine before, if this tab was lent one. */
  readonly ticket: HiddenWrap | undefined
}

/** On the way from a tab, and back. */
export interface FromTab {
  readonly tab: string
  readonly request: Request
}
export interface ToTab {
  readonly tab: string
  readonly reply: Reply
}
/** Said to everyone when an engine starts. */
export interface UpForAll {
  readonly up: string
}

/** Names of the lock and of the channels of a profile. */
export const lockName = (profile: string): string => `home/${profile}`
export const engineChannel = (profile: string): string => `home/${profile}/engine`
export const tabChannel = (profile: string, tab: string): string => `home/${profile}/tab/${tab}`
/** Held by a tab as long as it lives: who gets it knows that the tab is gone. */
export const tabLockName = (profile: string, tab: string): string => `home/${profile}/tab/${tab}`
export const databaseName = (profile: string): string => `home/${profile}`
