import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type DeviceId,
  type MemberId,
  type Store,
} from "../base/index.js"
import { liveDevicesOf } from "../access/index.js"
import { type Have, type HavePosition, encodeHave, parseHave } from "../wire/index.js"
import type { Archive, FeedPosition } from "./archive.js"
import { haveOf } from "./catch-up.js"
import type { GroupSession } from "./group-session.js"
import type { Signal } from "./signals.js"
import { readFloors, wantsOriginals } from "./snapshot.js"

/** How one other device stands to this one. */
export interface PeerStatus {
  readonly device: DeviceId
  readonly member: MemberId
  /** A box keeps what it has for ever. */
  readonly isKeeper: boolean
  /** When its last receipt was made, by its clock; `undefined`: it was never heard of. */
  readonly heardAtMs: number | undefined
  /** Bundles that are here and not there, as far as its last receipt tells. */
  readonly missingThere: number
  /** Bundles that are there and not here. */
  readonly missingHere: number
}

/** Durable positions of the family's devices: what the sync badge is made of. */
export interface Receipts {
  /** What this device says in a circle: its positions there and in the log. */
  make(circle: CircleId): Promise<Have>
  /** Takes in another's receipt. False: older than the one that is here. */
  take(signal: Signal): Promise<boolean>
  peers(): Promise<readonly PeerStatus[]>
  /** The last receipt of a device in a circle. */
  of(device: DeviceId, circle: CircleId): Promise<Have | undefined>
}

const topOf = (position: Pick<HavePosition, "contiguousSeq" | "islands">): number =>
  Math.max(position.contiguousSeq, ...position.islands.map(([, to]) => to))

const countOf = (position: Pick<HavePosition, "contiguousSeq" | "islands"> | undefined): number =>
  position === undefined
    ? 0
    : position.islands.reduce((sum, [from, to]) => sum + to - from + 1, position.contiguousSeq)

/** Bundles that the first has and the second lacks, by numbers only. */
const lacking = (
  first: Pick<HavePosition, "contiguousSeq" | "islands">,
  second: Pick<HavePosition, "contiguousSeq" | "islands"> | undefined,
): number => {
  if (second !== undefined && second.contiguousSeq >= topOf(first)) return 0
  return Math.max(countOf(first) - countOf(second), 0)
}

export const createReceipts = (deps: {
  readonly store: Store
  readonly archive: Archive
  readonly session: GroupSession
  readonly device: DeviceId
  readonly isKeeper: boolean
}): Receipts => {
  const { store, archive, session } = deps

  const isIn = (position: FeedPosition, circle: CircleId): boolean =>
    position.tags.some(tag => {
      const key = session.keyring.keyOf(tag)
      return key !== undefined && (key.circle === circle || key.circle === undefined)
    })

  const load = async (
    device: DeviceId,
    circle: CircleId,
  ): Promise<{ atMs: number; have: Have } | undefined> => {
    const stored = await store.get(["receipt", device, circle])
    if (stored === undefined) return undefined
    const have = parseHave(stored.subarray(8))
    return have && { atMs: new ByteReader(stored).u64(), have }
  }

  return {
    make: async circle => {
      const have = await haveOf(archive, {
        isKeeper: deps.isKeeper,
        tags: [],
        floors: await readFloors(store),
        originals: await wantsOriginals(store),
      })
      const inCircle = new Set(
        (await archive.positions()).filter(position => isIn(position, circle)).map(({ feed }) => feed),
      )
      return { ...have, positions: have.positions.filter(({ feed }) => inCircle.has(feed)) }
    },

    take: async signal => {
      const have = parseHave(signal.payload)
      if (have === undefined) return false
      const known = await load(signal.device, signal.circle)
      if (known !== undefined && known.atMs >= signal.atMs) return false
      const value = new ByteWriter().u64(signal.atMs).bytes(encodeHave(have)).done()
      await store.write([{ type: "Put", key: ["receipt", signal.device, signal.circle], value }])
      return true
    },

    of: async (device, circle) => (await load(device, circle))?.have,

    peers: async () => {
      const state = session.state()
      const mine = await archive.positions()
      const statuses: PeerStatus[] = []
      for (const device of state.devices.values()) {
        if (!device.live || device.id === deps.device) continue
        const theirs = new Map<string, HavePosition>()
        const needed = new Set<FeedPosition>()
        let heardAtMs: number | undefined
        for (const circle of state.circles.keys()) {
          const readers = liveDevicesOf(state, circle)
          if (!readers.includes(device.id) || !readers.includes(deps.device)) continue
          for (const position of mine) if (isIn(position, circle)) needed.add(position)
          const receipt = await load(device.id, circle)
          if (receipt === undefined) continue
          heardAtMs = Math.max(heardAtMs ?? 0, receipt.atMs)
          for (const position of receipt.have.positions) theirs.set(position.feed, position)
        }
        const mineByFeed = new Map(mine.map(position => [position.feed as string, position]))
        let missingThere = 0
        for (const position of needed) missingThere += lacking(position, theirs.get(position.feed))
        let missingHere = 0
        for (const position of theirs.values())
          missingHere += lacking(position, mineByFeed.get(position.feed))
        const isKeeper = state.members.get(device.member)?.kind === "box"
        statuses.push({
          device: device.id,
          member: device.member,
          isKeeper,
          heardAtMs,
          missingThere,
          missingHere,
        })
      }
      return statuses
    },
  }
}
