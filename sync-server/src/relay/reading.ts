import type { RoomId } from "@home/shared/base"
import { encodeRelayFrame } from "@home/shared/wire"
import { leaveRoom, refuse, send, sendBytes } from "./answers.js"
import type { Page } from "./mailbox.js"
import type { Connection, Pending, RelayEffect, RelayState, Room, Subscription } from "./state.js"

const storeRetryMs = 5_000

const mayTake = (state: RelayState, connection: Connection, subscription: Subscription): boolean =>
  subscription.window > 0 && connection.buffered < state.limits.sendBufferBytes

const sendBlob = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  subscription: Subscription,
  offset: number,
  frame: Uint8Array,
): void => {
  subscription.cursor = offset
  subscription.window -= 1
  state.counts.forwarded += 1
  sendBytes(state, out, connection, frame)
}

/**
 * Shows a new post to the room: encoded once for all. A subscriber whose socket or window is full falls back to
 * its cursor and is served from the store later; the poster's own cursor passes over its post.
 */
export const show = (state: RelayState, out: RelayEffect[], room: Room, post: Pending): void => {
  post.shown = true
  const { offset, blob } = post
  let frame: Uint8Array | undefined
  for (const id of room.members) {
    const connection = state.connections.get(id)
    const subscription = connection?.subscriptions.get(room.id)
    if (connection === undefined || subscription === undefined || !subscription.live) continue
    if (id === post.connection) {
      subscription.cursor = offset
    } else if (mayTake(state, connection, subscription)) {
      frame ??= encodeRelayFrame({ type: "Blob", room: room.id, offset, blob })
      sendBlob(state, out, connection, subscription, offset, frame)
    } else {
      subscription.live = false
      connection.behind.add(room.id)
    }
  }
}

/** Goes on with the rooms in which the connection is behind, one page of the store at a time. */
export const serve = (state: RelayState, out: RelayEffect[], connection: Connection): void => {
  for (const id of [...connection.behind]) {
    // Half empty before the next page: otherwise most of each page would be read in vain.
    if (connection.reading !== undefined || connection.buffered > state.limits.sendBufferBytes / 2) return
    const room = state.rooms.get(id)
    const subscription = connection.subscriptions.get(id)
    if (room === undefined || subscription === undefined) {
      connection.behind.delete(id)
    } else if (subscription.cursor >= room.durable) {
      goLive(state, out, connection, subscription, room)
    } else if (subscription.window > 0) {
      // The last of the line next time: no room starves the others.
      connection.behind.delete(id)
      connection.behind.add(id)
      const read = state.nextRead++
      connection.reading = { id: read, subscription, upTo: room.durable }
      state.counts.read += 1
      out.push({ type: "ReadPage", connection: connection.id, room: id, read, after: subscription.cursor })
    }
  }
}

export const pageRead = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  id: RoomId,
  read: number,
  page: Page | undefined,
): void => {
  const reading = connection.reading
  if (reading === undefined || reading.id !== read) return
  connection.reading = undefined
  const { subscription, upTo } = reading
  // Left, joined anew or read from elsewhere since: that page is nobody's.
  if (connection.subscriptions.get(id) === subscription) {
    if (page === undefined) {
      leaveRoom(state, connection, id)
      refuse(state, out, connection, { type: "Room", room: id }, "StoreFailed", storeRetryMs)
    } else {
      sendPage(state, out, connection, subscription, id, page, upTo)
    }
  }
  serve(state, out, connection)
}

/** Starts a joined room again behind `after`. */
export const readFrom = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  room: Room,
  after: number,
  window: number,
): void => {
  connection.subscriptions.set(room.id, {
    cursor: after < room.next ? after : 0,
    window: window === 0 ? Number.POSITIVE_INFINITY : window,
    live: false,
  })
  connection.behind.add(room.id)
  serve(state, out, connection)
}

const sendPage = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  subscription: Subscription,
  room: RoomId,
  page: Page,
  upTo: number,
): void => {
  for (const { offset, blob } of page.blobs) {
    if (!mayTake(state, connection, subscription)) return
    sendBlob(
      state,
      out,
      connection,
      subscription,
      offset,
      encodeRelayFrame({ type: "Blob", room, offset, blob }),
    )
  }
  if (!page.more) subscription.cursor = Math.max(subscription.cursor, upTo)
}

/** All that is stored was sent: what is shown but not stored yet follows from memory, then live posts. */
const goLive = (
  state: RelayState,
  out: RelayEffect[],
  connection: Connection,
  subscription: Subscription,
  room: Room,
): void => {
  for (const { offset, blob, shown } of room.pending) {
    if (!shown || offset <= subscription.cursor) continue
    if (!mayTake(state, connection, subscription)) return
    const frame = encodeRelayFrame({ type: "Blob", room: room.id, offset, blob })
    sendBlob(state, out, connection, subscription, offset, frame)
  }
  subscription.live = true
  connection.behind.delete(room.id)
  const next = room.pending.find(post => !post.shown)?.offset ?? room.next
  send(state, out, connection, { type: "CaughtUp", room: room.id, next })
}
