import type { ChunkId } from "../base/index.js"
import type { BlobMessage, BlobPlace } from "../wire/index.js"
import type { Blobs } from "./blobs.js"
import type { Replica } from "./replica-port.js"
import { shownAt } from "./shown-at.js"

/** Chunks asked for and not here yet: what may lie in buffers, 4 MiB. */
const inFlightChunks = 4
/** Chunks that nobody asked for, or offers of what no document shows, before a peer is left. */
const maxUnasked = 8
/** Waiting to be asked for, of one peer: 1 GiB. */
const maxWanted = 1_024

export interface BlobExchangeOptions {
  /** This is the box. */
  readonly isKeeper: boolean
  /** The peer is a box of the family: its word that it keeps something counts. */
  readonly isPeerKeeper: boolean
}

/** Chunks of blobs with one peer over one link. Nothing is sent that was not asked for. */
export interface BlobExchange {
  handle(message: BlobMessage): Promise<void>
  /** Offers a box what none keeps. True once it keeps all that it wants of it; false when the link closes first. */
  offerAll(): Promise<boolean>
  /** Asks for chunks. True when all of them are here; false: the peer has not all, there is no room, or it is gone. */
  fetch(chunks: readonly ChunkId[], place: BlobPlace): Promise<boolean>
  close(): void
}

interface Wanted {
  readonly place: BlobPlace
  readonly waiting: ((isHere: boolean) => void)[]
}

export const createBlobExchange = (
  deps: { readonly blobs: Blobs; readonly replica: Replica },
  link: { send(message: BlobMessage): void; close(): void },
  options: BlobExchangeOptions,
): BlobExchange => {
  const { blobs, replica } = deps
  const wanted = new Map<ChunkId, Wanted>()
  const inFlight = new Set<ChunkId>()
  /** Offered, and neither kept nor left by the peer yet. */
  const offered = new Set<ChunkId>()
  let offerings: ((isDone: boolean) => void)[] = []
  let unasked = 0
  const countUnasked = (): void => {
    unasked += 1
    if (unasked >= maxUnasked) link.close()
  }
  let isClosed = false

  const ask = (): void => {
    const next: ChunkId[] = []
    for (const id of wanted.keys()) {
      if (inFlight.size >= inFlightChunks) break
      if (inFlight.has(id)) continue
      inFlight.add(id)
      next.push(id)
    }
    if (next.length > 0) link.send({ type: "Want", chunks: next })
  }

  const settle = (id: ChunkId, isHere: boolean): void => {
    inFlight.delete(id)
    const { waiting = [] } = wanted.get(id) ?? {}
    wanted.delete(id)
    for (const resolve of waiting) resolve(isHere)
  }

  const want = (id: ChunkId, place: BlobPlace): Promise<boolean> =>
    new Promise(resolve => {
      const known = wanted.get(id)
      if (known !== undefined) known.waiting.push(resolve)
      else if (isClosed || wanted.size >= maxWanted) resolve(false)
      else wanted.set(id, { place, waiting: [resolve] })
    })

  const tellKept = (chunks: readonly ChunkId[]): void => {
    if (chunks.length > 0) link.send({ type: "Kept", chunks })
  }

  /** A keeper takes what a document shows, and nothing else: a member's program could fill its disk. */
  const takeOffer = async (place: BlobPlace, chunks: readonly ChunkId[]): Promise<void> => {
    if (!options.isKeeper) return
    const kept: ChunkId[] = []
    const unknown: ChunkId[] = []
    for (const id of chunks) {
      if (await blobs.has(id)) kept.push(id)
      else unknown.push(id)
    }
    tellKept(kept)
    if (unknown.length === 0) return
    const shown = await shownAt(replica, place)
    const left = unknown.filter(id => !shown.has(id))
    // Each look costs as much as the document is long.
    if (left.length === unknown.length) countUnasked()
    if (left.length > 0) link.send({ type: "Lack", chunks: left })
    for (const id of unknown) {
      if (!shown.has(id)) continue
      void want(id, place).then(isHere => {
        if (isClosed) return
        if (isHere) tellKept([id])
        else link.send({ type: "Lack", chunks: [id] })
      })
    }
    ask()
  }

  const give = async (chunks: readonly ChunkId[]): Promise<void> => {
    // Nobody of ours asks for so much at once: all of it would lie in this side's memory.
    if (chunks.length > inFlightChunks) return link.close()
    for (const id of chunks) {
      const bytes = await blobs.chunk(id)
      link.send(bytes === undefined ? { type: "Lack", chunks: [id] } : { type: "Chunk", bytes })
    }
  }

  const take = async (bytes: Uint8Array): Promise<void> => {
    const id = blobs.idOf(bytes)
    const asked = inFlight.has(id) ? wanted.get(id) : undefined
    if (asked === undefined) return countUnasked()
    // A disk that is full or broken is this side's trouble: the peer goes on.
    const isHere = await blobs.put(id, bytes, asked.place).catch(() => false)
    if (isHere && options.isPeerKeeper) await blobs.markKept([id])
    settle(id, isHere)
    ask()
  }

  const leaveOffered = (chunks: readonly ChunkId[]): void => {
    for (const id of chunks) offered.delete(id)
    if (offered.size === 0) for (const resolve of offerings.splice(0)) resolve(true)
  }

  return {
    handle: async message => {
      switch (message.type) {
        case "Offer":
          return takeOffer(message.place, message.chunks)
        case "Want":
          return give(message.chunks)
        case "Chunk":
          return take(message.bytes)
        case "Kept":
          if (options.isPeerKeeper) await blobs.markKept(message.chunks)
          return leaveOffered(message.chunks)
        case "Lack":
          for (const id of message.chunks) if (inFlight.has(id)) settle(id, false)
          leaveOffered(message.chunks)
          return ask()
        case "Ask":
          // For relays: over a link one says Want.
          return
      }
    },
    offerAll: async () => {
      if (!options.isPeerKeeper) return true
      for (const { place, chunks } of await blobs.unkept()) {
        const shown = await shownAt(replica, place)
        const ready = chunks.filter(id => shown.has(id))
        if (ready.length === 0 || isClosed) continue
        for (const id of ready) offered.add(id)
        link.send({ type: "Offer", place, chunks: ready })
      }
      if (isClosed) return false
      return offered.size === 0 || new Promise(resolve => offerings.push(resolve))
    },
    fetch: async (chunks, place) => {
      const all: Promise<boolean>[] = []
      for (const id of chunks) if (!(await blobs.has(id))) all.push(want(id, place))
      ask()
      return (await Promise.all(all)).every(isHere => isHere)
    },
    close: () => {
      isClosed = true
      for (const id of [...wanted.keys()]) settle(id, false)
      for (const resolve of offerings.splice(0)) resolve(false)
      offerings = []
    },
  }
}
