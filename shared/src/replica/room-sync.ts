import type { CircleId, RoomId } from "../base/index.js"
import {
  type PeerMessage,
  type RelaySession,
  createRelaySession,
  encodeHave,
  encodePeerMessage,
} from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import { createDoors, isDoor } from "./doors.js"
import { type JoinedRoom, joinedRoom } from "./joined-room.js"
import { restoreLog } from "./log-rooms.js"
import { createRoomArrivals } from "./room-arrivals.js"
import { createRoomBlobs } from "./room-blobs.js"
import { createRoomCursors } from "./room-cursors.js"
import { createRoomPosts } from "./room-posts.js"
import { createRoomReceipts } from "./room-receipts.js"
import { type Room, isRecoveryRoom, roomsOf } from "./rooms.js"
import type { RoomSync, RoomSyncDeps, RoomSyncOptions } from "./room-sync-port.js"
import { createTold } from "./told.js"

export type * from "./room-sync-port.js"

/** Quiet time after which a receipt says what arrived; it is coalesced. */
const receiptDelayMs = 2_000
const noCursor = { store: undefined, after: 0 }
/** Blobs that may come before we ask for more: what lies in memory is bounded by it. */
const windowBlobs = 256

/**
 * A device at one relay: listens to its rooms, posts what it has that the relay lacks, answers the receipts of
 * devices that lack something, and opens doors. The relay session below is the one place that retries.
 */
export const createRoomSync = (deps: RoomSyncDeps, options: RoomSyncOptions): RoomSync => {
  const { replica, sealer, store, clock } = deps
  const source = `relay ${options.origin}`
  const rooms = new Map<RoomId, JoinedRoom>()
  const timers = new Set<() => void>()
  const waiting: ((isSettled: boolean) => void)[] = []
  let isOnline = false
  let isClosed = false
  let hasFailed = false

  // What arrives is handled in order, one thing at a time.
  let last: Promise<void> = Promise.resolve()
  let queued = 0
  const queue = (job: () => Promise<void>): void => {
    queued += 1
    last = last
      .then(async () => {
        if (!isClosed) await job()
      })
      .catch((error: unknown) => {
        deps.log.event("room failed", { reason: error instanceof Error ? error.name : "unknown" })
        hasFailed = true
      })
      .then(() => {
        queued -= 1
        checkSettled()
      })
  }
  const later = (delayMs: number, job: () => Promise<void>): void => {
    const cancel = clock.after(delayMs, () => {
      timers.delete(cancel)
      queue(job)
    })
    timers.add(cancel)
  }
  const fail = (): void => {
    hasFailed = true
    checkSettled()
  }

  const session: RelaySession = createRelaySession(
    {
      dialer: deps.dialer,
      clock,
      random: deps.random,
      sign: async (room, domain, message) => {
        const joined = rooms.get(room)
        return joined && sealer.sign(domain, joined.keys.signingSeed, message)
      },
    },
    { url: options.url, origin: options.origin },
    {
      onState: state => {
        isOnline = state.type === "Online"
        if (state.type !== "Waiting") return
        for (const room of rooms.values()) room.isJoined = room.isCaughtUp = false
        fail()
      },
      onJoined: (id, joined) => {
        const room = rooms.get(id)
        if (room === undefined) return
        const isReadWhole = joined.from === 0
        Object.assign(room, { isJoined: true, isReadWhole, store: joined.store, after: joined.from })
        hasFailed = false
      },
      onGap: (id, gap) => queue(() => missed(id, gap.type === "OtherStore")),
      onBlob: (room, offset, blob) => arrivals.add({ room, offset, blob }),
      onCaughtUp: id => queue(() => caughtUp(id)),
      onCast: (room, blob) => arrivals.add({ room, offset: undefined, blob }),
      onAck: (post, ack) => queue(() => acknowledged(post, ack.offset, ack.cursor)),
      onRefused: refusal => {
        deps.log.event("relay refused", { subject: refusal.type, reason: refusal.reason })
        if (refusal.type === "Post") posts.refused(refusal.post)
        if (refusal.type === "Room") {
          rooms.delete(refusal.room)
          joinedAt = ""
        }
        fail()
      },
    },
  )
  const posts = createRoomPosts({ replica, sealer, store, session: () => session, origin: options.origin })
  const told = createTold(deps, options.origin)
  /** Waits for its turn among what arrives: the rooms are those of now. */
  const say = (circle: CircleId, message: PeerMessage): Promise<void> =>
    new Promise(resolve => queue(() => sayNow(circle, message).finally(resolve)))
  const sayNow = async (circle: CircleId, message: PeerMessage): Promise<void> => {
    await joinRooms()
    const room = [...rooms.values()].find(each => each.circle === circle && each.isCurrent)
    const signal = room && (await deps.signals.seal(circle, "blobs", encodePeerMessage(message)))
    if (room !== undefined && signal !== undefined)
      posts.postMessage(room, encodePeerMessage({ type: "Signal", signal }))
  }
  const blobs = deps.blobs && createRoomBlobs({ ...deps, blobs: deps.blobs, say }, options)
  const doors = createDoors({ replica, sealer, posts, tellNews: room => tellNews(room) })
  const receipts = createRoomReceipts({
    onPresence: deps.onPresence,
    onBlobs: signal => void blobs?.take(signal),
    ...deps,
    posts,
    isKeeper: options.isKeeper,
    windowBlobs,
    later,
    tellNews: room => tellNews(room),
  })

  const arrivals = createRoomArrivals<JoinedRoom>({
    sealer,
    queue,
    roomOf: id => rooms.get(id),
    replica,
    source,
    // The log is everybody's: who is in another room may have no other way to it.
    onNews: (room, isLog) => (isLog ? tellNewsEverywhere() : tellNews(room)),
    onSeen: (room, hash, offset) => posts.note(room.id, hash, offset),
    onMessage: (room, offset, message) => takeMessage(room, offset, message),
    onOperations: () => joinRooms(),
    onTaken: (room, offset) => moveCursor(room, offset),
  })

  const cursors = createRoomCursors({ store, origin: options.origin, later, takePosted: posts.takeChanges })

  /** Two families listen at a relay each: a box in their share carries the log from one to the other. */
  const isCarried = (room: Room): boolean =>
    options.isKeeper && isRecoveryRoom(room) && replica.session.state().kind === "share"

  /** Rooms follow from the log and the keys: while those stand, nothing is derived again (a door costs an X25519). */
  let joinedAt = ""
  const joinRooms = async (): Promise<void> => {
    const { session: group } = replica
    const at = [...group.log.heads(), group.keyring.tags().length].join()
    if (at === joinedAt) return
    const wanted = roomsOf(replica, deps, options.origin)
    for (const room of wanted) {
      const known = rooms.get(room.id)
      if (known !== undefined) {
        Object.assign(known, { isCurrent: room.isCurrent, hasReceipts: room.hasReceipts })
        continue
      }
      // What came for it while this relay was away is found by reading all of it: a share's log is short.
      const cursor = isCarried(room) ? noCursor : await cursors.load(room.id)
      rooms.set(room.id, joinedRoom(room, cursor))
      session.join(room.id, cursor, windowBlobs)
    }
    const ids = new Set(wanted.map(room => room.id))
    for (const [id, room] of [...rooms]) {
      if (ids.has(id)) continue
      // What still waits to be said there is not said any more.
      room.isJoined = false
      rooms.delete(id)
      session.leave(id)
      posts.leave(id)
    }
    joinedAt = at
  }

  /** The relay no longer has what lay between: ask at the doors, and post anew what it forgot. */
  const missed = async (id: RoomId, isOtherStore: boolean): Promise<void> => {
    const room = rooms.get(id)
    if (room === undefined) return
    room.hasNews = room.isAsked = true
    // A door and the recovery room must hold the log whole for whoever comes late: what expired is posted again.
    if (isOtherStore || room.circle === undefined) await posts.forget(room)
    room.isReadWhole = true
    if (room.circle === undefined) return
    for (const door of rooms.values()) if (isDoor(door)) await doors.knock(door)
  }

  const caughtUp = async (id: RoomId): Promise<void> => {
    const room = rooms.get(id)
    if (room === undefined) return
    room.isCaughtUp = true
    cursors.moved(room)
    await replica.caughtUp()
    if (room.isReadWhole) await restoreLog(replica, posts, room, options.isKeeper)
    room.isReadWhole = false
    await postOwn()
    if (room.hasNews) tellSoon(room)
  }

  const postOwn = async (): Promise<void> => {
    for (const room of rooms.values()) if (room.isCurrent && room.isJoined) await posts.postOwn(room)
  }

  const postNew = async (made: readonly StoredBundle[]): Promise<void> => {
    for (const room of rooms.values()) if (room.isCurrent && room.isJoined) await posts.postNew(room, made)
  }

  const moveCursor = (room: JoinedRoom, offset: number): void => {
    room.after = Math.max(room.after, offset)
    room.read += 1
    cursors.moved(room)
    if (room.read % (windowBlobs / 2) === 0) session.read(room.id, room.after, windowBlobs)
  }

  const takeMessage = async (
    room: JoinedRoom,
    offset: number | undefined,
    message: PeerMessage,
  ): Promise<void> => {
    if (message.type === "Signal") return receipts.take(room, offset, message.signal, room.isCaughtUp)
    if (message.type === "Have") return doors.answer(room, offset, message.have)
  }

  const acknowledged = async (post: number, offset: number, cursor: number | undefined): Promise<void> => {
    const id = await posts.acknowledged(post, offset)
    const room = id && rooms.get(id)
    if (room === undefined) return
    if (cursor !== undefined) room.after = Math.max(room.after, cursor)
    cursors.moved(room)
  }

  const tellNews = ({ id }: Pick<Room, "id">): void => {
    const room = rooms.get(id)
    if (room === undefined) return
    room.hasNews = room.isAsked = true
    tellSoon(room)
  }

  const tellSoon = (room: JoinedRoom): void => {
    if (room.isReceiptDue || !room.isCaughtUp) return
    room.isReceiptDue = true
    later(receiptDelayMs, () => {
      room.isReceiptDue = false
      return sendReceipt(room)
    })
  }

  const tellNewsEverywhere = (): void => {
    for (const room of rooms.values()) if (room.hasReceipts) tellNews(room)
  }

  const sendReceipt = async (room: JoinedRoom): Promise<void> => {
    if (!room.hasReceipts || !room.hasNews || !room.isJoined) return
    const { isAsked } = room
    room.hasNews = room.isAsked = false
    if (room.circle === undefined) return doors.knock(room)
    const pages = await deps.receipts.make(room.circle)
    // Whoever was about to post what is missing here may have died before: it is asked for again.
    const isLacking = (await deps.receipts.peers()).some(({ missingHere }) => missingHere > 0)
    if (!isAsked && !isLacking && (await told.isSaid(room.id, pages))) return
    for (const page of pages) {
      const signal = await deps.signals.seal(room.circle, "receipt", encodeHave(page))
      if (signal === undefined) return
      const onStored = page === pages.at(-1) ? () => told.put(room.id, pages) : undefined
      posts.postMessage(room, encodePeerMessage({ type: "Signal", signal }), onStored)
    }
  }

  const isSettled = (): boolean =>
    queued === 0 && posts.pending === 0 && [...rooms.values()].every(room => room.isJoined && room.isCaughtUp)

  const checkSettled = (): void => {
    if (waiting.length === 0) return
    if (hasFailed || isClosed) for (const resolve of waiting.splice(0)) resolve(false)
    else if (isSettled()) for (const resolve of waiting.splice(0)) resolve(true)
  }
  const settled = (): Promise<boolean> =>
    new Promise(resolve => {
      waiting.push(resolve)
      queue(async () => {})
    })

  const stopListening = replica.onAppended((bundles, from) => {
    if (from === source) return
    queue(async () => {
      await joinRooms()
      if (from === undefined) return postNew(bundles)
      await postOwn()
      tellNewsEverywhere()
      if (!options.isKeeper) return
      for (const room of rooms.values()) {
        if (!room.isCurrent || !room.isJoined || (room.circle === undefined && !isCarried(room))) continue
        posts.post(
          room,
          bundles.filter(({ bundle }) => {
            const key = replica.session.keyring.keyOf(bundle.epochTag)
            return key !== undefined && (key.circle === undefined || key.circle === room.circle)
          }),
        )
      }
    })
  })

  queue(joinRooms)

  return {
    get isOnline() {
      return isOnline
    },
    blobs,
    settle: async () => {
      hasFailed = false
      session.retryNow()
      queue(joinRooms)
      queue(postOwn)
      if (!(await settled())) return false
      queue(async () => {
        for (const room of rooms.values()) await sendReceipt(room)
      })
      if (!(await settled())) return false
      queue(cursors.save)
      return settled()
    },
    castPresence: async (circle, payload) => {
      const room = [...rooms.values()].find(each => each.circle === circle && each.isCurrent && each.isJoined)
      const signal = room && (await deps.signals.seal(circle, "presence", payload))
      if (room === undefined || signal === undefined) return false
      return session.cast(room.id, sealer.sealOuter(room.keys, encodePeerMessage({ type: "Signal", signal })))
    },
    announce: () =>
      queue(async () => {
        for (const room of rooms.values()) {
          room.hasNews = room.isAsked = true
          await sendReceipt(room)
        }
      }),
    close: () => {
      isClosed = true
      stopListening()
      blobs?.close()
      for (const cancel of timers) cancel()
      timers.clear()
      session.close()
      checkSettled()
    },
  }
}
