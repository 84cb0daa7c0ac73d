import type { RoomId } from "@home/shared/base"
import { type RefusalReason, type RefusalSubject, type RelayFrame, encodeRelayFrame } from "@home/shared/wire"
import type { Connection, RelayEffect, RelayState } from "./state.js"

/** Bytes that WebSocket puts before a message of a server. RFC 6455, section 5.2. */
const messageHeaderBytes = 10

/** Queues encoded bytes; closes a connection that lets more answers pile up than it may. */
export const sendBytes = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  bytes: Uint8Array,
): void => {
  const { sendBufferBytes, blobBytes, answerBytes } = state.limits
  connection.buffered += bytes.length + messageHeaderBytes
  if (connection.buffered > sendBufferBytes + blobBytes + answerBytes) {
    closeConnection(state, out, connection)
    return
  }
  out.push({ type: "Send", connection: connection.id, bytes })
}

export const send = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  frame: RelayFrame,
): void => {
  sendBytes(state, out, connection, encodeRelayFrame(frame))
}

export const refuse = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  subject: RefusalSubject,
  reason: RefusalReason,
  retryMs = 0,
): void => {
  state.counts.refused += 1
  send(state, out, connection, { type: "Refused", subject, reason, retryMs })
}

/** Says why and closes. */
export const refuseConnection = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  reason: RefusalReason,
  retryMs = 0,
): void => {
  refuse(state, out, connection, { type: "Connection" }, reason, retryMs)
  closeConnection(state, out, connection)
}

/** Forgets the connection and has its socket closed. Twice is once. */
export const closeConnection = (state: RelayState, out: RelayEffect[], connection: Connection): void => {
  if (!forgetConnection(state, connection)) return
  state.counts.closed += 1
  out.push({ type: "Close", connection: connection.id })
}

/** False when it was gone already. */
export const forgetConnection = (state: RelayState, connection: Connection): boolean => {
  if (!state.connections.delete(connection.id)) return false
  const address = state.addresses.get(connection.address)
  if (address !== undefined) address.connections -= 1
  for (const room of connection.subscriptions.keys()) leaveRoom(state, connection, room)
  return true
}

export const leaveRoom = (state: RelayState, connection: Connection, id: RoomId): void => {
  connection.subscriptions.delete(id)
  connection.behind.delete(id)
  const room = state.rooms.get(id)
  if (room === undefined) return
  room.members.delete(connection.id)
  forgetIdleRoom(state, id)
}

/** A room lives in memory while somebody is in it or posts of it are on their way to the store. */
export const forgetIdleRoom = (state: RelayState, id: RoomId): void => {
  const room = state.rooms.get(id)
  if (room !== undefined && room.members.size === 0 && room.pending.length === 0) state.rooms.delete(id)
}
