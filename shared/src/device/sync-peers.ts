import type { Device } from "../access/index.js"
import type { BlobRef } from "../documents/index.js"
import { type RoomSync, createRoomSync, unpostedAt } from "../replica/index.js"
import type { BlobPlace } from "../wire/index.js"
import { type BoxAddresses, createBoxAddresses } from "./box-addresses.js"
import { type BoxLink, boxesOf, openBoxLink } from "./box-link.js"
import type { LocalDevice, NetDeps } from "./local-device.js"

/** How this device stands to one relay or box: what `sync` prints. */
export interface PeerReport {
  readonly peer: string
  readonly kind: "relay" | "box"
  /** Everything of this device is durable there, and everything there was taken in. */
  readonly settled: boolean
  /** Bundles of this device that are not there; of a relay, only those written here. */
  readonly missingThere: number
  /** `undefined`: nobody can tell without reaching it. */
  readonly missingHere: number | undefined
  /** Chunks of files that are here and, as far as is known, on no box. */
  readonly chunksMissingThere?: number
}

/** A file and the document that shows it. */
export interface WantedFile {
  readonly ref: BlobRef
  readonly place: BlobPlace
}

export interface Peer {
  readonly name: string
  readonly kind: "relay" | "box"
  /** Whether it answers right now, as far as one can tell without asking. */
  isOnline(): boolean
  /** The same once an attempt that is under way has come to its end. */
  isReached(): Promise<boolean>
  /** False when it cannot be reached; may be called again. */
  settle(): Promise<boolean>
  report(isSettled: boolean): Promise<PeerReport>
  /** Asks for what is missing here of a file. True: all of it is here. */
  fetch(file: WantedFile): Promise<boolean>
  close(): void
}

const relayPeer = (
  deps: NetDeps,
  device: LocalDevice,
  url: string,
  /** A box is connected: it is offered files by its own link. */
  isBoxNear: () => Promise<boolean>,
): Peer => {
  const { replica, sealer, signals, receipts, blobs, store } = device
  const { identity } = device.content()
  const sync: RoomSync = createRoomSync(
    {
      ...deps,
      replica,
      sealer,
      store,
      signals,
      receipts,
      blobs,
      identity,
    },
    { url, origin: url, isKeeper: false },
  )
  return {
    name: url,
    kind: "relay",
    isOnline: () => sync.isOnline,
    isReached: () => Promise.resolve(sync.isOnline),
    settle: async () => {
      if (!(await sync.settle())) return false
      if (sync.blobs === undefined) return true
      if (!(await isBoxNear())) await sync.blobs.offerAll()
      await sync.blobs.settle()
      // What was offered and kept was said behind everything else.
      return sync.settle()
    },
    report: async settled => ({
      peer: url,
      kind: "relay",
      settled,
      missingThere: await unpostedAt(replica, store, url),
      missingHere: settled ? 0 : undefined,
    }),
    fetch: async ({ ref, place }) => (await sync.blobs?.fetch(ref.chunks, place)) ?? false,
    close: () => sync.close(),
  }
}

const boxPeer = (deps: NetDeps, device: LocalDevice, addresses: BoxAddresses, box: Device): Peer => {
  let link: BoxLink | undefined
  let connecting: Promise<BoxLink | undefined> | undefined
  const connect = async (): Promise<BoxLink | undefined> => {
    for (const address of await addresses.of(box)) {
      const opened = await openBoxLink(deps, device, address, box, () => {
        if (link === opened) link = undefined
      })
      if (opened === undefined) continue
      await addresses.remember(address)
      return opened
    }
    return undefined
  }
  /** One attempt at a time: a second link would take the place of the first. */
  const connected = async (): Promise<BoxLink | undefined> => {
    if (link !== undefined) return link
    connecting ??= connect()
      .then(opened => (link = opened))
      .finally(() => (connecting = undefined))
    return connecting
  }
  return {
    name: box.id,
    kind: "box",
    isOnline: () => link !== undefined,
    isReached: async () => (link ?? (await connecting)) !== undefined,
    settle: async () => {
      const current = await connected()
      if (current === undefined) return false
      const noteKept = await device.receipts.settling(box.id)
      if (!(await current.session.settle())) return false
      await current.sendReceipts()
      // Behind the bundles: the box looks for files in the documents that these have made.
      if ((await current.session.blobs?.offerAll()) === false) return false
      // The box says what it has once it has settled as well: its word comes before the answer to a second question.
      if (!(await current.session.settle())) return false
      await noteKept()
      return true
    },
    report: async settled => {
      const status = (await device.receipts.peers()).find(peer => peer.device === box.id)
      return {
        peer: box.id,
        kind: "box",
        settled,
        missingThere: settled ? 0 : (status?.missingThere ?? 0),
        missingHere: settled ? 0 : status?.missingHere,
        chunksMissingThere: (await device.blobs?.count())?.unkept ?? 0,
      }
    },
    fetch: async ({ ref, place }) => {
      const missing = (await device.blobs?.missing(ref)) ?? []
      if (missing.length === 0) return true
      return (await (await connected())?.session.blobs?.fetch(missing, place)) ?? false
    },
    close: () => {
      link?.session.close()
      link = undefined
    },
  }
}

/** Everyone this device may sync with: its relays, and the boxes where an address is known. */
export interface Peers {
  /** Those of now: who came meanwhile is opened, who went is closed. Boxes stand before relays. */
  current(): Promise<readonly Peer[]>
  close(): void
}

export const createPeers = (deps: NetDeps, device: LocalDevice): Peers => {
  const addresses = createBoxAddresses(device)
  let open = new Map<string, Peer>()
  const isBoxNear = async (): Promise<boolean> => {
    const boxes = [...open.values()].filter(({ kind }) => kind === "box")
    return (await Promise.all(boxes.map(box => box.isReached()))).includes(true)
  }
  return {
    current: async () => {
      const wanted = new Map<string, Peer>()
      for (const box of boxesOf(device)) {
        if ((await addresses.of(box)).length === 0) continue
        wanted.set(box.id, open.get(box.id) ?? boxPeer(deps, device, addresses, box))
      }
      for (const url of device.content().relays) {
        wanted.set(url, open.get(url) ?? relayPeer(deps, device, url, isBoxNear))
      }
      for (const [name, peer] of open) if (!wanted.has(name)) peer.close()
      open = wanted
      return [...open.values()]
    },
    close: () => {
      for (const peer of open.values()) peer.close()
    },
  }
}
