import { type CircleId, type RoomId, bytesToHex } from "../base/index.js"
import type { RoomKeys, Sealer } from "../wire/index.js"
import { circlesReadBy } from "./author.js"
import type { Replica } from "./replica.js"

/** A relay room of a circle: of its newest epoch, or of an older one in which something may still arrive. */
export interface CircleRoom {
  readonly id: RoomId
  readonly circle: CircleId
  readonly keys: RoomKeys
  /** New content goes here. */
  readonly isCurrent: boolean
}

/** Superseded epochs whose rooms are still listened to: within a relay's TTL nobody rekeys more often. */
const olderRooms = 4

/** The rooms that a device listens to at one relay, and where it posts. */
export const roomsOf = (replica: Replica, sealer: Sealer, origin: string): readonly CircleRoom[] => {
  const { session } = replica
  const state = session.state()
  const rooms = new Map<RoomId, CircleRoom>()
  const add = (circle: CircleId, key: Uint8Array, isCurrent: boolean): void => {
    const keys = sealer.roomOf(key, origin)
    const id = bytesToHex(keys.id) as RoomId
    if (!rooms.has(id)) rooms.set(id, { id, circle, keys, isCurrent })
  }
  for (const circle of circlesReadBy(state, replica.device)) {
    const current = session.keyring.sealingKey(state, circle)
    if (current !== undefined) add(circle, current.key, true)
    const heads = state.circles.get(circle)?.heads ?? []
    for (const head of heads) {
      const key = session.keyring.epochKey(head)
      if (key !== undefined) add(circle, key, false)
    }
    const older = [...(state.circles.get(circle)?.epochs.keys() ?? [])].filter(epoch => !heads.includes(epoch))
    for (const epoch of older.slice(-olderRooms)) {
      const key = session.keyring.epochKey(epoch)
      if (key !== undefined) add(circle, key, false)
    }
  }
  return [...rooms.values()]
}
