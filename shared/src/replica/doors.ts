import { type RoomId, bytesToHex } from "../base/index.js"
import {
  type Have,
  type HavePosition,
  type Sealer,
  encodeHave,
  encodePeerMessage,
  limits,
} from "../wire/index.js"
import { headOf, missingFor, namesMore, positionsOf } from "./catch-up.js"
import { pagesOf } from "./have-pages.js"
import type { Replica } from "./replica-port.js"
import type { RoomPosts } from "./room-posts.js"
import type { Room } from "./rooms.js"

/** The log, between two devices that may have no circle's room in common. */
export interface Doors {
  /** Says what is here of the log: the other one gives the rest, and asks for what he has not. */
  knock(door: Room): Promise<void>
  /** Somebody was away for long, or reads nothing of ours: he gets the log, and from it everything else. */
  answer(room: Room, offset: number | undefined, theirs: Have): Promise<void>
}

/** Pages that are remembered of each door. */
const askedPages = 64

export const isDoor = ({ scope }: Room): boolean => scope.startsWith("door ")

export const createDoors = (deps: {
  readonly replica: Replica
  readonly sealer: Sealer
  readonly posts: RoomPosts
  readonly tellNews: (room: Room) => void
}): Doors => {
  const { replica, posts } = deps
  const logTag = (): string => replica.session.keyring.log.tag
  /** The pages told at each door that named what is not here: each is asked for once. */
  const asked = new Map<RoomId, Set<string>>()

  /** Of circles nothing is said: the other one need not know what they hold. */
  const inLog = async (): Promise<readonly HavePosition[]> => {
    const all = await replica.archive.positions()
    const log = new Set(all.filter(({ tags }) => tags.includes(logTag())).map(({ feed }) => feed))
    return (await positionsOf(replica.archive, {})).filter(({ feed }) => log.has(feed))
  }

  return {
    knock: async door => {
      const head = headOf(replica.archive, { isKeeper: false, tags: [logTag()] })
      for (const have of pagesOf(head, await inLog(), limits.receiptPageBytes))
        posts.postMessage(door, encodePeerMessage({ type: "Have", have }))
    },

    answer: async (room, offset, theirs) => {
      if (!isDoor(room)) return
      const log: Have = { ...theirs, wants: { type: "Tags", tags: [logTag()], originals: true } }
      await posts.repost(room, await missingFor(replica.archive, log, logTag()), offset ?? Infinity)
      const name = bytesToHex(deps.sealer.sha256(encodeHave(theirs)))
      const names = asked.get(room.id) ?? new Set()
      if (!room.hasReceipts || names.has(name) || !namesMore(theirs, await inLog())) return
      if (names.size >= askedPages) names.clear()
      asked.set(room.id, names.add(name))
      deps.tellNews(room)
    },
  }
}
