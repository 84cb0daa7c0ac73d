import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type CircleId,
  type Clock,
  type Dialer,
  type FeedId,
  type Log,
  type Random,
  type RoomId,
  type Store,
  bytesToHex,
} from "../base/index.js"
import {
  type RelaySession,
  type Sealer,
  createRelaySession,
  encodeHave,
  encodePeerMessage,
  parseBundle,
  parseHave,
  parsePeerMessage,
} from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import { missingFor, readStretches } from "./catch-up.js"
import type { Receipts } from "./receipts.js"
import type { Replica } from "./replica.js"
import { type CircleRoom, roomsOf } from "./rooms.js"
import type { Signals } from "./signals.js"

export interface RoomSyncDeps {
  readonly replica: Replica
  readonly sealer: Sealer
  readonly store: Store
  readonly dialer: Dialer
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly signals: Signals
  readonly receipts: Receipts
}

export interface RoomSyncOptions {
  readonly url: string
  readonly origin: string
  /** The box posts what reached it over links as well, so that nobody depends on the author. */
  readonly isKeeper: boolean
}

export interface RoomSync {
  /** "Online" once the relay has answered. */
  readonly isOnline: boolean
  /**
   * True once everything of this device is durable at the relay and everything there was taken in; false when
   * the relay cannot be reached. Ends with a receipt in every room that has moved.
   */
  settle(): Promise<boolean>
  /** Posts a receipt in every room: what reached this store by other ways is durable here. */
  announce(): void
  close(): void
}

/** Quiet time after which a receipt says what arrived; it is coalesced, and never answers a receipt. */
const receiptDelayMs = 2_000
/** Who is neither author nor keeper waits so long, at random, before he posts again what somebody lacks. */
const repostDelayMs = 4_000
/** Blobs that may come before we ask for more: what lies in memory is bounded by it. */
const windowBlobs = 256

interface JoinedRoom extends CircleRoom {
  store: string | undefined
  after: number
  isJoined: boolean
  isCaughtUp: boolean
  read: number
  /** Something was taken in since the last receipt. */
  hasNews: boolean
}

/**
 * A device at one relay: listens to its circles' rooms, posts what it has that the relay lacks, answers receipts
 * of devices that lack something. The relay session below is the one place that retries.
 */
export const createRoomSync = (deps: RoomSyncDeps, options: RoomSyncOptions): RoomSync => {
  const { replica, sealer, store, clock } = deps
  const source = `relay ${options.origin}`
  const rooms = new Map<RoomId, JoinedRoom>()
  const inRoom = new Map<RoomId, Map<BundleHash, number>>()
  const posts = new Map<number, { readonly room: RoomId; readonly bundles: readonly StoredBundle[] }>()
  const timers = new Set<() => void>()
  const waiting: ((isSettled: boolean) => void)[] = []
  let isOnline = false
  let isClosed = false
  let failed = false

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
        if (state.type === "Waiting") {
          for (const room of rooms.values()) room.isJoined = room.isCaughtUp = false
          failed = true
          checkSettled()
        }
      },
      onJoined: (id, joined) => {
        const room = rooms.get(id)
        if (room === undefined) return
        room.isJoined = true
        room.store = joined.store
        room.after = joined.from
        failed = false
      },
      onGap: (id, gap) => queue(() => forget(id, gap.type === "OtherStore")),
      onBlob: (id, offset, blob) => queue(() => take(id, offset, blob)),
      onCaughtUp: id =>
        queue(async () => {
          const room = rooms.get(id)
          if (room === undefined) return
          room.isCaughtUp = true
          await saveCursor(room)
          await replica.caughtUp()
          await postOwn()
          if (room.hasNews) later(receiptDelayMs, () => sendReceipt(room))
        }),
      onCast: (id, blob) => queue(() => take(id, undefined, blob)),
      onAck: (post, ack) => queue(() => acknowledged(post, ack.offset, ack.cursor)),
      onRefused: refusal => {
        deps.log.event("relay refused", { subject: refusal.type, reason: refusal.reason })
        if (refusal.type === "Post") posts.delete(refusal.post)
        if (refusal.type === "Room") rooms.delete(refusal.room)
        failed = true
        checkSettled()
      },
    },
  )

  const cursorKey = (room: RoomId): readonly string[] => ["cursor", options.origin, room]
  const saveCursor = async (room: JoinedRoom): Promise<void> => {
    if (room.store === undefined) return
    const value = new ByteWriter().hex(room.store).u64(room.after).done()
    await store.write([{ type: "Put", key: cursorKey(room.id), value }])
  }

  /** The relay has not what it had: own bundles that nobody's receipt covers will be posted anew. */
  const forget = async (id: RoomId, isOtherStore: boolean): Promise<void> => {
    inRoom.delete(id)
    const room = rooms.get(id)
    if (room === undefined) return
    room.hasNews = true
    if (isOtherStore) await store.write([{ type: "RemovePrefix", prefix: ["posted", options.origin, room.circle] }])
  }

  const joinRooms = async (): Promise<void> => {
    const wanted = roomsOf(replica, sealer, options.origin)
    for (const room of wanted) {
      const known = rooms.get(room.id)
      if (known !== undefined) {
        rooms.set(room.id, Object.assign(known, { isCurrent: room.isCurrent }))
        continue
      }
      const stored = await store.get(cursorKey(room.id))
      const reader = stored && new ByteReader(stored)
      const cursor = { store: reader?.hex(16), after: reader?.u64() ?? 0 }
      rooms.set(room.id, { ...room, ...cursor, isJoined: false, isCaughtUp: false, read: 0, hasNews: true })
      session.join(room.id, cursor, windowBlobs)
    }
    const ids = new Set(wanted.map(room => room.id))
    for (const id of [...rooms.keys()]) {
      if (ids.has(id)) continue
      rooms.delete(id)
      session.leave(id)
    }
  }

  const note = (room: RoomId, hash: BundleHash, offset: number): void => {
    const known = inRoom.get(room) ?? new Map<BundleHash, number>()
    known.set(hash, offset)
    inRoom.set(room, known)
  }

  const take = async (id: RoomId, offset: number | undefined, blob: Uint8Array): Promise<void> => {
    const room = rooms.get(id)
    if (room === undefined) return
    const plain = sealer.openOuter(room.keys, blob)
    const message = plain && parsePeerMessage(plain)
    if (message?.type === "Bundles") {
      const received = await replica.receive(message.bundles, source)
      if (received.added.length > 0) room.hasNews = true
      if (offset !== undefined) for (const { hash } of received.added) note(id, hash, offset)
      if (received.operations.length > 0) await joinRooms()
    }
    if (message?.type === "Signal") await takeSignal(room, offset, message.signal)
    if (offset === undefined) return
    room.after = Math.max(room.after, offset)
    room.read += 1
    if (room.read % (windowBlobs / 2) !== 0) return
    await saveCursor(room)
    session.read(id, room.after, windowBlobs)
  }

  const takeSignal = async (room: JoinedRoom, offset: number | undefined, bytes: Uint8Array): Promise<void> => {
    const signal = await deps.signals.open(bytes)
    if (signal?.kind !== "receipt" || signal.device === replica.device) return
    if (!(await deps.receipts.take(signal))) return
    if (offset === undefined) return
    const theirs = parseHave(signal.payload)
    if (theirs === undefined) return
    const own = new Set(await ownFeeds(room.circle))
    const logTag = replica.session.keyring.log.tag
    const tags = replica.session.keyring.tags().filter(tag => {
      const circle = replica.session.keyring.keyOf(tag)?.circle
      return circle === room.circle || circle === undefined
    })
    const have = { ...theirs, wants: { type: "Tags" as const, tags } }
    const stretches = await missingFor(replica.archive, have, logTag)
    const mine = stretches.filter(stretch => options.isKeeper || own.has(stretch.feed))
    const others = stretches.filter(stretch => !options.isKeeper && !own.has(stretch.feed))
    await repost(room, mine, offset)
    if (others.length === 0) return
    const [random = 0] = deps.random.bytes(1)
    later(repostDelayMs * (0.5 + random / 512), () => repost(room, others, offset))
  }

  /** Posts again what a device lacks although it had read the room up to its receipt. */
  const repost = async (
    room: JoinedRoom,
    stretches: Parameters<typeof readStretches>[1],
    receiptOffset: number,
  ): Promise<void> => {
    for await (const bundles of readStretches(replica.archive, stretches)) {
      const stored = bundles
        .map(bytes => parseStored(sealer, bytes))
        .filter(bundle => bundle !== undefined)
        // What came into the room about when the receipt was made may simply not have been read yet.
        .filter(({ hash }) => (inRoom.get(room.id)?.get(hash) ?? -1) < receiptOffset - windowBlobs)
      if (stored.length > 0) post(room, stored)
    }
  }

  const post = (room: CircleRoom, bundles: readonly StoredBundle[]): void => {
    const message = encodePeerMessage({ type: "Bundles", bundles: bundles.map(({ bundle }) => bundle.bytes) })
    const id = session.post(room.id, sealer.sealOuter(room.keys, message))
    posts.set(id, { room: room.id, bundles })
  }

  const acknowledged = async (id: number, offset: number, cursor: number | undefined): Promise<void> => {
    const done = posts.get(id)
    posts.delete(id)
    const room = done && rooms.get(done.room)
    if (done === undefined || room === undefined) return
    for (const { hash } of done.bundles) note(room.id, hash, offset)
    if (cursor !== undefined) room.after = Math.max(room.after, cursor)
    const highest = new Map<FeedId, number>()
    for (const { bundle } of done.bundles) {
      highest.set(bundle.feed, Math.max(bundle.seq, highest.get(bundle.feed) ?? 0))
    }
    for (const [feed, seq] of highest) {
      if (seq <= (await postedSeq(room.circle, feed))) continue
      const value = new ByteWriter().u64(seq).done()
      await store.write([{ type: "Put", key: ["posted", options.origin, room.circle, feed], value }])
    }
    await saveCursor(room)
  }

  const postedSeq = async (circle: CircleId, feed: FeedId): Promise<number> => {
    const stored = await store.get(["posted", options.origin, circle, feed])
    return stored ? new ByteReader(stored).u64() : 0
  }

  /** This device's feeds of a circle, and its log feed: members of every circle need the operations. */
  const ownFeeds = async (circle: CircleId): Promise<readonly FeedId[]> => [
    ...(await replica.feedsOf(replica.device, undefined)),
    ...(await replica.feedsOf(replica.device, circle)),
  ]

  /** Posts, per circle, what the relay has not acknowledged yet. */
  const postOwn = async (): Promise<void> => {
    for (const room of rooms.values()) {
      if (!room.isCurrent || !room.isJoined) continue
      for (const feed of await ownFeeds(room.circle)) {
        const name = `${room.id} ${feed}`
        const from = (await postedSeq(room.circle, feed)) + 1
        const started = Math.max(from, sentUpTo.get(name) ?? 0)
        for await (const bundles of readStretches(replica.archive, [{ feed, from: started, to: Infinity }])) {
          const stored = bundles.map(bytes => parseStored(sealer, bytes)).filter(bundle => bundle !== undefined)
          post(room, stored)
          const top = stored.at(-1)?.bundle.seq
          if (top !== undefined) sentUpTo.set(name, top + 1)
        }
      }
    }
  }
  /** Next seq to hand to the relay session per room and feed; a reconnect does not reset it: the session resends. */
  const sentUpTo = new Map<string, number>()

  const sendReceipt = async (room: JoinedRoom): Promise<void> => {
    if (!room.isCurrent || !room.hasNews || !room.isJoined) return
    room.hasNews = false
    const signal = await deps.signals.seal(room.circle, "receipt", encodeHave(await deps.receipts.make(room.circle)))
    if (signal === undefined) return
    const id = session.post(room.id, sealer.sealOuter(room.keys, encodePeerMessage({ type: "Signal", signal })))
    posts.set(id, { room: room.id, bundles: [] })
  }

  const isSettled = (): boolean =>
    queued === 0 && posts.size === 0 && [...rooms.values()].every(room => room.isJoined && room.isCaughtUp)

  const checkSettled = (): void => {
    if (waiting.length === 0) return
    if (failed || isClosed) for (const resolve of waiting.splice(0)) resolve(false)
    else if (isSettled()) for (const resolve of waiting.splice(0)) resolve(true)
  }

  const stopListening = replica.onAppended((bundles, from) => {
    if (from === source) return
    queue(async () => {
      await joinRooms()
      await postOwn()
      if (!options.isKeeper || from === undefined) return
      for (const room of rooms.values()) {
        if (!room.isCurrent || !room.isJoined) continue
        const inCircle = bundles.filter(({ bundle }) => {
          const key = replica.session.keyring.keyOf(bundle.epochTag)
          return key !== undefined && (key.circle === undefined || key.circle === room.circle)
        })
        if (inCircle.length > 0) post(room, inCircle)
      }
    })
  })

  queue(joinRooms)

  return {
    get isOnline() {
      return isOnline
    },
    settle: async () => {
      const settled = (): Promise<boolean> =>
        new Promise(resolve => {
          waiting.push(resolve)
          queue(async () => {})
        })
      failed = false
      session.retryNow()
      queue(joinRooms)
      queue(postOwn)
      if (!(await settled())) return false
      queue(async () => {
        for (const room of rooms.values()) await sendReceipt(room)
      })
      return settled()
    },
    announce: () =>
      queue(async () => {
        for (const room of rooms.values()) {
          room.hasNews = true
          await sendReceipt(room)
        }
      }),
    close: () => {
      isClosed = true
      stopListening()
      for (const cancel of timers) cancel()
      timers.clear()
      session.close()
      checkSettled()
    },
  }
}

const parseStored = (sealer: Sealer, bytes: Uint8Array): StoredBundle | undefined => {
  const parsed = parseBundle(bytes)
  return parsed.ok ? { hash: bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash, bundle: parsed.value } : undefined
}
