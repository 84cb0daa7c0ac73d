import type {
  Area,
  BundleHash,
  ChangeHash,
  CircleId,
  Clock,
  DeviceId,
  FeedId,
  GroupId,
  IncarnationId,
  Log,
  OperationId,
  Random,
  Result,
  Store,
} from "../base/index.js"
import type { OperationBody } from "../access/index.js"
import type { Have, Sealer } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import type { Author } from "./author.js"
import type { Received } from "./batch.js"
import type { DocumentIndex } from "./document-index.js"
import type { Doc, DocumentKey, OpenDocument } from "./documents.js"
import type { GroupSession, OperationRefusal } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"
import type { Offer } from "./manifests.js"
import type { RecoveryIdentity } from "./recover.js"

export interface ReplicaDeps {
  readonly sealer: Sealer
  readonly random: Random
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly archive: Archive
  /**
   * Starts Automerge's WebAssembly where it does not run yet: awaited before a keeper looks into a document, which may
   * be never. Left out: it runs already.
   */
  readonly startAutomerge?: () => Promise<void>
}

export interface ReplicaOptions {
  readonly identity: DeviceIdentity
  readonly logKey: Uint8Array
  readonly incarnation: IncarnationId
  /** The box: keeps every bundle, also what it cannot open, and holds no documents. */
  readonly isKeeper: boolean
  /** Leased by a lock: no two live writers of one device share an actor. */
  readonly slot: number
  /** At most so far apart bundles are begun while edits come faster than they are sealed, milliseconds; left out: 0. */
  readonly gatherMs?: number
}

/** `Duplicate`, `Missing`: it is here already, or rests on what is not here. */
export type ActRefusal = OperationRefusal | "Duplicate" | "Missing"
export type ActError = { readonly type: "Refused"; readonly reason: ActRefusal }
export type ChangeError =
  /** The role or the circle does not allow it: nothing was changed. */
  { readonly type: "NotAllowed" }

export type MoveError =
  /** `MovedAlready`: to another circle. `Pointless`: there is nothing that has not gone along. */
  | ActError
  /** Only notes and lists of plans are. */
  | { readonly type: "NotMovable" }
  /** Some of it is not on this device. */
  | { readonly type: "NotHere" }
  /** More than one bundle holds. */
  | { readonly type: "TooLarge" }

/**
 * Edits that do not count: their author had lost the right when he made them, as far as the family can tell. Or that
 * count only in a document's old place, for their author did not know yet that it was moved.
 */
export interface LateEdits {
  readonly bundle: BundleHash
  readonly key: DocumentKey
  readonly device: DeviceId
  readonly changes: readonly ChangeHash[]
}

/** Who hears of new bundles: rooms and links pass them on. `from`: the source that brought them, if any. */
export type Appended = (bundles: readonly StoredBundle[], from: string | undefined) => void

/** A document has changed, by whomever. `doc`: as it is now, when it is open; to be looked at, not kept. */
export type DocumentChanged = (key: DocumentKey, doc: Doc | undefined) => void

/** They are the words of another family, or were replaced. */
export interface WrongPhrase {
  readonly type: "WrongPhrase"
}

/** What only the recovery phrase may do, and how another one takes its place. No phrase is kept behind a call. */
export interface Phrase {
  /** Whether these are the words that count now. */
  isCurrent(recovery: RecoveryIdentity): boolean
  /** An operation signed by the recovery key, which outranks everybody; it reads every circle. */
  act(
    recovery: RecoveryIdentity,
    write: (author: Author) => Promise<OperationBody>,
  ): Promise<Result<OperationId, ActError | WrongPhrase>>
  /**
   * Every circle gets a new key, wrapped to the new phrase. With the phrase that counts now the old one is sealed off,
   * whatever it signs afterwards; without it (lost) only the founder may, and the old one is replaced, not sealed off.
   */
  replace(
    next: RecoveryIdentity,
    by: RecoveryIdentity | undefined,
  ): Promise<Result<OperationId, ActError | WrongPhrase>>
}

/**
 * One store of bundles that takes part: a device with documents, or the box without. All methods run one after
 * the other; nothing in them waits for a network.
 */
export interface Replica {
  readonly group: GroupId
  readonly device: DeviceId
  readonly session: GroupSession
  readonly archive: Archive
  readonly author: Author
  everyone(): CircleId
  keyFor(area: Area, name: string, circle?: CircleId): DocumentKey
  /** Opens a document for the screen; edits go through `change`. */
  open(key: DocumentKey): Promise<OpenDocument>
  read<T>(key: DocumentKey, look: (doc: Doc) => T): Promise<T>
  /** Runs a command on a draft, seals what it changed, hands it on. */
  change<T>(key: DocumentKey, command: (draft: never) => T): Promise<Result<T, ChangeError>>
  act(
    body: OperationBody | ((author: Author) => Promise<OperationBody>),
  ): Promise<Result<OperationId, ActError>>
  /** Takes in and publishes an operation that this device did not sign: the recovery key's. */
  actAs(bytes: Uint8Array): Promise<Result<OperationId, ActError>>
  /**
   * Takes a document to another circle, where it goes on under a new key: its changes are sealed anew, their authors stay
   * who they were. The old one stays as it was with who could read it, and nobody writes it any more.
   */
  move(key: DocumentKey, circle: CircleId): Promise<Result<DocumentKey, MoveError>>
  receive(raw: readonly Uint8Array[], from?: string): Promise<Received>
  /** The same from a peer that the log does not know: only what may change that. See `Pipeline.introduce`. */
  introduce(raw: readonly Uint8Array[], from?: string): Promise<Received>
  /** The documents of one area that anything is known of. */
  documents(area: Area): Promise<readonly DocumentKey[]>
  late(): Promise<readonly LateEdits[]>
  /**
   * An empty change upon them, by this device: whoever may write there can adopt them. What was left behind by a move is
   * taken along.
   */
  acceptLate(edits: LateEdits): Promise<Result<void, ChangeError>>
  /** Not shown again here; the family keeps them all the same. */
  discardLate(edits: LateEdits): Promise<void>
  /** Restores what should be: wraps for those who lack them, one epoch head, unsent edits sealed. */
  tend(): Promise<void>
  /** A peer has given all it has: what is still unsent of an earlier incarnation can be written anew. */
  caughtUp(): Promise<void>
  /** What this store has and wants, with what snapshots stand for: the page that begins at `from`. */
  have(tags: readonly string[], from?: FeedId): Promise<Have>
  /** Snapshots first, for a peer that lacks much; and its Have as it will be after them. */
  offer(theirs: Have): Promise<Offer>
  /**
   * Makes snapshots of a circle's documents and a manifest over them. False: this device may not, it lacks
   * something itself, or nothing has changed since the last one.
   */
  snapshot(circle: CircleId): Promise<boolean>
  onAppended(listener: Appended): () => void
  /** An own change is told of before it is sealed: a screen need not wait for the disk. */
  onDocumentChanged(watcher: DocumentChanged): () => void
  index(key: DocumentKey): Promise<DocumentIndex>
  /** A device's feeds in one circle, or (undefined) of the log, from the certificates seen. */
  feedsOf(device: DeviceId, circle: CircleId | undefined): Promise<readonly FeedId[]>
  readonly phrase: Phrase
  flush(): Promise<void>
  close(): Promise<void>
}
