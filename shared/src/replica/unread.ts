import type { BundleHash, DocumentId, GroupId, Key, Store, StoreChange } from "../base/index.js"
import { documentIdOf } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Batch } from "./batch.js"
import { type BundleRecord, encodeRecord, parseRecord } from "./bundle-record.js"
import type { Documents } from "./documents.js"
import type { Indexes } from "./indexes.js"

// Snapshots of documents that nobody has looked at since they came: their signer, certificate and right were
// checked, their content was not, and nothing of it is in the document yet. To verdicts they have not come.

/** `record`: what is known before the snapshot is taken to pieces, so no changes. */
export interface Unread {
  readonly key: Key
  readonly id: DocumentId
  readonly hash: BundleHash
  readonly record: BundleRecord
}

/** Of one document, or of all. */
export const unreadIn = async (store: Store, only?: DocumentId): Promise<readonly Unread[]> => {
  const found: Unread[] = []
  for (const { key, value } of await store.list(only === undefined ? ["unread"] : ["unread", only])) {
    const record = parseRecord(value)
    if (record !== undefined) found.push({ key, id: key[1] as DocumentId, hash: record.hash, record })
  }
  return found
}

/**
 * Leaves a bundle unread, if it is a snapshot and nobody looks at its document: who joins a family looks at few of
 * them. False: it is to be taken to pieces now.
 */
export const createUnread = (deps: {
  readonly sealer: Sealer
  readonly group: GroupId
  readonly documents: Documents | undefined
  readonly indexes: Indexes
  readonly indexedPut: (id: DocumentId, record: BundleRecord) => readonly StoreChange[]
}): ((batch: Batch, bare: BundleRecord) => Promise<boolean>) => {
  const { documents, indexes } = deps
  return async (batch, bare) => {
    if (documents === undefined || bare.kind !== "snapshot") return false
    const id = documentIdOf(deps.group, bare.circle, bare.document, deps.sealer.hash)
    if (batch.looked.has(id) || documents.isOpen(id) || (await indexes.has(id, bare.hash))) return false
    const key = { ...bare.document, circle: bare.circle, id }
    batch.unread.set(id, key)
    batch.changes.push(
      { type: "Put", key: ["unread", id, bare.hash], value: encodeRecord(bare) },
      ...deps.indexedPut(id, bare),
      ...(await documents.expect(key)),
    )
    return true
  }
}
