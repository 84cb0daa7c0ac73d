import { type DeviceId, type FeedId, type Random, type RoomId, bytesToHex } from "../base/index.js"
import { type Have, type Sealer, parseHave } from "../wire/index.js"
import { type ForkOffers, countForkOffers, missingFor, namesMore, readOffer } from "./catch-up.js"
import type { Receipts } from "./receipts.js"
import type { Replica } from "./replica-port.js"
import type { RoomPosts } from "./room-posts.js"
import type { Room } from "./rooms.js"
import type { Signal, Signals } from "./signals.js"

/** What others' receipts in a room lead to: somebody lacks something, or has something that is lacking here. */
export interface RoomReceipts {
  /** `isCaughtUp`: the room was read to its end, so the receipt is fresh. */
  take(
    room: Room & { readonly isJoined: boolean },
    offset: number | undefined,
    bytes: Uint8Array,
    isCaughtUp: boolean,
  ): Promise<void>
}

/** Within this time what was on its way to the maker of a receipt has come, and he has said so. */
const arrivalMs = 5_000
/** Who is neither author nor keeper waits so much longer, at random, before he posts again what somebody lacks. */
const othersDelayMs = 4_000
/** Pages of receipts that are remembered of each device. */
const askedPages = 64
/** Above this what is remembered of receipts goes, and what waits to be posted again with it: another receipt comes. */
const makersRemembered = 4_096

export const createRoomReceipts = (deps: {
  readonly replica: Replica
  readonly sealer: Sealer
  readonly random: Random
  readonly signals: Signals
  readonly receipts: Receipts
  readonly posts: RoomPosts
  readonly isKeeper: boolean
  readonly onPresence?: ((signal: Signal) => void) | undefined
  /** Somebody wants, offers or keeps chunks of blobs. */
  readonly onBlobs?: ((signal: Signal) => void) | undefined
  /** Blobs that may be on their way to a device that reads. */
  readonly windowBlobs: number
  readonly later: (delayMs: number, job: () => Promise<void>) => void
  /** Sends a receipt of this device's own, after a while. */
  readonly tellNews: (room: Room) => void
}): RoomReceipts => {
  const { replica, sealer, posts } = deps
  /** The last receipts of each device that named what is not here. */
  const asked = new Map<DeviceId, Set<string>>()
  const newestMs = new Map<string, number>()
  const forkOffers = new Map<RoomId, ForkOffers>()

  /** A receipt that names what is not here is answered by one's own, so that somebody posts it: once. */
  const askForMore = async (room: Room, signal: Signal, theirs: Have): Promise<void> => {
    const name = bytesToHex(sealer.sha256(signal.payload))
    if (asked.get(signal.device)?.has(name) === true || room.circle === undefined) return
    const mine = (await deps.receipts.make(room.circle)).flatMap(({ positions }) => positions)
    if (!namesMore(theirs, mine)) return
    const names = asked.get(signal.device) ?? new Set()
    if (names.size >= askedPages) names.clear()
    asked.set(signal.device, names.add(name))
    deps.tellNews(room)
  }

  return {
    take: async (room, offset, bytes, isCaughtUp) => {
      const signal = await deps.signals.open(bytes)
      if (signal === undefined || signal.device === replica.device) return
      if (signal.kind === "presence") return deps.onPresence?.(signal)
      if (signal.kind === "blobs") return deps.onBlobs?.(signal)
      const theirs = parseHave(signal.payload)
      if (theirs === undefined || !(await deps.receipts.take(signal)) || offset === undefined) return
      await askForMore(room, signal, theirs)

      const maker = `${room.id} ${signal.device} ${theirs.from}`
      if (newestMs.size >= makersRemembered) newestMs.clear()
      newestMs.set(maker, signal.atMs)
      const { keyring } = replica.session
      const tags = keyring.tags().filter(tag => {
        const circle = keyring.keyOf(tag)?.circle
        return circle === room.circle || circle === undefined
      })
      const offer = await replica.offer({
        ...theirs,
        wants: { type: "Tags", tags, originals: isOriginal(theirs) },
      })
      if (deps.isKeeper) {
        for await (const page of readOffer(replica.archive, offer.first, [])) posts.postRaw(room, page)
      }
      const offers = forkOffers.get(room.id) ?? new Map<string, number>()
      forkOffers.set(room.id, offers)
      const stretches = await missingFor(replica.archive, offer.have, keyring.log.tag, offers)
      const own = new Set(await posts.ownFeeds(room))
      const isOurs = (feed: FeedId): boolean => deps.isKeeper || own.has(feed)
      const ours = stretches.filter(({ feed }) => isOurs(feed))
      const others = stretches.filter(({ feed }) => !isOurs(feed))
      countForkOffers(offers, ours)
      // What came into the room just before a fresh receipt may not have been read yet: it is looked at once more.
      await posts.repost(room, ours, isCaughtUp ? offset - deps.windowBlobs : offset)
      const unlessNewer = (delayMs: number, missing: typeof stretches): void => {
        if (missing.length === 0) return
        deps.later(delayMs, async () => {
          if (newestMs.get(maker) !== signal.atMs || !room.isJoined) return
          // A receipt that was overtaken gave nothing; one's own were counted above.
          if (missing === others) countForkOffers(offers, others)
          await posts.repost(room, missing, offset)
        })
      }
      const [random = 0] = deps.random.bytes(1)
      unlessNewer(arrivalMs, ours)
      unlessNewer(arrivalMs + othersDelayMs * (0.5 + random / 512), others)
    },
  }
}

const isOriginal = ({ wants }: Have): boolean => wants.type === "Everything" || wants.originals
