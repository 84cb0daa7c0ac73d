import type { RoomId } from "@home/shared/base"
import type { ClientFrame } from "@home/shared/wire"
import type { Bucket } from "./bucket.js"
import type { RelayLimits } from "./limits.js"
import type { AppendOutcome, MailboxPost, Page, RoomPlace, RoomTotals } from "./mailbox.js"

export type JoinFrame = Extract<ClientFrame, { type: "Join" }>

/** One connection in one room. */
export interface Subscription {
  /** Everything up to this offset was sent (or was this connection's own). */
  cursor: number
  /** Blobs that may still be sent before the next `Read`; Infinity without a window. */
  window: number
  /** Live: gets posts as they come. Otherwise it is served from the store, starting at its cursor. */
  live: boolean
}

export interface Connection {
  readonly id: number
  readonly address: string
  readonly nonce: Uint8Array
  readonly requests: Bucket
  readonly bytes: Bucket
  readonly subscriptions: Map<RoomId, Subscription>
  /** Rooms whose subscription is not live, the longest waiting first. */
  readonly behind: Set<RoomId>
  /** The page on its way from the store: at most one a connection. */
  reading: { readonly id: number; readonly subscription: Subscription; readonly upTo: number } | undefined
  /** Bytes that wait in the socket, as far as the step knows. */
  buffered: number
  /** The last join of each room whose signature or room is still looked at. */
  readonly joining: Map<RoomId, JoinFrame>
  failedJoins: number
  heardMs: number
  /** Since when it is in no room; `undefined` while it is in one. */
  roomlessMs: number | undefined
}

/** A post that the store has not confirmed yet. */
export interface Pending {
  readonly offset: number
  readonly blob: Uint8Array
  readonly connection: number
  readonly request: number
  /** Live subscribers have seen it. */
  shown: boolean
}

/** A room somebody is in, or that has posts on their way to the store. */
export interface Room {
  readonly id: RoomId
  first: number
  /** The next offset to give. */
  next: number
  /** Everything that is stored lies at or below. */
  durable: number
  /** Offsets up to this one may be shown before they are stored. */
  leasedTo: number
  /** What the store holds. */
  bytes: number
  blobs: number
  pendingBytes: number
  readonly pending: Pending[]
  readonly members: Set<number>
}

export interface Address {
  connections: number
  readonly joins: Bucket
  readonly bytes: Bucket
  readonly rooms: Bucket
}

export interface RelayState {
  readonly limits: RelayLimits
  /** The mailbox's identity. */
  readonly store: string
  /** Names that the relay answers to; `undefined`: any (see SPEC.md). */
  readonly origins: ReadonlySet<string> | undefined
  readonly connections: Map<number, Connection>
  readonly rooms: Map<RoomId, Room>
  /** Proven joins that wait for their room to be read from the store. */
  readonly opening: Map<RoomId, { readonly connection: number; readonly join: JoinFrame }[]>
  readonly addresses: Map<string, Address>
  pendingBytes: number
  nextRead: number
  shuttingDown: boolean
  /** Plain counts since the start, for /metrics. */
  readonly counts: Record<Count, number>
}

export type Count =
  "connected" | "joined" | "posted" | "stored" | "forwarded" | "cast" | "read" | "refused" | "closed"

/** Everything that happens to the relay. `nowMs` is the clock's value; the step has no other. */
export type RelayEvent =
  | {
      readonly type: "Connected"
      readonly connection: number
      readonly address: string
      readonly nonce: Uint8Array
      readonly nowMs: number
    }
  | {
      readonly type: "Received"
      readonly connection: number
      readonly bytes: Uint8Array
      readonly nowMs: number
    }
  | {
      readonly type: "Verified"
      readonly connection: number
      readonly join: JoinFrame
      readonly valid: boolean
      readonly nowMs: number
    }
  /** `place` is undefined when the store could not be read. */
  | {
      readonly type: "RoomOpened"
      readonly room: RoomId
      readonly place: RoomPlace | undefined
      readonly nowMs: number
    }
  /** In the order of the `Store` effects. */
  | {
      readonly type: "Stored"
      readonly posts: readonly MailboxPost[]
      readonly outcomes: readonly (AppendOutcome | "Failed")[]
      readonly rooms: ReadonlyMap<RoomId, RoomTotals>
    }
  | { readonly type: "Expired"; readonly rooms: ReadonlyMap<RoomId, RoomTotals> }
  | {
      readonly type: "PageRead"
      readonly connection: number
      readonly room: RoomId
      readonly read: number
      readonly page: Page | undefined
    }
  /** The network has taken bytes; `buffered` still wait. */
  | { readonly type: "Sent"; readonly connection: number; readonly buffered: number }
  | { readonly type: "Disconnected"; readonly connection: number; readonly nowMs: number }
  | { readonly type: "Tick"; readonly nowMs: number }
  | { readonly type: "ShuttingDown" }

/** What is to be done, in this order. */
export type RelayEffect =
  | { readonly type: "Send"; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly type: "Close"; readonly connection: number }
  /** Check the signature over `message` by the join's room; answer with `Verified`. */
  | {
      readonly type: "Verify"
      readonly connection: number
      readonly join: JoinFrame
      readonly message: Uint8Array
    }
  | { readonly type: "OpenRoom"; readonly room: RoomId }
  | { readonly type: "Store"; readonly post: MailboxPost }
  | {
      readonly type: "ReadPage"
      readonly connection: number
      readonly room: RoomId
      readonly read: number
      readonly after: number
    }

export const createRelayState = (
  limits: RelayLimits,
  store: string,
  origins: ReadonlySet<string> | undefined,
): RelayState => ({
  limits,
  store,
  origins,
  connections: new Map(),
  rooms: new Map(),
  opening: new Map(),
  addresses: new Map(),
  pendingBytes: 0,
  nextRead: 1,
  shuttingDown: false,
  counts: {
    connected: 0,
    joined: 0,
    posted: 0,
    stored: 0,
    forwarded: 0,
    cast: 0,
    read: 0,
    refused: 0,
    closed: 0,
  },
})
