import type { EditKind, Patch } from "./workload.js"

/** One side of a comparison: a replica with its documents, its store and its connection. */
export interface BenchReplica {
  /** One edit, as the screen of an app would make it. Resolves when the library says that it is done with it. */
  edit(kind: EditKind, n: number): Promise<void>
  /** One patch of an editing trace in the note's body. */
  patch(patch: Patch): Promise<void>
  /** Called with how many edits of the kind have just become visible; own ones count too. */
  onSeen(listener: (kind: EditKind, count: number) => void): void
  /** The note's text. */
  text(): Promise<string>
  /** Everything of ours is at the server, as far as the library can tell. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface OpenOptions {
  readonly url: string
  readonly dir: string
  /** Ids of documents that the other replica made, where the library needs them handed over. */
  readonly documents?: Readonly<Record<EditKind, string>> | undefined
}

export interface OpenedReplica {
  readonly replica: BenchReplica
  readonly documents: Readonly<Record<EditKind, string>>
}
