import {
  type CircleId,
  type Clock,
  type DeviceId,
  type FeedId,
  type MemberId,
  type Store,
} from "../base/index.js"
import { liveDevicesOf } from "../access/index.js"
import { type Have, type HavePosition, encodeHave, limits } from "../wire/index.js"
import type { FeedPosition } from "./archive.js"
import { headOf, positionsOf } from "./catch-up.js"
import { pagesOf } from "./have-pages.js"
import { readFloors } from "./manifests.js"
import { createReceiptStore } from "./receipt-store.js"
import type { Replica } from "./replica-port.js"
import type { Signal } from "./signals.js"
import { type Floor, wantsOriginals } from "./snapshot.js"

/** How one other device stands to this one. */
export interface PeerStatus {
  readonly device: DeviceId
  readonly member: MemberId
  /** A box keeps what it has for ever. */
  readonly isKeeper: boolean
  /** When its last receipt was made, by its clock but never in our future; `undefined`: it was never heard of. */
  readonly heardAtMs: number | undefined
  /** Bundles of others that are here and not there, as far as its last receipt tells. */
  readonly missingThere: number
  /** Bundles that are there and not here. */
  readonly missingHere: number
}

/** Durable positions of the family's devices: what the sync badge is made of. */
export interface Receipts {
  /** What this device says in a circle: its positions there and in the log; a signal for each page. */
  make(circle: CircleId): Promise<readonly Have[]>
  /** Takes in a page of another's receipt. False: older than what is here, or none. */
  take(signal: Signal): Promise<boolean>
  peers(): Promise<readonly PeerStatus[]>
  /**
   * For a box that keeps circles which it cannot read, and so cannot give receipts for: called before a link to it is
   * settled; what it returns is called when the link has settled, and notes that all that was here is there.
   */
  settling(box: DeviceId): Promise<() => Promise<void>>
  /** What a device last said in a circle, all pages together. */
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
  readonly replica: Pick<Replica, "archive" | "session" | "device" | "feedsOf">
  readonly clock: Clock
  readonly isKeeper: boolean
}): Receipts => {
  const { store, replica } = deps
  const { archive, session } = replica

  const isIn = (position: FeedPosition, circle: CircleId): boolean =>
    position.tags.some(tag => {
      const key = session.keyring.keyOf(tag)
      return key !== undefined && (key.circle === circle || key.circle === undefined)
    })

  const kept = createReceiptStore(store, deps.clock)

  /** What a device wrote is there: it says nothing of it until something of others comes. */
  const writtenBy = async (device: DeviceId): Promise<ReadonlySet<FeedId>> => {
    const places = [undefined, ...session.state().circles.keys()]
    const feeds = await Promise.all(places.map(circle => replica.feedsOf(device, circle)))
    return new Set(feeds.flat())
  }

  const make: Receipts["make"] = async circle => {
    const options = {
      isKeeper: deps.isKeeper,
      tags: [],
      floors: deps.isKeeper
        ? new Map<FeedId, Floor>()
        : await readFloors({ store, session, clock: deps.clock, device: replica.device }),
      originals: await wantsOriginals(store),
    }
    const inCircle = new Set(
      (await archive.positions()).filter(position => isIn(position, circle)).map(({ feed }) => feed),
    )
    const positions = (await positionsOf(archive, options)).filter(({ feed }) => inCircle.has(feed))
    return pagesOf(headOf(archive, options), positions, limits.receiptPageBytes)
  }

  return {
    make,

    settling: async box => {
      const state = session.state()
      const blind = [...state.circles.keys()].filter(circle => {
        const readers = liveDevicesOf(state, circle)
        return readers.includes(replica.device) && !readers.includes(box)
      })
      const before: { readonly circle: CircleId; readonly pages: readonly Have[] }[] = []
      for (const circle of blind) before.push({ circle, pages: await make(circle) })
      return async () => {
        const spoken = await kept.of(box, state.everyone)
        for (const { circle, pages } of before) {
          for (const page of pages) {
            const payload = encodeHave({ ...page, archive: spoken?.have.archive ?? page.archive })
            await kept.take({ device: box, circle, kind: "receipt", atMs: deps.clock.now(), payload })
          }
        }
      }
    },

    take: signal => kept.take(signal),

    of: async (device, circle) => (await kept.of(device, circle))?.have,

    peers: async () => {
      const state = session.state()
      const mine = await archive.positions()
      const statuses: PeerStatus[] = []
      for (const device of state.devices.values()) {
        if (!device.live || device.id === replica.device) continue
        const theirs = new Map<string, HavePosition>()
        const needed = new Set<FeedPosition>()
        let heardAtMs: number | undefined
        const isKeeper = state.members.get(device.member)?.kind === "box"
        const spoken = isKeeper ? await kept.of(device.id, state.everyone) : undefined
        for (const circle of state.circles.keys()) {
          const readers = liveDevicesOf(state, circle)
          const isBlind = !readers.includes(device.id)
          if (!readers.includes(replica.device) || (isBlind && !isKeeper)) continue
          for (const position of mine) if (isIn(position, circle)) needed.add(position)
          const receipt = await kept.of(device.id, circle)
          if (receipt === undefined) continue
          // What was noted of an archive that the box has lost since says nothing of the one that it has now.
          if (isBlind && spoken !== undefined && spoken.have.archive !== receipt.have.archive) continue
          heardAtMs = Math.max(heardAtMs ?? 0, Math.min(receipt.atMs, deps.clock.now()))
          for (const position of receipt.have.positions) {
            // The log's feeds stand in the receipts of every circle, of which some are older.
            if (countOf(position) >= countOf(theirs.get(position.feed))) theirs.set(position.feed, position)
          }
        }
        const mineByFeed = new Map(mine.map(position => [position.feed as string, position]))
        const written = await writtenBy(device.id)
        let missingThere = 0
        for (const position of needed)
          if (!written.has(position.feed)) missingThere += lacking(position, theirs.get(position.feed))
        let missingHere = 0
        for (const position of theirs.values())
          missingHere += lacking(position, mineByFeed.get(position.feed))
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
