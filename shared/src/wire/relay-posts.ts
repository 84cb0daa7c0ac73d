import type { RoomId } from "../base/index.js"

export interface QueuedPost {
  readonly id: number
  readonly room: RoomId
  /** The same bytes at every attempt. */
  readonly blob: Uint8Array
}

/** Posts on their way to one relay: not sent yet, or sent and not answered. */
export interface RelayPosts {
  readonly size: number
  add(room: RoomId, blob: Uint8Array): number
  /** In the order they were added. */
  unsent(): Iterable<QueuedPost>
  /** True while one more post of `lengthBytes` may be under way. */
  hasWindow(lengthBytes: number): boolean
  sent(post: QueuedPost): void
  roomOf(id: number): RoomId | undefined
  /** Takes an answered or refused post out. */
  settle(id: number): QueuedPost | undefined
  /** A post under way has to be sent again. */
  resend(id: number): void
  /** All posts under way have to be sent again: the connection was lost. */
  resendAll(): void
  forgetRoom(room: RoomId): void
}

/** Unanswered posts keep the connection full at 50 ms there and back and 1 Gbit/s, and no more. Bytes; posts. */
const windowBytes = 6 * 1024 * 1024
const windowPosts = 256

export const createRelayPosts = (): RelayPosts => {
  let unsent = new Map<number, QueuedPost>()
  const underWay = new Map<number, QueuedPost>()
  let underWayBytes = 0
  let nextId = 1

  const takeUnderWay = (id: number): QueuedPost | undefined => {
    const post = underWay.get(id)
    if (post === undefined) return undefined
    underWay.delete(id)
    underWayBytes -= post.blob.length
    return post
  }
  const requeue = (posts: readonly QueuedPost[]): void => {
    const all = [...posts, ...unsent.values()].sort((a, b) => a.id - b.id)
    unsent = new Map(all.map(post => [post.id, post]))
  }

  return {
    get size() {
      return unsent.size + underWay.size
    },
    add(room, blob) {
      const post = { id: nextId++, room, blob }
      unsent.set(post.id, post)
      return post.id
    },
    unsent: () => unsent.values(),
    hasWindow: lengthBytes =>
      underWay.size === 0 || (underWay.size < windowPosts && underWayBytes + lengthBytes <= windowBytes),
    sent(post) {
      unsent.delete(post.id)
      underWay.set(post.id, post)
      underWayBytes += post.blob.length
    },
    roomOf: id => (underWay.get(id) ?? unsent.get(id))?.room,
    settle(id) {
      const post = takeUnderWay(id) ?? unsent.get(id)
      unsent.delete(id)
      return post
    },
    resend(id) {
      const post = takeUnderWay(id)
      if (post !== undefined) requeue([post])
    },
    resendAll() {
      requeue([...underWay.values()])
      underWay.clear()
      underWayBytes = 0
    },
    forgetRoom(room) {
      for (const post of [...unsent.values(), ...underWay.values()]) {
        if (post.room !== room) continue
        takeUnderWay(post.id)
        unsent.delete(post.id)
      }
    },
  }
}
