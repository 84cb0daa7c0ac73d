import { parseClientFrame } from "@home/shared/wire"
import { closeConnection, forgetConnection, refuse, refuseConnection, send } from "./answers.js"
import { fullBucket, refill, take } from "./bucket.js"
import { addressOf, join, leave, roomOpened, verified } from "./joining.js"
import { cast, post, stored, takeTotals } from "./posting.js"
import { pageRead, readFrom, serve } from "./reading.js"
import type { Connection, RelayEffect, RelayEvent, RelayState } from "./state.js"

const busyRetryMs = 60_000

/**
 * The whole relay: what happened -> what is to be done. The state belongs to the step and is changed in place;
 * there is no clock, randomness or I/O in it, so the same events always give the same effects.
 */
export const step = (state: RelayState, event: RelayEvent): readonly RelayEffect[] => {
  const out: RelayEffect[] = []
  switch (event.type) {
    case "Connected":
      connected(state, out, event)
      break
    case "RoomOpened":
      roomOpened(state, out, event.room, event.place)
      break
    case "Stored":
      stored(state, out, event.posts, event.outcomes, event.rooms)
      break
    case "Expired":
      takeTotals(state, event.rooms)
      break
    case "Tick":
      tick(state, out, event.nowMs)
      break
    case "ShuttingDown":
      state.shuttingDown = true
      break
    default: {
      // What comes from or for a connection that is gone is nobody's.
      const connection = state.connections.get(event.connection)
      if (connection !== undefined) ofConnection(state, out, connection, event)
    }
  }
  return out
}

type ConnectionEvent = Extract<
  RelayEvent,
  { type: "Received" | "Verified" | "PageRead" | "Sent" | "Disconnected" }
>

const ofConnection = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  event: ConnectionEvent,
): void => {
  switch (event.type) {
    case "Received":
      connection.heardMs = event.nowMs
      received(state, out, connection, event.bytes, event.nowMs)
      break
    case "Verified":
      verified(state, out, connection, event.join, event.valid)
      break
    case "PageRead":
      pageRead(state, out, connection, event.room, event.read, event.page)
      break
    case "Sent":
      connection.buffered = event.buffered
      serve(state, out, connection)
      break
    case "Disconnected":
      forgetConnection(state, connection)
      break
  }
}

const connected = (
  state: RelayState,
  out: RelayEffect[],
  event: Extract<RelayEvent, { type: "Connected" }>,
): void => {
  const { limits } = state
  const { nowMs } = event
  const address = addressOf(state, event.address, nowMs)
  const connection: Connection = {
    id: event.connection,
    address: event.address,
    nonce: event.nonce,
    requests: fullBucket(limits.requestRate, nowMs),
    bytes: fullBucket(limits.byteRate, nowMs),
    subscriptions: new Map(),
    behind: new Set(),
    reading: undefined,
    buffered: 0,
    joining: new Map(),
    failedJoins: 0,
    heardMs: nowMs,
    roomlessMs: nowMs,
  }
  const isAddressBusy = address.connections >= limits.connectionsPerAddress
  const isFull = state.connections.size >= limits.connections
  state.connections.set(connection.id, connection)
  address.connections += 1
  if (state.shuttingDown) return refuseConnection(state, out, connection, "ShuttingDown")
  if (isAddressBusy) return refuseConnection(state, out, connection, "AddressBusy", busyRetryMs)
  if (isFull) return refuseConnection(state, out, connection, "RelayFull", busyRetryMs)
  state.counts.connected += 1
  const { blobBytes, castBytes } = limits
  send(state, out, connection, { type: "Challenge", nonce: connection.nonce, blobBytes, castBytes })
}

const received = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  bytes: Uint8Array,
  nowMs: number,
): void => {
  const { limits } = state
  const parsed = parseClientFrame(bytes)
  if (!parsed.ok) return refuseConnection(state, out, connection, "Malformed")
  const frame = parsed.value
  const retryMs = take(connection.requests, limits.requestRate, 1, nowMs)
  if (retryMs > 0) {
    // Refused frames are counted too: who goes on regardless is closed after one more burst.
    connection.requests.level -= 1
    if (connection.requests.level < -limits.requestRate.burst) {
      return refuseConnection(state, out, connection, "RateLimited", retryMs)
    }
    if (frame.type === "Post") {
      refuse(state, out, connection, { type: "Post", request: frame.request }, "RateLimited", retryMs)
    } else if (frame.type === "Join" || frame.type === "Read") {
      refuse(state, out, connection, { type: "Room", room: frame.room }, "RateLimited", retryMs)
    }
    return
  }
  switch (frame.type) {
    case "Join":
      return join(state, out, connection, frame, nowMs)
    case "Leave":
      return leave(state, connection, frame.room, nowMs)
    case "Post":
      return post(state, out, connection, frame, nowMs)
    case "Cast":
      return cast(state, out, connection, frame, nowMs)
    case "Read": {
      const room = state.rooms.get(frame.room)
      if (room === undefined || !room.members.has(connection.id)) {
        return refuse(state, out, connection, { type: "Room", room: frame.room }, "NotJoined")
      }
      return readFrom(state, out, connection, room, frame.after, frame.window)
    }
    case "Ping":
      return send(state, out, connection, { type: "Pong" })
  }
}

const tick = (state: RelayState, out: RelayEffect[], nowMs: number): void => {
  const { limits } = state
  for (const connection of [...state.connections.values()]) {
    const { roomlessMs, heardMs } = connection
    if (roomlessMs !== undefined && nowMs - roomlessMs >= limits.challengeMs) {
      refuseConnection(state, out, connection, "TooSlow")
    } else if (nowMs - heardMs >= limits.idleMs) {
      closeConnection(state, out, connection)
    }
  }
  for (const [name, address] of state.addresses) {
    refill(address.joins, limits.joinRate, nowMs)
    refill(address.bytes, limits.addressByteRate, nowMs)
    refill(address.rooms, limits.addressRoomRate, nowMs)
    const isRested =
      address.joins.level >= limits.joinRate.burst &&
      address.bytes.level >= limits.addressByteRate.burst &&
      address.rooms.level >= limits.addressRoomRate.burst
    if (address.connections === 0 && isRested) state.addresses.delete(name)
  }
}
