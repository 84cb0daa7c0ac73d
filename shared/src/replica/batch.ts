import type { BundleHash, ChangeHash, DocumentId, OperationId, StoreChange } from "../base/index.js"
import type { Operation } from "../access/index.js"
import type { Change } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import type { BundleRecord } from "./bundle-record.js"
import type { DocumentKey } from "./documents.js"
import type { GroupSession } from "./group-session.js"
import type { OpenedBundle } from "./opened-bundle.js"

/** What became of the bundles of one call. */
export interface Received {
  /** New here and durable: hand them on. */
  readonly added: readonly StoredBundle[]
  readonly duplicates: number
  /** Stored, and waiting for a key, a certificate, a device or an operation. */
  readonly parked: number
  /** Final refusals, counted by type. */
  readonly refused: Readonly<Record<string, number>>
  readonly documents: ReadonlySet<DocumentId>
  readonly operations: readonly Operation[]
  /** A peer brought a bundle of our own feed that we never made: this profile is a copy of another. */
  readonly isCopy: boolean
}

/** What there was before an operation came: to see what it sets free. */
export interface GroupBefore {
  readonly tags: ReadonlySet<string>
  readonly voids: ReadonlySet<OperationId>
  readonly takings: ReadonlySet<OperationId>
}

/** What is in a bundle that was just made from a document of this device. */
export interface OwnContent {
  readonly opened: OpenedBundle
  readonly document: DocumentId
  readonly changes: readonly Change[]
}

/** One call's work: everything that it will write, and what it has found out. Written at once, at the end. */
export interface Batch {
  readonly changes: StoreChange[]
  readonly added: StoredBundle[]
  readonly operations: Operation[]
  readonly refused: Record<string, number>
  readonly newRecords: Map<DocumentId, { key: DocumentKey; records: BundleRecord[] }>
  readonly changeByHash: Map<ChangeHash, Change>
  readonly queue: StoredBundle[]
  /** Made here just now: in the document already, and parsed. */
  readonly own: ReadonlyMap<BundleHash, OwnContent>
  /** Documents that somebody looks at: their snapshots are taken to pieces now. */
  readonly looked: Set<DocumentId>
  /** Documents of which a snapshot came that is left for later. */
  readonly unread: Map<DocumentId, DocumentKey>
  /** The whole documents that snapshots hold, byte for byte, once they were taken to pieces and checked. */
  readonly wholeByBundle: Map<BundleHash, Uint8Array>
  duplicates: number
  parked: number
  isRejudged: boolean
  isCopy: boolean
}

export const groupNow = (session: GroupSession): GroupBefore => ({
  tags: new Set(session.keyring.tags()),
  voids: session.state().void,
  takings: new Set(session.state().takings.map(({ operation }) => operation)),
})

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every(item => other.has(item))

/** Whether verdicts may be others than before: rights are taken or given back. */
export const hasMoved = (before: GroupBefore, after: GroupBefore): boolean =>
  !isSame(before.takings, after.takings) || !isSame(before.voids, after.voids)

export const newBatch = (own: ReadonlyMap<BundleHash, OwnContent> = new Map()): Batch => ({
  own,
  changes: [],
  added: [],
  operations: [],
  refused: {},
  newRecords: new Map(),
  changeByHash: new Map(),
  queue: [],
  looked: new Set(),
  unread: new Map(),
  wholeByBundle: new Map(),
  duplicates: 0,
  parked: 0,
  isRejudged: false,
  isCopy: false,
})

export const refuse = (batch: Batch, reason: string): void => {
  batch.refused[reason] = (batch.refused[reason] ?? 0) + 1
}
