import type { RoomId, Socket } from "../base/index.js"
import {
  type RelayFrame,
  challengeDomain,
  challengeMessage,
  encodeClientFrame,
  parseRelayFrame,
} from "./frame.js"
import { createRelayPosts } from "./relay-posts.js"
import type {
  RelayAddress,
  RelaySession,
  RelaySessionDeps,
  RelaySessionEvents,
  RelaySessionState,
} from "./relay-session-port.js"

export type * from "./relay-session-port.js"

/** The session's times (milliseconds) and sizes (bytes). */
export const relaySessionLimits = {
  /** First wait after a lost connection; doubled for each further one, half of it random. */
  backoffMs: 500,
  backoffMaxMs: 60_000,
  /** From dialling to the relay's challenge. */
  connectMs: 20_000,
  /** A ping after so much silence, and the connection is given up after as much again. */
  pingMs: 25_000,
  /** Posts and casts wait while more than this waits in the socket. */
  bufferBytes: 1024 * 1024,
  /** When a full socket is looked at again. */
  drainMs: 50,
  /** Before a room that the relay let go is joined again. */
  rejoinMs: 1_000,
} as const

interface JoinedRoom {
  store: string | undefined
  /** The last offset given to the caller. */
  after: number
  window: number
  /** `refused`: not tried again on this connection. */
  phase: "absent" | "joining" | "joined" | "refused"
}

/**
 * A device's conversation with one relay, over any number of connections: dials with backoff, answers the
 * challenge, joins its rooms where they stand, and sends every post until it is answered. All state is here and
 * all time comes from the clock; SPEC.md F10-F21.
 */
export const createRelaySession = (
  deps: RelaySessionDeps,
  address: RelayAddress,
  events: RelaySessionEvents,
): RelaySession => {
  const { dialer, clock, random, sign } = deps
  const limits = relaySessionLimits
  const rooms = new Map<RoomId, JoinedRoom>()
  const posts = createRelayPosts()
  /** Everything timed on behalf of the present connection (or attempt); cancelled with it. */
  const timers = new Set<() => void>()
  let state: RelaySessionState = { type: "Idle" }
  /** Counts connections and attempts: what belongs to an earlier one is void. */
  let attempt = 0
  let socket: Socket | undefined
  let challenge: Extract<RelayFrame, { type: "Challenge" }> | undefined
  let failures = 0
  let refusedForMs = 0
  let heard = false
  let silentTicks = 0
  let isHeld = false
  let isDraining = false

  const enter = (next: RelaySessionState): void => {
    state = next
    events.onState(next)
  }

  const later = (delayMs: number, run: () => void): (() => void) => {
    const cancel = clock.after(delayMs, () => {
      timers.delete(cancel)
      run()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
    }
  }

  const cancelTimers = (): void => {
    for (const cancel of timers) cancel()
    timers.clear()
  }

  /** Ends the present connection or attempt; nothing of it is heard any more. */
  const endConnection = (): void => {
    attempt += 1
    cancelTimers()
    const old = socket
    socket = undefined
    challenge = undefined
    isHeld = false
    isDraining = false
    for (const room of rooms.values()) room.phase = "absent"
    posts.resendAll()
    old?.close()
  }

  const dial = (): void => {
    endConnection()
    const mine = attempt
    later(limits.connectMs, lost)
    enter({ type: "Connecting" })
    if (mine !== attempt) return
    dialer.connect(address.url).then(
      connected => {
        if (mine === attempt) opened(connected, mine)
        else connected.close()
      },
      () => {
        if (mine === attempt) lost()
      },
    )
  }

  const opened = (connected: Socket, mine: number): void => {
    socket = connected
    heard = false
    silentTicks = 0
    connected.onClose(() => {
      if (mine === attempt) lost()
    })
    connected.onMessage(bytes => {
      if (mine === attempt) received(bytes)
    })
  }

  /** The one place that waits and tries again. */
  const lost = (): void => {
    endConnection()
    if (rooms.size === 0) return enter({ type: "Idle" })
    const ceilingMs = Math.min(limits.backoffMaxMs, limits.backoffMs * 2 ** Math.min(failures, 20))
    failures += 1
    const [high = 0, low = 0] = random.bytes(2)
    const jittered = ceilingMs / 2 + ((high * 256 + low) / 65_536) * (ceilingMs / 2)
    const retryMs = Math.max(Math.round(jittered), refusedForMs)
    refusedForMs = 0
    later(retryMs, dial)
    enter({ type: "Waiting", retryMs })
  }

  const watch = (): void => {
    later(limits.pingMs, () => {
      silentTicks = heard ? 0 : silentTicks + 1
      heard = false
      if (silentTicks >= 2) return lost()
      if (silentTicks === 1) socket?.send(encodeClientFrame({ type: "Ping" }))
      watch()
    })
  }

  const received = (bytes: Uint8Array): void => {
    heard = true
    const parsed = parseRelayFrame(bytes)
    if (parsed.ok) return answer(parsed.value)
    // A later relay may say more than this program knows; anything malformed was altered on the way.
    if (parsed.error.type !== "FrameUnknown") lost()
  }

  const answer = (frame: RelayFrame): void => {
    if (frame.type === "Challenge") return challenged(frame)
    if (challenge === undefined && frame.type !== "Refused") return lost()
    switch (frame.type) {
      case "Joined":
        return joined(frame)
      case "Blob": {
        const room = rooms.get(frame.room)
        if (room?.phase !== "joined" || frame.offset <= room.after) return
        room.after = frame.offset
        return events.onBlob(frame.room, frame.offset, frame.blob)
      }
      case "CaughtUp":
        if (rooms.get(frame.room)?.phase === "joined") events.onCaughtUp(frame.room, frame.next)
        return
      case "CastBlob":
        if (rooms.get(frame.room)?.phase === "joined") events.onCast(frame.room, frame.blob)
        return
      case "Ack":
        return acknowledged(frame)
      case "Refused":
        return refused(frame)
      case "Pong":
        return
    }
  }

  const challenged = (frame: Extract<RelayFrame, { type: "Challenge" }>): void => {
    if (challenge !== undefined) return lost()
    challenge = frame
    cancelTimers()
    watch()
    enter({ type: "Online" })
    for (const id of [...rooms.keys()]) joinNow(id)
  }

  const joinNow = (id: RoomId): void => {
    const room = rooms.get(id)
    if (challenge === undefined || room?.phase !== "absent") return
    room.phase = "joining"
    const mine = attempt
    void sign(id, challengeDomain, challengeMessage(challenge.nonce, id, address.origin)).then(signature => {
      if (mine !== attempt || rooms.get(id) !== room || room.phase !== "joining") return
      if (signature === undefined) return refuseRoom(id, room, "NotProven")
      const { store, after, window } = room
      const { origin } = address
      socket?.send(encodeClientFrame({ type: "Join", room: id, origin, signature, store, after, window }))
    })
  }

  const joined = (frame: Extract<RelayFrame, { type: "Joined" }>): void => {
    const room = rooms.get(frame.room)
    if (room?.phase !== "joining") return
    const { store, from, first, next } = frame
    // The answer to an earlier join of a room that was joined anew: the right one follows.
    if (from !== 0 && from !== room.after) return
    const isOtherStore = (room.store !== undefined && room.store !== store) || room.after !== from
    room.phase = "joined"
    room.store = store
    room.after = from
    failures = 0
    events.onJoined(frame.room, { store, from, first, next })
    if (isOtherStore) events.onGap(frame.room, { type: "OtherStore" })
    else if (from + 1 < first) events.onGap(frame.room, { type: "Expired", first })
    pump()
  }

  const acknowledged = (frame: Extract<RelayFrame, { type: "Ack" }>): void => {
    const post = posts.settle(frame.request)
    if (post === undefined) return
    const { offset, caughtUp } = frame
    const room = rooms.get(post.room)
    if (caughtUp && room !== undefined) room.after = Math.max(room.after, offset)
    events.onAck(post.id, { room: post.room, offset, cursor: caughtUp ? offset : undefined })
    pump()
  }

  const refused = (frame: Extract<RelayFrame, { type: "Refused" }>): void => {
    const { subject, reason, retryMs } = frame
    switch (subject.type) {
      case "Connection":
        refusedForMs = retryMs
        return events.onRefused({ type: "Connection", reason })
      case "Room": {
        const room = rooms.get(subject.room)
        if (room === undefined) return
        if (retryMs === 0) return refuseRoom(subject.room, room, reason)
        room.phase = "absent"
        later(retryMs, () => joinNow(subject.room))
        return
      }
      case "Post":
        return refusedPost(subject.request, reason, retryMs)
    }
  }

  const refusedPost = (
    id: number,
    reason: Extract<RelayFrame, { type: "Refused" }>["reason"],
    retryMs: number,
  ) => {
    if (reason === "NotJoined") return rejoinFor(id)
    if (retryMs > 0) {
      posts.resend(id)
      hold(retryMs)
      return
    }
    const post = posts.settle(id)
    if (post === undefined) return
    events.onRefused({ type: "Post", post: id, room: post.room, reason })
    pump()
  }

  /** The relay let the room go (its store failed, say): in again, then the post once more. */
  const rejoinFor = (id: number): void => {
    const room = posts.roomOf(id)
    posts.resend(id)
    const place = room === undefined ? undefined : rooms.get(room)
    if (room === undefined || place?.phase !== "joined") return
    place.phase = "absent"
    later(limits.rejoinMs, () => joinNow(room))
  }

  const refuseRoom = (
    id: RoomId,
    room: JoinedRoom,
    reason: Extract<RelayFrame, { type: "Refused" }>["reason"],
  ): void => {
    room.phase = "refused"
    events.onRefused({ type: "Room", room: id, reason })
  }

  /** The relay wants no posts for a while. */
  const hold = (delayMs: number): void => {
    if (isHeld) return
    isHeld = true
    later(delayMs, () => {
      isHeld = false
      pump()
    })
  }

  const isFull = (): boolean => (socket?.bufferedBytes() ?? 0) > limits.bufferBytes

  /** Sends what may be sent now. */
  const pump = (): void => {
    if (isHeld || challenge === undefined) return
    for (const post of posts.unsent()) {
      if (socket === undefined || challenge === undefined) return
      if (rooms.get(post.room)?.phase !== "joined") continue
      if (post.blob.length > challenge.blobBytes) {
        posts.settle(post.id)
        events.onRefused({ type: "Post", post: post.id, room: post.room, reason: "BlobTooLarge" })
        continue
      }
      if (!posts.hasWindow(post.blob.length)) return
      if (isFull()) return drainLater()
      posts.sent(post)
      const { room, blob } = post
      socket.send(encodeClientFrame({ type: "Post", request: post.id, room, blob }))
    }
  }

  const drainLater = (): void => {
    if (isDraining) return
    isDraining = true
    later(limits.drainMs, () => {
      isDraining = false
      pump()
    })
  }

  return {
    get state() {
      return state
    },
    join(id, cursor, window = 0) {
      if (state.type === "Closed") return
      rooms.set(id, { store: cursor.store, after: cursor.after, window, phase: "absent" })
      if (state.type === "Idle") dial()
      else joinNow(id)
    },
    leave(id) {
      if (!rooms.delete(id)) return
      posts.forgetRoom(id)
      if (rooms.size > 0) {
        if (challenge !== undefined) socket?.send(encodeClientFrame({ type: "Leave", room: id }))
        return
      }
      endConnection()
      enter({ type: "Idle" })
    },
    read(id, after, window = 0) {
      const room = rooms.get(id)
      if (room === undefined) return
      room.after = after
      room.window = window
      if (room.phase === "joined") socket?.send(encodeClientFrame({ type: "Read", room: id, after, window }))
    },
    post(room, blob) {
      const id = posts.add(room, blob)
      pump()
      return id
    },
    cast(id, blob) {
      if (rooms.get(id)?.phase !== "joined" || challenge === undefined || socket === undefined) return false
      if (blob.length > challenge.castBytes || isFull()) return false
      socket.send(encodeClientFrame({ type: "Cast", room: id, blob }))
      return true
    },
    unacknowledged: () => posts.size,
    retryNow() {
      if (state.type === "Waiting") dial()
    },
    close() {
      if (state.type === "Closed") return
      state = { type: "Closed" }
      rooms.clear()
      endConnection()
    },
  }
}
