import type { RoomId } from "@home/shared/base"
import { challengeMessage } from "@home/shared/wire"
import { closeConnection, forgetIdleRoom, leaveRoom, refuse, refuseConnection, send } from "./answers.js"
import { fullBucket, take } from "./bucket.js"
import type { RoomPlace } from "./mailbox.js"
import { serve } from "./reading.js"
import type { Address, Connection, JoinFrame, RelayEffect, RelayState, Room } from "./state.js"

const busyRetryMs = 30_000
const storeRetryMs = 5_000

/** Starts the proof. What can be refused without the (dear) signature check is refused before it. */
export const join = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  frame: JoinFrame,
  nowMs: number,
): void => {
  const { limits } = state
  const subject = { type: "Room", room: frame.room } as const
  if (connection.subscriptions.size + connection.joining.size >= limits.roomsPerConnection) {
    refuse(state, out, connection, subject, "TooManyRooms")
    return
  }
  const retryMs = take(addressOf(state, connection.address, nowMs).joins, limits.joinRate, 1, nowMs)
  if (retryMs > 0) {
    refuse(state, out, connection, subject, "RateLimited", retryMs)
    return
  }
  if (state.origins !== undefined && !state.origins.has(frame.origin)) {
    notProven(state, out, connection, frame.room)
    return
  }
  connection.joining.set(frame.room, frame)
  const message = challengeMessage(connection.nonce, frame.room, frame.origin)
  out.push({ type: "Verify", connection: connection.id, join: frame, message })
}

export const verified = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  frame: JoinFrame,
  valid: boolean,
): void => {
  const isCurrent = connection.joining.get(frame.room) === frame
  if (!valid) {
    if (isCurrent) connection.joining.delete(frame.room)
    notProven(state, out, connection, frame.room)
    return
  }
  // Left, or joined once more, since.
  if (!isCurrent) return
  const room = state.rooms.get(frame.room)
  if (room !== undefined) {
    admit(state, out, connection, frame, room)
    return
  }
  const waiting = state.opening.get(frame.room)
  if (waiting !== undefined) {
    waiting.push({ connection: connection.id, join: frame })
    return
  }
  state.opening.set(frame.room, [{ connection: connection.id, join: frame }])
  out.push({ type: "OpenRoom", room: frame.room })
}

export const roomOpened = (
  state: RelayState,
  out: RelayEffect[],
  id: RoomId,
  place: RoomPlace | undefined,
): void => {
  const waiting = state.opening.get(id) ?? []
  state.opening.delete(id)
  if (place !== undefined) state.rooms.set(id, roomAt(id, place))
  for (const { connection: connectionId, join: frame } of waiting) {
    const connection = state.connections.get(connectionId)
    if (connection === undefined || connection.joining.get(id) !== frame) continue
    const room = state.rooms.get(id)
    if (room === undefined) {
      connection.joining.delete(id)
      refuse(state, out, connection, { type: "Room", room: id }, "StoreFailed", storeRetryMs)
    } else {
      admit(state, out, connection, frame, room)
    }
  }
  forgetIdleRoom(state, id)
}

/** Also forgets a join of the room that is still on its way. */
export const leave = (state: RelayState, connection: Connection, id: RoomId, nowMs: number): void => {
  connection.joining.delete(id)
  leaveRoom(state, connection, id)
  if (connection.subscriptions.size === 0) connection.roomlessMs ??= nowMs
}

export const addressOf = (state: RelayState, name: string, nowMs: number): Address => {
  const known = state.addresses.get(name)
  if (known !== undefined) return known
  const { joinRate, addressByteRate, addressRoomRate } = state.limits
  const address: Address = {
    connections: 0,
    joins: fullBucket(joinRate, nowMs),
    bytes: fullBucket(addressByteRate, nowMs),
    rooms: fullBucket(addressRoomRate, nowMs),
  }
  state.addresses.set(name, address)
  return address
}

/** Nothing is leased yet: the first post is shown when it is stored. */
const roomAt = (id: RoomId, place: RoomPlace): Room => ({
  id,
  first: place.first,
  next: place.next,
  durable: place.next - 1,
  leasedTo: place.next - 1,
  bytes: place.bytes,
  blobs: place.blobs,
  pendingBytes: 0,
  pending: [],
  members: new Set(),
})

const admit = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  frame: JoinFrame,
  room: Room,
): void => {
  const subject = { type: "Room", room: room.id } as const
  connection.joining.delete(room.id)
  if (state.shuttingDown) {
    refuseConnection(state, out, connection, "ShuttingDown")
    return
  }
  if (!room.members.has(connection.id) && room.members.size >= state.limits.connectionsPerRoom) {
    refuse(state, out, connection, subject, "RoomBusy", busyRetryMs)
    return
  }
  const from = frame.store === state.store && frame.after < room.next ? frame.after : 0
  state.counts.joined += 1
  room.members.add(connection.id)
  connection.roomlessMs = undefined
  connection.subscriptions.set(room.id, {
    cursor: from,
    window: frame.window === 0 ? Number.POSITIVE_INFINITY : frame.window,
    live: false,
  })
  connection.behind.add(room.id)
  const { first, next } = room
  send(state, out, connection, { type: "Joined", room: room.id, store: state.store, from, first, next })
  serve(state, out, connection)
}

/** One answer for a wrong signature, a foreign origin and a room that nobody knows. */
const notProven = (state: RelayState, out: RelayEffect[], connection: Connection, room: RoomId): void => {
  refuse(state, out, connection, { type: "Room", room }, "NotProven")
  connection.failedJoins += 1
  if (connection.failedJoins >= state.limits.failedJoins) closeConnection(state, out, connection)
}
