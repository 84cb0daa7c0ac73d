import type { Brand } from "./brand.js"

// Every id is lower-case hex in memory (so that it can key a Map) and raw bytes on the wire.

/** SHA-256 of the genesis operation, 32 bytes. */
export type GroupId = Brand<string, "GroupId">
/** SHA-256 of a signed operation, 32 bytes. */
export type OperationId = Brand<string, "OperationId">
/** A person (or the box), 16 random bytes. */
export type MemberId = Brand<string, "MemberId">
/** First 16 bytes of SHA-256 over the device's three public keys. */
export type DeviceId = Brand<string, "DeviceId">
/** 16 bytes; see shared/access: Everyone's is derived from the group. */
export type CircleId = Brand<string, "CircleId">
/** The commitment to an epoch key, H(EK), 32 bytes. */
export type EpochId = Brand<string, "EpochId">
/** The Ed25519 public key of one incarnation's feed for one circle, 32 bytes. */
export type FeedId = Brand<string, "FeedId">
/** SHA-256 of a bundle's bytes, 32 bytes. */
export type BundleHash = Brand<string, "BundleHash">
/** First 16 bytes of SHA-256 over (group, circle, area, name): a document's name proves its id. */
export type DocumentId = Brand<string, "DocumentId">
/** One installation, restore or clone of a device's profile, 16 random bytes. */
export type IncarnationId = Brand<string, "IncarnationId">
/** An Automerge actor, 16 bytes. */
export type ActorId = Brand<string, "ActorId">
/** Automerge's hash of a change, 32 bytes. */
export type ChangeHash = Brand<string, "ChangeHash">
/** SHA-256 of one sealed chunk of a blob, 32 bytes. */
export type ChunkId = Brand<string, "ChunkId">
/** The Ed25519 public key of a relay room, 32 bytes. */
export type RoomId = Brand<string, "RoomId">
