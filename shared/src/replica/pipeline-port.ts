import type {
  BundleHash,
  ChangeHash,
  Clock,
  DeviceId,
  FeedId,
  Log,
  Store,
  StoreChange,
} from "../base/index.js"
import type { Change, Sealer } from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import type { OwnContent, Received } from "./batch.js"
import type { Certificates } from "./certificates.js"
import type { DocumentIndex } from "./document-index.js"
import type { Doc, DocumentKey, Documents } from "./documents.js"
import type { GroupSession } from "./group-session.js"
import type { Indexes } from "./indexes.js"
import type { ActRefusal } from "./replica-port.js"
import type { Rights } from "./rights.js"

export interface PipelineDeps {
  readonly sealer: Sealer
  readonly store: Store
  readonly archive: Archive
  readonly certificates: Certificates
  readonly session: GroupSession
  readonly rights: Rights
  readonly indexes: Indexes
  /** `undefined` on the box: it keeps and judges bundles, and holds no documents. */
  readonly documents: Documents | undefined
  /** Keeps what it cannot open as well: the blind part of the box's archive. */
  readonly isKeeper: boolean
  readonly clock: Clock
  readonly log: Log
  readonly device: DeviceId
  /** Whether a feed belongs to this device's present incarnation. */
  readonly isOwnFeed: (feed: FeedId) => boolean
  readonly startAutomerge: () => Promise<void>
}

/**
 * The way in, the same for a link, a relay room, a file and this device's own bundles:
 * limits -> feed signature -> durable -> key -> certificate, group, circle -> content -> verdict -> document.
 * Calls must not overlap: the replica runs them one after the other.
 */
export interface Pipeline {
  receive(raw: readonly Uint8Array[]): Promise<Received>
  /**
   * From a peer that is not in the log as it is known here: takes in nothing but operations that are new, sealed
   * under the log key and certified by a device that is live by what came before. Who was removed, or never
   * belonged, cannot put a byte into the archive.
   */
  introduce(raw: readonly Uint8Array[]): Promise<Received>
  /**
   * For bundles that are in the archive already: our own, and what a crash left unprocessed. `marks` are written with
   * it. `own`: those that were made just now, which nobody has to open.
   */
  process(
    stored: readonly StoredBundle[],
    marks?: readonly StoreChange[],
    own?: ReadonlyMap<BundleHash, OwnContent>,
  ): Promise<Received>
  /** This device's own operation: taken in first, and published (by `publish`) only when it is valid. */
  act(
    bytes: Uint8Array,
    publish: () => Promise<StoredBundle>,
  ): Promise<
    { readonly refused: ActRefusal } | { readonly received: Received; readonly stored: StoredBundle }
  >
  indexOf(key: DocumentKey): Promise<DocumentIndex>
  /** The content of changes, read again from the bundles that brought them. */
  changes(key: DocumentKey, wanted: readonly ChangeHash[]): Promise<readonly Change[]>
  /** The content of those of the changes, given parents first, that the document can hold. */
  acceptable(key: DocumentKey, wanted: readonly ChangeHash[]): Promise<readonly Change[]>
  /** The document does not load: finds what Automerge cannot hold, and goes on without. */
  heal(key: DocumentKey): Promise<void>
  /** Somebody looks at the document: snapshots of it that were left unread are taken to pieces and judged. */
  look(key: DocumentKey): Promise<void>
  /** Whether a document holds something else than what counts now: then it is reconciled. */
  differs(key: DocumentKey): Promise<(doc: Doc) => boolean>
  /** After a crash: what is missing in the document although it counts is applied, what does not count leaves it. */
  reconcile(key: DocumentKey): Promise<void>
}
