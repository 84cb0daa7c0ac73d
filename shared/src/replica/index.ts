export * from "./archive.js"
export * from "./author.js"
export type { BlobExchange } from "./blob-exchange.js"
export * from "./blob-store.js"
export * from "./blobs.js"
export * from "./bundle-page.js"
export * from "./contact-key.js"
export * from "./document-storage.js"
export * from "./documents.js"
export { gatherEditsMs } from "./edits.js"
export * from "./farewell.js"
export * from "./feed-ranges.js"
export { readHeard } from "./first-heard.js"
export * from "./found.js"
export * from "./identity.js"
export * from "./join.js"
export * from "./link-session.js"
export * from "./receipts.js"
export {
  type RecoverError,
  type Recovered,
  type RecoveryIdentity,
  recoverFamily,
  recoveryNote,
  recoveryNoteKey,
} from "./recover.js"
export { recoveryRoomOf, shareRoomOf } from "./rooms.js"
export * from "./relay-status.js"
export * from "./rendezvous.js"
export * from "./replica-port.js"
export { openReplica } from "./replica.js"
export * from "./room-sync.js"
export * from "./sealed-store.js"
export * from "./share.js"
export * from "./signals.js"
export * from "./sweep.js"
