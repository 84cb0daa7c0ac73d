import type { RoomId } from "@home/shared/base"
import { type ClientFrame, encodeRelayFrame } from "@home/shared/wire"
import { forgetIdleRoom, refuse, send, sendBytes } from "./answers.js"
import { take } from "./bucket.js"
import { addressOf } from "./joining.js"
import type { AppendOutcome, MailboxPost, RoomTotals } from "./mailbox.js"
import { show } from "./reading.js"
import type { Connection, Pending, RelayEffect, RelayState, Room } from "./state.js"

type PostFrame = Extract<ClientFrame, { type: "Post" }>
type CastFrame = Extract<ClientFrame, { type: "Cast" }>

const busyRetryMs = 1_000
const storeRetryMs = 5_000

/** Gives the post its offset, shows it as soon as that offset is safe, and sends it to the store. */
export const post = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  frame: PostFrame,
  nowMs: number,
): void => {
  const { limits } = state
  const { blob } = frame
  const subject = { type: "Post", request: frame.request } as const
  const room = state.rooms.get(frame.room)
  if (room === undefined || !room.members.has(connection.id)) {
    refuse(state, out, connection, subject, "NotJoined")
    return
  }
  if (state.shuttingDown) {
    refuse(state, out, connection, subject, "ShuttingDown", busyRetryMs)
    return
  }
  if (blob.length > limits.blobBytes) {
    refuse(state, out, connection, subject, "BlobTooLarge")
    return
  }
  if (
    room.bytes + room.pendingBytes + blob.length > limits.roomBytes ||
    room.blobs + room.pending.length + 1 > limits.roomBlobs
  ) {
    refuse(state, out, connection, subject, "RoomFull")
    return
  }
  const retryMs =
    state.pendingBytes + blob.length > limits.pendingBytes
      ? busyRetryMs
      : take(connection.bytes, limits.byteRate, blob.length, nowMs)
  if (retryMs > 0) {
    refuse(state, out, connection, subject, "RateLimited", retryMs)
    return
  }
  const quotaMs = takeQuota(state, connection, room, blob.length, nowMs)
  if (quotaMs > 0) {
    refuse(state, out, connection, subject, "AddressFull", quotaMs)
    return
  }
  const offset = room.next++
  const pending: Pending = { offset, blob, connection: connection.id, request: frame.request, shown: false }
  room.pending.push(pending)
  room.pendingBytes += blob.length
  state.pendingBytes += blob.length
  state.counts.posted += 1
  if (offset <= room.leasedTo) show(state, out, room, pending)
  out.push({ type: "Store", post: { room: room.id, offset, blob } })
}

/** What an address may have kept, whatever connections it uses: milliseconds to wait, or 0 and it is taken. */
const takeQuota = (
  state: RelayState,
  connection: Connection,
  room: Room,
  bytes: number,
  nowMs: number,
): number => {
  const { addressByteRate, addressRoomRate } = state.limits
  const address = addressOf(state, connection.address, nowMs)
  const isNew = room.blobs + room.pending.length === 0
  const roomMs = isNew ? take(address.rooms, addressRoomRate, 1, nowMs) : 0
  return roomMs > 0 ? roomMs : take(address.bytes, addressByteRate, bytes, nowMs)
}

/** Live only: who cannot take it now never gets it. */
export const cast = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  frame: CastFrame,
  nowMs: number,
): void => {
  const { limits } = state
  const room = state.rooms.get(frame.room)
  if (room === undefined || !room.members.has(connection.id) || frame.blob.length > limits.castBytes) return
  if (take(connection.bytes, limits.byteRate, frame.blob.length, nowMs) > 0) return
  const bytes = encodeRelayFrame({ type: "CastBlob", room: room.id, blob: frame.blob })
  for (const id of room.members) {
    const member = state.connections.get(id)
    if (id === connection.id || member === undefined || member.buffered >= limits.sendBufferBytes) continue
    state.counts.cast += 1
    sendBytes(state, out, member, bytes)
  }
}

/** Durable or not at all: the only place that acknowledges. Outcomes of a room come in the order of its offsets. */
export const stored = (
  state: RelayState,
  out: RelayEffect[],
  posts: readonly MailboxPost[],
  outcomes: readonly (AppendOutcome | "Failed")[],
  rooms: ReadonlyMap<RoomId, RoomTotals>,
): void => {
  takeTotals(state, rooms)
  posts.forEach((written, i) => {
    const room = state.rooms.get(written.room)
    const pending = room?.pending.shift()
    if (room === undefined || pending === undefined || pending.offset !== written.offset) {
      throw new Error("the store answered for a post that was not waiting")
    }
    room.pendingBytes -= pending.blob.length
    state.pendingBytes -= pending.blob.length
    settle(state, out, room, pending, outcomes[i] ?? "Failed")
  })
  for (const id of new Set(posts.map(written => written.room))) {
    const room = state.rooms.get(id)
    if (room === undefined) continue
    for (const pending of room.pending) {
      if (!pending.shown && pending.offset <= room.leasedTo) show(state, out, room, pending)
    }
    forgetIdleRoom(state, id)
  }
}

/** The store's own count of what it holds. */
export const takeTotals = (state: RelayState, rooms: ReadonlyMap<RoomId, RoomTotals>): void => {
  for (const [id, totals] of rooms) {
    const room = state.rooms.get(id)
    if (room === undefined) continue
    room.first = totals.first
    room.leasedTo = Math.max(room.leasedTo, totals.leasedTo)
    room.bytes = totals.bytes
    room.blobs = totals.blobs
  }
}

const settle = (
  state: RelayState,
  out: RelayEffect[],
  room: Room,
  pending: Pending,
  outcome: AppendOutcome | "Failed",
): void => {
  const connection = state.connections.get(pending.connection)
  if (outcome === "Stored") {
    state.counts.stored += 1
    room.durable = pending.offset
    if (!pending.shown) show(state, out, room, pending)
    const cursor = connection?.subscriptions.get(room.id)?.cursor ?? 0
    if (connection === undefined) return
    const { request, offset } = pending
    send(state, out, connection, { type: "Ack", request, offset, caughtUp: cursor >= offset })
    return
  }
  if (connection === undefined) return
  const subject = { type: "Post", request: pending.request } as const
  if (outcome === "Failed") refuse(state, out, connection, subject, "StoreFailed", storeRetryMs)
  else refuse(state, out, connection, subject, outcome === "RoomFull" ? "RoomFull" : "RelayFull")
}
