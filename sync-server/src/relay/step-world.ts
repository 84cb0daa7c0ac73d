import { type RoomId, bytesToHex } from "@home/shared/base"
import {
  type ClientFrame,
  type RefusalReason,
  type RelayFrame,
  encodeClientFrame,
  parseRelayFrame,
} from "@home/shared/wire"
import type { RelayLimits } from "./limits.js"
import { type MailboxMemory, createMailboxMemory, createMemoryMailbox } from "./mailbox-memory.js"
import type { Mailbox, MailboxPost } from "./mailbox.js"
import { type RelayEffect, type RelayEvent, createRelayState } from "./state.js"
import { step } from "./step.js"

type Of<T extends RelayEffect["type"]> = Extract<RelayEffect, { type: T }>

/** What one subscription was promised and given. */
interface Watched {
  from: number
  window: number
  readonly given: number[]
}

interface Peer {
  readonly id: number
  readonly proven: Set<RoomId>
  readonly watched: Map<RoomId, Watched>
  buffered: number
}

export const validSignature = new Uint8Array(64).fill(1)
export const wrongSignature = new Uint8Array(64)
export const roomOf = (n: number): RoomId => bytesToHex(new Uint8Array(32).fill(n + 1)) as RoomId

/**
 * The step between a hand-worked network and a mailbox whose answers come when the test lets them; it checks every
 * effect against the rules of SPEC.md and throws the number of the one that is broken.
 */
export const createStepWorld = (limits: RelayLimits, seed: number) => {
  const memory: MailboxMemory = createMailboxMemory({ bytes: length => new Uint8Array(length).fill(seed) })
  let mailbox: Mailbox = createMemoryMailbox(memory, limits)
  let state = createRelayState(limits, memory.store, undefined)
  let peers = new Map<number, Peer>()
  let verifying: Of<"Verify">[] = []
  let opening: Of<"OpenRoom">[] = []
  let storing: MailboxPost[] = []
  let reading: Of<"ReadPage">[] = []
  /** Whose frame is looked at. */
  let sender: Peer | undefined
  let nextPeer = 1
  let nowMs = 0
  /** By `room offset`: what was ever shown or stored there, and who posted it. */
  const shown = new Map<string, string>()
  const storedBy = new Map<string, number>()
  const posterOf = new Map<string, number>()
  const lastOffset = new Map<RoomId, number>()
  const requests = new Map<string, string>()
  const counts = { acks: 0, blobs: 0, casts: 0, refusals: 0, closes: 0, fellBehind: 0, crashes: 0 }

  const refusals: { readonly reason: RefusalReason; readonly retryMs: number }[] = []

  const must = (condition: boolean, rule: string): void => {
    if (!condition) throw new Error(`broken: ${rule}`)
  }

  const show = (room: RoomId, offset: number, blob: Uint8Array): void => {
    const key = `${room} ${offset}`
    const hex = bytesToHex(blob)
    must((shown.get(key) ?? hex) === hex, "R22 one offset, one blob")
    shown.set(key, hex)
  }

  const receivedBy = (peer: Peer, frame: RelayFrame): void => {
    switch (frame.type) {
      case "Joined":
        must(peer.proven.has(frame.room), "R2 joined without proof")
        peer.watched.set(frame.room, { from: frame.from, window: Number.POSITIVE_INFINITY, given: [] })
        break
      case "Blob": {
        counts.blobs += 1
        const watched = peer.watched.get(frame.room)
        if (watched === undefined) throw new Error("broken: R3 a blob for who is not in the room")
        must(frame.offset > (watched.given.at(-1) ?? watched.from), "R10 rising offsets")
        watched.given.push(frame.offset)
        show(frame.room, frame.offset, frame.blob)
        break
      }
      case "CastBlob":
        counts.casts += 1
        must(peer.watched.has(frame.room), "R3 a cast for who is not in the room")
        break
      case "Ack": {
        counts.acks += 1
        const room = requests.get(`${peer.id} ${frame.request}`)
        must(storedBy.has(`${room} ${frame.offset}`), "R9 acknowledged before it was durable")
        break
      }
      case "Refused":
        counts.refusals += 1
        refusals.push({ reason: frame.reason, retryMs: frame.retryMs })
        break
      default:
    }
  }

  const dispatch = (event: RelayEvent): void => {
    for (const effect of step(state, event)) {
      switch (effect.type) {
        case "Send": {
          const peer = peers.get(effect.connection)
          if (peer === undefined) break
          peer.buffered += effect.bytes.length + 10
          must(
            peer.buffered <= limits.sendBufferBytes + limits.blobBytes + limits.answerBytes,
            "R12 more waits in a socket than may",
          )
          const before = peer.buffered - effect.bytes.length - 10
          const parsed = parseRelayFrame(effect.bytes)
          if (!parsed.ok) throw new Error("the relay sent what cannot be parsed")
          must(
            parsed.value.type !== "Blob" || before < limits.sendBufferBytes,
            "R12 a blob for a full socket",
          )
          receivedBy(peer, parsed.value)
          break
        }
        case "Close":
          counts.closes += 1
          peers.delete(effect.connection)
          break
        case "Verify":
          verifying.push(effect)
          break
        case "OpenRoom":
          opening.push(effect)
          break
        case "ReadPage":
          reading.push(effect)
          break
        case "Store": {
          const { room, offset } = effect.post
          must(sender?.watched.has(room) === true, "R3 a post of who is not in the room")
          must(offset > (lastOffset.get(room) ?? 0), "R10 offsets rise")
          lastOffset.set(room, offset)
          storing.push(effect.post)
          break
        }
      }
    }
    for (const room of state.rooms.values()) {
      must(room.bytes + room.pendingBytes <= limits.roomBytes, "R8 bytes of a room")
      must(room.blobs + room.pending.length <= limits.roomBlobs, "R8 blobs of a room")
      if ([...room.members].some(id => state.connections.get(id)?.behind.has(room.id) === true)) {
        counts.fellBehind += 1
      }
    }
  }

  const world = {
    counts,
    peerIds: (): readonly number[] => [...peers.keys()],
    /** What was refused since this was asked last. */
    refused: () => refusals.splice(0),
    connect(address = "a"): number {
      const id = nextPeer++
      peers.set(id, { id, proven: new Set(), watched: new Map(), buffered: 0 })
      dispatch({ type: "Connected", connection: id, address, nonce: new Uint8Array(32), nowMs })
      return id
    },
    send(id: number, frame: ClientFrame): void {
      const peer = peers.get(id)
      if (peer === undefined) return
      if (frame.type === "Leave") {
        peer.watched.delete(frame.room)
        peer.proven.delete(frame.room)
      }
      if (frame.type === "Read") {
        const watched = peer.watched.get(frame.room)
        if (watched !== undefined) {
          watched.given.length = 0
          const next = state.rooms.get(frame.room)?.next ?? 1
          watched.from = frame.after < next ? frame.after : 0
        }
      }
      if (frame.type === "Post") {
        requests.set(`${id} ${frame.request}`, frame.room)
        const next = state.rooms.get(frame.room)?.next
        if (next !== undefined) posterOf.set(`${frame.room} ${next}`, id)
      }
      sender = peer
      dispatch({ type: "Received", connection: id, bytes: encodeClientFrame(frame), nowMs })
      sender = undefined
    },
    sendBytes: (id: number, bytes: Uint8Array): void =>
      dispatch({ type: "Received", connection: id, bytes, nowMs }),
    disconnect(id: number): void {
      peers.delete(id)
      dispatch({ type: "Disconnected", connection: id, nowMs })
    },
    drain(id: number): void {
      const peer = peers.get(id)
      if (peer === undefined) return
      peer.buffered = 0
      dispatch({ type: "Sent", connection: id, buffered: 0 })
    },
    tick(byMs: number): void {
      nowMs += byMs
      dispatch({ type: "Tick", nowMs })
    },
    verifyOne(): void {
      const effect = verifying.shift()
      if (effect === undefined) return
      const valid = effect.join.signature[0] === 1
      if (valid) peers.get(effect.connection)?.proven.add(effect.join.room)
      dispatch({ type: "Verified", connection: effect.connection, join: effect.join, valid, nowMs })
    },
    async openOne(): Promise<void> {
      const effect = opening.shift()
      if (effect === undefined) return
      const place = await mailbox.open(effect.room)
      lastOffset.set(effect.room, place.next - 1)
      dispatch({ type: "RoomOpened", room: effect.room, place, nowMs })
    },
    async readOne(isWell: boolean): Promise<void> {
      const effect = reading.shift()
      if (effect === undefined) return
      const { connection, room, read, after } = effect
      const found = await mailbox.read(room, after, { bytes: limits.pageBytes, blobs: limits.pageBlobs })
      const peer = peers.get(connection)
      // A failing store lets the room go; the client joins again.
      const held = state.connections.get(connection)
      const isCurrent =
        held?.reading?.id === read && held.reading.subscription === held.subscriptions.get(room)
      if (!isWell && isCurrent) peer?.watched.delete(room)
      dispatch({ type: "PageRead", connection, room, read, page: isWell ? found : undefined })
    },
    async commit(isWell: boolean): Promise<void> {
      const posts = storing
      storing = []
      if (!isWell) {
        const outcomes = posts.map(() => "Failed" as const)
        return dispatch({ type: "Stored", posts, outcomes, rooms: new Map() })
      }
      const { outcomes, rooms } = await mailbox.append(posts, nowMs)
      posts.forEach((post, i) => {
        const key = `${post.room} ${post.offset}`
        if (outcomes[i] !== "Stored") return
        show(post.room, post.offset, post.blob)
        storedBy.set(key, posterOf.get(key) ?? 0)
      })
      dispatch({ type: "Stored", posts, outcomes, rooms })
    },
    /** The process dies: what was not committed is gone, the medium stays. */
    crash(): void {
      counts.crashes += 1
      peers = new Map()
      verifying = []
      opening = []
      storing = []
      reading = []
      mailbox = createMemoryMailbox(memory, limits)
      state = createRelayState(limits, memory.store, undefined)
    },
    store: memory.store,
    /** Lets everything outstanding happen, then checks that who is in a room has all of it. */
    async settle(): Promise<void> {
      for (let i = 0; i < 400; i++) {
        const isBusy = verifying.length + opening.length + storing.length + reading.length > 0
        while (verifying.length > 0) world.verifyOne()
        while (opening.length > 0) await world.openOne()
        if (storing.length > 0) await world.commit(true)
        while (reading.length > 0) await world.readOne(true)
        for (const id of peers.keys()) world.drain(id)
        if (!isBusy && reading.length === 0 && storing.length === 0) break
      }
      for (const peer of peers.values()) {
        for (const [room, watched] of peer.watched) {
          const given = new Set(watched.given)
          for (const [key, poster] of storedBy) {
            const [storedRoom, offset] = key.split(" ")
            if (storedRoom !== room || Number(offset) <= watched.from || poster === peer.id) continue
            must(given.has(Number(offset)), "R11 who is in a room gets all of it")
          }
        }
      }
    },
  }
  return world
}
