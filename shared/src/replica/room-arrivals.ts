import type { BundleHash, RoomId } from "../base/index.js"
import { type PeerMessage, type Sealer, parsePeerMessage } from "../wire/index.js"
import { logBundlesOf } from "./log-rooms.js"
import type { Replica } from "./replica-port.js"
import type { Room } from "./rooms.js"

/** A blob from the relay; without an offset it was cast, and nobody keeps it. */
export interface Arrival {
  readonly room: RoomId
  readonly offset: number | undefined
  readonly blob: Uint8Array
}

/** What comes while something is taken in is taken in together with what else came: one commit for all of it. */
export interface RoomArrivals {
  add(arrival: Arrival): void
}

export const createRoomArrivals = <R extends Room>(deps: {
  readonly sealer: Sealer
  readonly queue: (job: () => Promise<void>) => void
  readonly roomOf: (id: RoomId) => R | undefined
  readonly replica: Replica
  /** Names the relay, so that what came from it is not sent back. */
  readonly source: string
  /** Something that came in the room is new here, of the log or of a circle. */
  readonly onNews: (room: R, isLog: boolean) => void
  /** A bundle lies in the room. Of the log all are told, of a circle those that are new here. */
  readonly onSeen: (room: R, hash: BundleHash, offset: number) => void
  readonly onMessage: (room: R, offset: number | undefined, message: PeerMessage) => Promise<void>
  readonly onOperations: () => Promise<void>
  /** A blob is done with, whatever it held. */
  readonly onTaken: (room: R, offset: number) => void
}): RoomArrivals => {
  const arrived: Arrival[] = []

  /** Doors and the recovery room are for the log: who once knew them, and no longer belongs, fills no disk there. */
  const wantedIn = (room: R, arrival: Arrival, bundles: readonly Uint8Array[]): readonly Uint8Array[] => {
    if (room.circle !== undefined) return bundles
    const log = logBundlesOf(deps.replica, deps.sealer, bundles)
    if (arrival.offset !== undefined) for (const { hash } of log) deps.onSeen(room, hash, arrival.offset)
    return log.map(({ bytes }) => bytes)
  }

  const takeBundles = async (arrivalByBundle: Map<Uint8Array, Arrival>): Promise<void> => {
    if (arrivalByBundle.size === 0) return
    const received = await deps.replica.receive([...arrivalByBundle.keys()], deps.source)
    for (const { hash, bundle } of received.added) {
      const arrival = arrivalByBundle.get(bundle.bytes)
      const room = arrival && deps.roomOf(arrival.room)
      if (arrival === undefined || room === undefined) continue
      deps.onNews(room, bundle.epochTag === deps.replica.session.keyring.log.tag)
      if (arrival.offset !== undefined) deps.onSeen(room, hash, arrival.offset)
    }
    arrivalByBundle.clear()
    if (received.operations.length > 0) await deps.onOperations()
  }

  const take = async (): Promise<void> => {
    const now = arrived.splice(0)
    const arrivalByBundle = new Map<Uint8Array, Arrival>()
    for (const arrival of now) {
      const room = deps.roomOf(arrival.room)
      const plain = room && deps.sealer.openOuter(room.keys, arrival.blob)
      const message = plain && parsePeerMessage(plain)
      if (room === undefined || message === undefined) continue
      if (message.type === "Bundles") {
        for (const bytes of wantedIn(room, arrival, message.bundles)) arrivalByBundle.set(bytes, arrival)
        continue
      }
      // A message builds upon the bundles before it.
      await takeBundles(arrivalByBundle)
      await deps.onMessage(room, arrival.offset, message)
    }
    await takeBundles(arrivalByBundle)
    for (const { room: id, offset } of now) {
      const room = deps.roomOf(id)
      if (room !== undefined && offset !== undefined) deps.onTaken(room, offset)
    }
  }

  return {
    add: arrival => {
      arrived.push(arrival)
      if (arrived.length === 1) deps.queue(take)
    },
  }
}
