import { type Random, type RoomId, bytesToHex } from "@home/shared/base"
import type { RelayLimits } from "./limits.js"
import {
  type AppendOutcome,
  type Mailbox,
  type MailboxPost,
  type RoomTotals,
  leaseOffsets,
} from "./mailbox.js"

export type MailboxLimits = Pick<RelayLimits, "roomBytes" | "roomBlobs" | "rooms" | "storeBytes" | "ttlMs">

interface MemoryRoom {
  first: number
  leasedTo: number
  postedMs: number
  bytes: number
  readonly blobs: Map<number, { readonly blob: Uint8Array; readonly atMs: number }>
}

/** What a memory mailbox keeps; given to the next one, it plays the disk that survives a restart. */
export interface MailboxMemory {
  readonly store: string
  readonly rooms: Map<RoomId, MemoryRoom>
  floor: number
}

export const createMailboxMemory = (random: Random): MailboxMemory => ({
  store: bytesToHex(random.bytes(16)),
  rooms: new Map(),
  floor: 0,
})

/** For tests and for relays that may forget everything. */
export const createMemoryMailbox = (memory: MailboxMemory, limits: MailboxLimits): Mailbox => {
  const totals = (room: MemoryRoom): RoomTotals => ({
    first: room.first,
    leasedTo: room.leasedTo,
    bytes: room.bytes,
    blobs: room.blobs.size,
  })

  const expire = (nowMs: number): Map<RoomId, RoomTotals> => {
    const changed = new Map<RoomId, RoomTotals>()
    const deadlineMs = nowMs - limits.ttlMs
    for (const [id, room] of memory.rooms) {
      const before = room.blobs.size
      for (const [offset, { blob, atMs }] of room.blobs) {
        if (atMs > deadlineMs) continue
        room.blobs.delete(offset)
        room.bytes -= blob.length
        room.first = Math.max(room.first, offset + 1)
      }
      if (room.blobs.size !== before) changed.set(id, totals(room))
      if (room.blobs.size > 0 || room.postedMs > deadlineMs) continue
      memory.rooms.delete(id)
      memory.floor = Math.max(memory.floor, room.leasedTo)
    }
    return changed
  }

  const appendOne = (post: MailboxPost, nowMs: number): AppendOutcome => {
    const { blob, offset } = post
    const known = memory.rooms.get(post.room)
    const used = [...memory.rooms.values()].reduce((sum, room) => sum + room.bytes, 0)
    if (used + blob.length > limits.storeBytes) return "StoreFull"
    if (known === undefined && memory.rooms.size >= limits.rooms) return "StoreFull"
    if ((known?.bytes ?? 0) + blob.length > limits.roomBytes) return "RoomFull"
    if ((known?.blobs.size ?? 0) + 1 > limits.roomBlobs) return "RoomFull"
    const room = known ?? {
      first: Math.min(offset, memory.floor + 1),
      leasedTo: 0,
      postedMs: nowMs,
      bytes: 0,
      blobs: new Map(),
    }
    memory.rooms.set(post.room, room)
    room.blobs.set(offset, { blob: blob.slice(), atMs: nowMs })
    room.bytes += blob.length
    room.postedMs = nowMs
    room.leasedTo = Math.max(room.leasedTo, offset + leaseOffsets)
    return "Stored"
  }

  return {
    store: memory.store,
    async open(id) {
      const room = memory.rooms.get(id)
      if (room === undefined) return { first: memory.floor + 1, next: memory.floor + 1, bytes: 0, blobs: 0 }
      return { first: room.first, next: room.leasedTo + 1, bytes: room.bytes, blobs: room.blobs.size }
    },
    async append(posts, nowMs) {
      const changed = expire(nowMs)
      const outcomes = posts.map(post => appendOne(post, nowMs))
      for (const { room: id } of posts) {
        const room = memory.rooms.get(id)
        if (room !== undefined) changed.set(id, totals(room))
      }
      return { outcomes, rooms: changed }
    },
    async read(id, after, limit) {
      const found = [...(memory.rooms.get(id)?.blobs ?? [])]
        .filter(([offset]) => offset > after)
        .sort(([a], [b]) => a - b)
      const blobs: { offset: number; blob: Uint8Array }[] = []
      let bytes = 0
      for (const [offset, { blob }] of found) {
        if (blobs.length > 0 && (blobs.length >= limit.blobs || bytes + blob.length > limit.bytes)) break
        blobs.push({ offset, blob })
        bytes += blob.length
      }
      return { blobs, more: blobs.length < found.length }
    },
    async expire(nowMs) {
      return expire(nowMs)
    },
    async close() {
      // Nothing is held.
    },
  }
}
