import type { RoomId } from "@home/shared/base"

/** Where a room stands when it is opened. */
export interface RoomPlace {
  /** Nothing at or above this offset was ever dropped. */
  readonly first: number
  /** Above every offset that anybody may have seen, in this or an earlier run: the first one to give. */
  readonly next: number
  readonly bytes: number
  readonly blobs: number
}

/** A room after a commit. */
export interface RoomTotals {
  readonly first: number
  /** Offsets up to this one may be shown before they are stored: no later run gives them again. */
  readonly leasedTo: number
  readonly bytes: number
  readonly blobs: number
}

export interface MailboxPost {
  readonly room: RoomId
  /** Given by the caller: at least `RoomPlace.next` and above every earlier one of the room. */
  readonly offset: number
  readonly blob: Uint8Array
}

/** `RoomFull`: the room's bytes or blobs. `StoreFull`: all rooms' bytes, or the number of rooms. */
export type AppendOutcome = "Stored" | "RoomFull" | "StoreFull"

export interface AppendResult {
  /** One for each post, in its order. */
  readonly outcomes: readonly AppendOutcome[]
  /** The rooms whose totals changed. */
  readonly rooms: ReadonlyMap<RoomId, RoomTotals>
}

export interface StoredBlob {
  readonly offset: number
  readonly blob: Uint8Array
}

export interface Page {
  readonly blobs: readonly StoredBlob[]
  /** There was more than the limit let through. */
  readonly more: boolean
}

/**
 * The relay's durable store: append-only rooms of blobs within quotas, for a time. Rejections are failures of
 * the medium: nothing of the call is kept. `mailbox-contract.ts` is what every adapter must do.
 */
export interface Mailbox {
  /** Hex, 16 random bytes, made with the store: offsets mean something only together with it. */
  readonly store: string
  /** Writes nothing: a room comes into being with its first post. */
  open(room: RoomId): Promise<RoomPlace>
  /**
   * One transaction for all: expires, checks quotas post by post, stores. Durable when it resolves, and read by
   * nobody before.
   */
  append(posts: readonly MailboxPost[], nowMs: number): Promise<AppendResult>
  /** Blobs above `after` in rising order; at least one if there is one, then as many as both limits let through. */
  read(room: RoomId, after: number, limit: { readonly bytes: number; readonly blobs: number }): Promise<Page>
  /** Removes what is older than the TTL, and rooms that nobody posted to for as long; gives the changed rooms. */
  expire(nowMs: number): Promise<ReadonlyMap<RoomId, RoomTotals>>
  close(): Promise<void>
}

/**
 * How far beyond the last stored offset a commit reserves. What is reserved is never given again by a later run,
 * so live blobs may be shown before they are stored; the price is a hole of this size per restart.
 */
export const leaseOffsets = 1024
