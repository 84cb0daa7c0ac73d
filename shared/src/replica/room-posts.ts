import {
  type BundleHash,
  type FeedId,
  type RoomId,
  type Store,
  type StoreChange,
  bytesToHex,
} from "../base/index.js"
import { type RelaySession, type Sealer, encodePeerMessage, limits, parseBundle } from "../wire/index.js"
import type { StoredBundle } from "./archive.js"
import { type Stretch, readStretches } from "./catch-up.js"
import { createPosted } from "./posted.js"
import type { Replica } from "./replica-port.js"
import type { Room } from "./rooms.js"

/** What this device has given to one relay, and what is on its way there. */
export interface RoomPosts {
  /** Posts the own bundles that the relay has not acknowledged in this room's scope. */
  postOwn(room: Room): Promise<void>
  /** The same for bundles that were made just now, in the feeds that they are of: without reading them again. */
  postNew(room: Room, made: readonly StoredBundle[]): Promise<void>
  /** Posts bundles of whatever author. */
  post(room: Room, bundles: readonly StoredBundle[]): void
  /** Posts what the stretches hold, but nothing that came into the room at or behind `since`. */
  repost(room: Room, stretches: readonly Stretch[], since: number): Promise<void>
  /** Posts bundles one by one: snapshots are large. */
  postRaw(room: Room, bundles: readonly Uint8Array[]): void
  /** `onStored`: the relay has it. */
  postMessage(room: Room, message: Uint8Array, onStored?: () => Promise<void>): void
  /** The relay has stored a post: notes how far each own feed has come. */
  acknowledged(post: number, offset: number): Promise<RoomId | undefined>
  /** What must be written to keep how far own feeds have come; nothing the second time. */
  takeChanges(): readonly StoreChange[]
  /** The relay will not take it: it is tried again at the next start or reconnect. */
  refused(post: number): void
  /** This device is not in the room any more: what was on its way there is nobody's. */
  leave(room: RoomId): void
  /** A bundle was seen in the room. */
  note(room: RoomId, hash: BundleHash, offset: number): void
  /** The relay has not what it had: everything of ours is posted again. */
  forget(room: Room): Promise<void>
  /** This device's feeds that belong into a room: its log feed, and its feed of the room's circle. */
  ownFeeds(room: Room): Promise<readonly FeedId[]>
  readonly pending: number
}

/** What is on its way. */
interface Posted {
  readonly room: Room
  readonly bundles: readonly StoredBundle[]
  readonly onStored?: (() => Promise<void>) | undefined
}

/** Bundles remembered as lying in a room, so that they are not posted again while somebody is still reading. */
const notedBundles = 10_000

export const createRoomPosts = (deps: {
  readonly replica: Replica
  readonly sealer: Sealer
  readonly store: Store
  readonly session: () => RelaySession
  readonly origin: string
}): RoomPosts => {
  const { replica, sealer } = deps
  const posted = createPosted(deps.store, deps.origin)
  const posts = new Map<number, Posted>()
  const inRoom = new Map<RoomId, Map<BundleHash, number>>()
  /** Next seq to hand over, per room and feed. The relay session sends again after a reconnect: this stays. */
  const nextSeq = new Map<string, number>()

  const postMessage = (room: Room, message: Uint8Array, given: Omit<Posted, "room">): void => {
    posts.set(deps.session().post(room.id, sealer.sealOuter(room.keys, message)), { room, ...given })
  }

  const post = (room: Room, bundles: readonly StoredBundle[]): void => {
    if (bundles.length === 0) return
    const raw = bundles.map(({ bundle }) => bundle.bytes)
    postMessage(room, encodePeerMessage({ type: "Bundles", bundles: raw }), { bundles })
  }

  const note = (room: RoomId, hash: BundleHash, offset: number): void => {
    const known = inRoom.get(room) ?? new Map<BundleHash, number>()
    known.set(hash, offset)
    inRoom.set(room, known)
    const oldest = known.size > notedBundles ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
  }

  const ownFeeds = async (room: Room): Promise<readonly FeedId[]> => {
    const log = await replica.feedsOf(replica.device, undefined)
    return room.circle === undefined ? log : [...log, ...(await replica.feedsOf(replica.device, room.circle))]
  }

  const nextOf = async (room: Room, feed: FeedId): Promise<number> =>
    Math.max((await posted.seq(room.scope, feed)) + 1, nextSeq.get(`${room.id} ${feed}`) ?? 1)

  const postFeed = async (room: Room, feed: FeedId): Promise<void> => {
    const from = await nextOf(room, feed)
    for await (const page of readStretches(replica.archive, [{ feed, from, to: Infinity }])) {
      const bundles = page.flatMap(bytes => storedOf(sealer, bytes))
      post(room, bundles)
      nextSeq.set(`${room.id} ${feed}`, (bundles.at(-1)?.bundle.seq ?? 0) + 1)
    }
  }

  return {
    get pending() {
      return posts.size
    },
    post,
    postMessage: (room, message, onStored) => postMessage(room, message, { bundles: [], onStored }),
    postRaw: (room, bundles) => {
      for (const bytes of bundles) post(room, storedOf(sealer, bytes))
    },
    note,
    ownFeeds,

    postOwn: async room => {
      for (const feed of await ownFeeds(room)) await postFeed(room, feed)
    },

    postNew: async (room, made) => {
      const own = await ownFeeds(room)
      for (const feed of new Set(made.map(({ bundle }) => bundle.feed))) {
        if (!own.includes(feed)) continue
        const news = made.filter(({ bundle }) => bundle.feed === feed)
        const from = await nextOf(room, feed)
        const isNext = news.every(({ bundle }, i) => bundle.seq === from + i)
        const sizeBytes = news.reduce((sum, { bundle }) => sum + bundle.bytes.length, 0)
        if (!isNext || sizeBytes > limits.bundlesPerMessageBytes) await postFeed(room, feed)
        else {
          post(room, news)
          nextSeq.set(`${room.id} ${feed}`, from + news.length)
        }
      }
    },

    takeChanges: posted.takeChanges,

    repost: async (room, stretches, since) => {
      for await (const page of readStretches(replica.archive, stretches)) {
        const known = inRoom.get(room.id)
        post(
          room,
          page
            .flatMap(bytes => storedOf(sealer, bytes))
            .filter(({ hash }) => {
              const offset = known?.get(hash)
              return offset === undefined || offset < since
            }),
        )
      }
    },

    acknowledged: async (id, offset) => {
      const done = posts.get(id)
      if (done === undefined) return undefined
      posts.delete(id)
      const { room, bundles, onStored } = done
      await onStored?.()
      const range = new Map<FeedId, { first: number; last: number }>()
      for (const { hash, bundle } of bundles) {
        note(room.id, hash, offset)
        const known = range.get(bundle.feed)
        range.set(bundle.feed, { first: known?.first ?? bundle.seq, last: bundle.seq })
      }
      for (const [feed, { first, last }] of range) {
        const before = await posted.seq(room.scope, feed)
        if (first <= before + 1 && last > before) posted.advance(room.scope, feed, last)
      }
      return room.id
    },

    refused: id => {
      const given = posts.get(id)
      posts.delete(id)
      for (const { bundle } of given?.bundles ?? []) nextSeq.delete(`${given?.room.id} ${bundle.feed}`)
    },

    leave: room => {
      for (const [id, given] of posts) if (given.room.id === room) posts.delete(id)
      for (const name of [...nextSeq.keys()]) if (name.startsWith(room)) nextSeq.delete(name)
    },

    forget: async room => {
      inRoom.delete(room.id)
      for (const name of [...nextSeq.keys()]) if (name.startsWith(room.id)) nextSeq.delete(name)
      await posted.forget(room.scope)
    },
  }
}

/** Of bytes that parse: the bundle and its hash. */
export const storedOf = (sealer: Sealer, bytes: Uint8Array): readonly StoredBundle[] => {
  const parsed = parseBundle(bytes)
  if (!parsed.ok) return []
  return [{ hash: bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash, bundle: parsed.value }]
}
