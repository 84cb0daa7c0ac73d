import type { Clock, Dialer, Random, RoomId } from "../base/index.js"
import type { RefusalReason } from "./frame.js"

/** `Waiting`: until the next attempt. `Online`: the relay has sent its challenge; rooms join one by one. */
export type RelaySessionState =
  | { readonly type: "Idle" }
  | { readonly type: "Connecting" }
  | { readonly type: "Online" }
  | { readonly type: "Waiting"; readonly retryMs: number }
  | { readonly type: "Closed" }

/** Where a device stands in a room: the relay's store (hex) and the last offset it has taken from it. */
export interface RoomCursor {
  readonly store: string | undefined
  readonly after: number
}

export interface RelayJoined {
  readonly store: string
  readonly from: number
  readonly first: number
  readonly next: number
}

/** Something may have been missed: catch up by have/want with somebody. */
export type RelayGap =
  /** The relay has another store than the cursor was counted in: it forgot everything. */
  | { readonly type: "OtherStore" }
  /** What lay between the cursor and `first` has expired. */
  | { readonly type: "Expired"; readonly first: number }

/** What the session reports. All calls come in the order of the wire. */
export interface RelaySessionEvents {
  onState(state: RelaySessionState): void
  /** The caller's cursor of the room is now `{store, after: from}`. Comes before any blob of the room. */
  onJoined(room: RoomId, joined: RelayJoined): void
  /** Comes right after `onJoined`. */
  onGap(room: RoomId, gap: RelayGap): void
  /** Once the caller has taken the blob durably, its cursor is `offset`. May come twice after a reconnect. */
  onBlob(room: RoomId, offset: number, blob: Uint8Array): void
  /** Everything that the relay had was given to `onBlob`. */
  onCaughtUp(room: RoomId, next: number): void
  onCast(room: RoomId, blob: Uint8Array): void
  /**
   * The post is durable at the relay. Own posts are not sent back while the room is caught up: then `cursor` is
   * the post's offset, and the caller may move to it once it has taken all earlier blobs; else `undefined`.
   */
  onAck(
    post: number,
    ack: { readonly room: RoomId; readonly offset: number; readonly cursor: number | undefined },
  ): void
  /** The session has given the post or the room up (`Connection`: only this connection). */
  onRefused(refusal: RelayRefusal): void
}

export type RelayRefusal =
  | { readonly type: "Post"; readonly post: number; readonly room: RoomId; readonly reason: RefusalReason }
  | { readonly type: "Room"; readonly room: RoomId; readonly reason: RefusalReason }
  | { readonly type: "Connection"; readonly reason: RefusalReason }

export interface RelaySessionDeps {
  readonly dialer: Dialer
  readonly clock: Clock
  readonly random: Random
  /** Ed25519 by the room's key under the domain. `undefined`: this device has no key for the room any more. */
  readonly sign: (room: RoomId, domain: string, message: Uint8Array) => Promise<Uint8Array | undefined>
}

export interface RelayAddress {
  /** Where to dial. */
  readonly url: string
  /** The name of the relay in the family's keys; often the same as the URL. */
  readonly origin: string
}

export interface RelaySession {
  readonly state: RelaySessionState
  /** Joins now and after every reconnect. `window`: see `ClientFrame`; 0 for none. */
  join(room: RoomId, cursor: RoomCursor, window?: number): void
  /** Also forgets the room's unacknowledged posts: they are the caller's again. */
  leave(room: RoomId): void
  /** Reads a joined room again from `after`, or opens its window for the next `window` blobs. */
  read(room: RoomId, after: number, window?: number): void
  /** Queues a blob and gives its number. It is sent, and sent again after a reconnect, until acknowledged. */
  post(room: RoomId, blob: Uint8Array): number
  /** Live only: `false` when it was not sent because the room is not joined or the connection is behind. */
  cast(room: RoomId, blob: Uint8Array): boolean
  /** Posts that no acknowledgement has come for. */
  unacknowledged(): number
  /** Tries now instead of at the end of the wait: the network came back. */
  retryNow(): void
  /** Ends everything: no timer, no event after it. Unacknowledged posts are the caller's again. */
  close(): void
}
