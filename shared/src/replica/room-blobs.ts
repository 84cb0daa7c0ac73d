import {
  type ChunkId,
  type CircleId,
  type Clock,
  type DeviceId,
  type Dialer,
  type Log,
  type Random,
  type RoomId,
  type Store,
  bytesToHex,
} from "../base/index.js"
import { liveDevicesOf } from "../access/index.js"
import {
  type BlobMessage,
  type BlobPlace,
  type RelaySession,
  type Sealer,
  createRelaySession,
  parsePeerMessage,
} from "../wire/index.js"
import type { Blobs } from "./blobs.js"
import { createGiving } from "./giving.js"
import type { Replica } from "./replica-port.js"
import { shownAt } from "./shown-at.js"
import type { Signal } from "./signals.js"
import { createTray } from "./tray.js"

/**
 * Chunks of blobs over one relay: what is wanted, offered and kept is said in signals in the circles' rooms, the
 * chunks go into a room of whoever asked, over a connection of their own, so that no edit waits behind a picture.
 */
export interface RoomBlobs {
  /** A signal about chunks from the room of a circle. */
  take(signal: Signal): Promise<void>
  /** Asks for chunks. True: all of them are here. What comes is stored when it comes, in this run or a later one. */
  fetch(chunks: readonly ChunkId[], place: BlobPlace): Promise<boolean>
  /** Tells the box what none keeps; it asks for what a document shows. */
  offerAll(): Promise<void>
  /** What was asked of this device before is at the relay. */
  settle(): Promise<void>
  close(): void
}

/** Offers of one device that showed nothing before it is heard no more: each look costs as much as the document is long. */
const maxEmptyOffers = 8

/** What a device gives in an hour over one relay: edits go through it too, and it counts by address. */
const bytesPerHour = 32 * 1024 * 1024

interface RoomBlobsDeps {
  readonly replica: Replica
  readonly blobs: Blobs
  readonly sealer: Sealer
  readonly store: Store
  readonly dialer: Dialer
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Posts a signal in the room of a circle. */
  readonly say: (circle: CircleId, message: BlobMessage) => Promise<void>
}

export const createRoomBlobs = (
  deps: RoomBlobsDeps,
  options: { readonly url: string; readonly origin: string; readonly isKeeper: boolean },
): RoomBlobs => {
  const { replica, blobs, sealer } = deps
  const { origin, isKeeper } = options
  const emptyOffers = new Map<DeviceId, number>()
  /** What was offered last: the same is offered once in a run. */
  let offered = ""
  let isClosed = false

  let last: Promise<unknown> = Promise.resolve()
  /** One thing at a time. */
  const run = <T>(job: () => Promise<T>): Promise<T | undefined> => {
    const done = last.then(() => (isClosed ? undefined : job()))
    last = done.catch((error: unknown) =>
      deps.log.event("blobs failed", { reason: error instanceof Error ? error.name : "unknown" }),
    )
    return done.catch(() => undefined)
  }

  const isBox = (device: DeviceId): boolean => {
    const state = replica.session.state()
    const { live, member } = state.devices.get(device) ?? {}
    return live === true && member !== undefined && state.members.get(member)?.kind === "box"
  }
  const boxes = (): readonly DeviceId[] => [...replica.session.state().devices.keys()].filter(isBox)

  const shared = { ...deps, session: () => session, origin }
  const tray = createTray({
    ...shared,
    onStored: async (id, { circle }) => {
      if (isKeeper) await deps.say(circle, { type: "Kept", chunks: [id] })
    },
  })
  const giving = createGiving({
    ...shared,
    isKeeper,
    bytesPerHour,
    hasBox: asker => boxes().some(box => box !== asker),
    mayRead: (device, circle) => liveDevicesOf(replica.session.state(), circle).includes(device),
  })
  const isTray = (room: RoomId): boolean => tray.keys !== undefined && bytesToHex(tray.keys.id) === room

  const session: RelaySession = createRelaySession(
    {
      dialer: deps.dialer,
      clock: deps.clock,
      random: deps.random,
      sign: async (room, domain, message) => {
        const keys = isTray(room) ? tray.keys : giving.keysOf(room)
        return keys && sealer.sign(domain, keys.signingSeed, message)
      },
    },
    options,
    {
      onState: () => {},
      onJoined: (room, joined) => {
        if (isTray(room)) tray.joined(joined.store, joined.from)
      },
      onGap: room => {
        if (isTray(room)) tray.forgotten()
      },
      onBlob: (room, offset, blob) => {
        if (isTray(room)) void run(() => tray.take(room, offset, blob))
      },
      onCaughtUp: room => {
        if (isTray(room)) void run(() => tray.caughtUp())
      },
      onCast: () => {},
      onAck: post => giving.answered(post, true),
      onRefused: refusal => {
        deps.log.event("relay refused blobs", { subject: refusal.type, reason: refusal.reason })
        if (refusal.type === "Post") giving.answered(refusal.post, false)
        if (refusal.type === "Room") giving.shut(refusal.room)
      },
    },
  )

  /** A keeper takes what a document shows, and nothing else: a member's program could fill its disk. */
  const takeOffer = async (device: DeviceId, place: BlobPlace, chunks: readonly ChunkId[]): Promise<void> => {
    const empty = emptyOffers.get(device) ?? 0
    if (!isKeeper || empty >= maxEmptyOffers) return
    const has = await Promise.all(chunks.map(id => blobs.has(id)))
    const kept = chunks.filter((_, at) => has[at])
    if (kept.length > 0) await deps.say(place.circle, { type: "Kept", chunks: kept })
    const unknown = chunks.filter((_, at) => has[at] !== true)
    if (unknown.length === 0) return
    const shown = await shownAt(replica, place)
    const wanted = unknown.filter(id => shown.has(id))
    if (wanted.length === 0) emptyOffers.set(device, empty + 1)
    else await tray.want(wanted, place)
  }

  const takeNow = async ({ device, circle, payload }: Signal): Promise<void> => {
    const message = parsePeerMessage(payload)
    if (message?.type === "Ask") return giving.take(device, circle, message)
    // In a circle only its own documents are spoken of.
    if (message?.type === "Offer" && message.place.circle === circle)
      return takeOffer(device, message.place, message.chunks)
    if (message?.type === "Kept" && isBox(device)) return blobs.markKept(message.chunks)
  }

  void run(() => tray.resume())

  return {
    take: async signal => void (await run(() => takeNow(signal))),
    fetch: async (chunks, place) => {
      await run(() => tray.want(chunks, place))
      const has = await Promise.all(chunks.map(id => blobs.has(id)))
      return !has.includes(false)
    },
    offerAll: async () => {
      if (isKeeper || boxes().length === 0) return
      const unkept = await blobs.unkept()
      const text = JSON.stringify(unkept)
      if (text === offered) return
      offered = text
      for (const { place, chunks } of unkept) {
        const shown = await shownAt(replica, place)
        const ready = chunks.filter(id => shown.has(id))
        if (ready.length > 0) await deps.say(place.circle, { type: "Offer", place, chunks: ready })
      }
    },
    settle: async () => {
      await run(async () => {})
      await giving.settle()
    },
    close: () => {
      isClosed = true
      giving.close()
      session.close()
    },
  }
}
