import {
  type CircleId,
  type Clock,
  type DeviceId,
  type Log,
  type Random,
  type RoomId,
  bytesToHex,
} from "../base/index.js"
import {
  type BlobAsk,
  type RelaySession,
  type RoomKeys,
  type Sealer,
  encodePeerMessage,
} from "../wire/index.js"
import type { Blobs } from "./blobs.js"

/** Answers what other devices ask for over one relay: one chunk at a time, the next when the relay has it. */
export interface Giving {
  take(device: DeviceId, circle: CircleId, ask: BlobAsk): Promise<void>
  keysOf(room: RoomId): RoomKeys | undefined
  /** The relay has stored a post, or will not. */
  answered(post: number, isStored: boolean): void
  /** The relay lets nobody into the room. */
  shut(room: RoomId): void
  /** Nothing that was asked for is on its way or about to be. */
  settle(): Promise<void>
  close(): void
}

/** Of a tray that is joined for posting as little comes as can be said: what lies there is the asker's. */
const windowBlobs = 1
/** Without a box in the family, and with one that may answer first; milliseconds, half of it at random. */
const delaysMs = { keeper: 100, alone: 1_000, besideBox: 6_000 } as const
const hourMs = 60 * 60 * 1000
/** Chunks remembered as given, so that nothing is given twice into one tray. */
const maxRemembered = 4_096

interface Standing {
  readonly device: DeviceId
  readonly circle: CircleId
  readonly ask: BlobAsk
  readonly keys: RoomKeys
  readonly room: RoomId
}

export const createGiving = (deps: {
  readonly sealer: Sealer
  readonly blobs: Blobs
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly session: () => RelaySession
  readonly origin: string
  readonly isKeeper: boolean
  readonly bytesPerHour: number
  /** A box of the family, another device than the one that asks, may have it. */
  readonly hasBox: (asker: DeviceId) => boolean
  /** Still a reader of the circle. */
  readonly mayRead: (device: DeviceId, circle: CircleId) => boolean
}): Giving => {
  const { sealer, blobs, clock } = deps
  /** The last word of each device in each circle. */
  const standing = new Map<string, Standing>()
  const timers = new Map<string, () => void>()
  const given = new Set<string>()
  const roomsOpen = new Map<RoomId, RoomKeys>()
  const posts = new Map<number, { readonly room: RoomId; readonly resolve: (isStored: boolean) => void }>()
  /** Waiting for the next hour: nobody waits for that. */
  const resting = new Set<string>()
  const waiting: (() => void)[] = []
  let giving: Promise<void> = Promise.resolve()
  let underWay = 0
  let isClosed = false
  let hour = { fromMs: clock.now(), bytes: 0 }

  const isIdle = (): boolean => underWay === 0 && [...timers.keys()].every(name => resting.has(name))
  const checkIdle = (): void => {
    if (isIdle() || isClosed) for (const resolve of waiting.splice(0)) resolve()
  }
  const stop = (name: string): void => {
    timers.get(name)?.()
    timers.delete(name)
    resting.delete(name)
  }
  const later = (name: string, delayMs: number): void => {
    stop(name)
    const cancel = clock.after(delayMs, () => {
      stop(name)
      underWay += 1
      giving = giving
        .then(() => give(name))
        .catch((error: unknown) =>
          deps.log.event("giving failed", { reason: error instanceof Error ? error.name : "unknown" }),
        )
        .then(() => {
          underWay -= 1
          checkIdle()
        })
    })
    timers.set(name, cancel)
  }

  /** Milliseconds to wait for the next hour's share; 0: there is some left. */
  const waitMs = (): number => {
    const nowMs = clock.now()
    if (nowMs - hour.fromMs >= hourMs) hour = { fromMs: nowMs, bytes: 0 }
    return hour.bytes < deps.bytesPerHour ? 0 : hour.fromMs + hourMs - nowMs
  }

  const post = (room: RoomId, keys: RoomKeys, bytes: Uint8Array): Promise<boolean> =>
    new Promise(resolve => {
      if (!roomsOpen.has(room)) {
        roomsOpen.set(room, keys)
        deps.session().join(room, { store: undefined, after: 0 }, windowBlobs)
      }
      const blob = sealer.sealOuter(keys, encodePeerMessage({ type: "Chunk", bytes }))
      posts.set(deps.session().post(room, blob), { room, resolve })
    })

  const give = async (name: string): Promise<void> => {
    for (const id of standing.get(name)?.ask.chunks ?? []) {
      // While one chunk goes out, its device may have said another word, or be removed.
      const now = standing.get(name)
      if (isClosed || now?.ask.chunks.includes(id) !== true || !deps.mayRead(now.device, now.circle)) continue
      const mark = `${now.room} ${id}`
      const bytes = given.has(mark) ? undefined : await blobs.chunk(id)
      if (bytes === undefined) continue
      const delayMs = waitMs()
      if (delayMs > 0) {
        later(name, delayMs)
        resting.add(name)
        break
      }
      hour.bytes += bytes.length
      if (!(await post(now.room, now.keys, bytes))) break
      if (given.size >= maxRemembered) given.clear()
      given.add(mark)
    }
    for (const room of roomsOpen.keys()) deps.session().leave(room)
    roomsOpen.clear()
  }

  return {
    take: async (device, circle, ask) => {
      const name = `${device} ${circle}`
      stop(name)
      standing.delete(name)
      const has = await Promise.all(ask.chunks.map(id => blobs.has(id)))
      if (!isClosed && has.includes(true)) {
        const keys = sealer.roomOf(ask.secret, deps.origin)
        standing.set(name, { device, circle, ask, keys, room: bytesToHex(keys.id) as RoomId })
        const mostMs = deps.isKeeper
          ? delaysMs.keeper
          : deps.hasBox(device)
            ? delaysMs.besideBox
            : delaysMs.alone
        const [random = 0] = deps.random.bytes(1)
        later(name, Math.round(mostMs * (0.5 + random / 512)))
      }
      checkIdle()
    },
    keysOf: room => roomsOpen.get(room),
    answered: (id, isStored) => {
      posts.get(id)?.resolve(isStored)
      posts.delete(id)
    },
    shut: room => {
      for (const [id, post] of posts) {
        if (post.room !== room) continue
        posts.delete(id)
        post.resolve(false)
      }
    },
    settle: () =>
      new Promise(resolve => {
        waiting.push(resolve)
        checkIdle()
      }),
    close: () => {
      isClosed = true
      for (const cancel of timers.values()) cancel()
      timers.clear()
      for (const { resolve } of posts.values()) resolve(false)
      posts.clear()
      checkIdle()
    },
  }
}
