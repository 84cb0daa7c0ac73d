import {
  type NetDeps,
  type Peer,
  type PeerReport,
  type Peers,
  type WantedFile,
  boxesOf,
  createPeers,
  within,
} from "@home/shared/device"
import type { PeerStatus } from "@home/shared/replica"
import type { PeerView, SyncReach, SyncStatus } from "../port.js"
import type { Cells } from "./cells.js"
import { tendCard } from "./contacts.js"
import type { Family } from "./family.js"

/** Everyone whom this device can reach, kept in touch with for as long as the family is open. */
export interface Company {
  /** Tries everyone now. True: at least one is up to date with this device. */
  settleNow(): Promise<boolean>
  close(): void
}

/** Who could not be reached is tried again after this, milliseconds; twice as long each time. */
const retryMs = 5_000
const longestRetryMs = 60_000
/** New edits are gathered for so long before somebody is asked whether he has them, milliseconds. */
const gatherMs = 1_000
const settleMs = 20_000

export const reachOf = (statuses: readonly Pick<PeerStatus, "isKeeper" | "missingThere">[]): SyncReach => {
  const hasAll = (some: typeof statuses): boolean => some.every(({ missingThere }) => missingThere === 0)
  const keepers = statuses.filter(({ isKeeper }) => isKeeper)
  if (statuses.length > 0 && hasAll(statuses)) return "Everywhere"
  return keepers.length > 0 && keepers.some(({ missingThere }) => missingThere === 0) ? "OnBox" : "Here"
}

const relayView = (peer: Peer, report: PeerReport): PeerView => ({
  kind: "relay",
  id: report.peer,
  member: undefined,
  missingThere: report.missingThere,
  missingHere: report.missingHere,
  heardAtMs: undefined,
  isOnline: peer.isOnline(),
})

const deviceView = (status: PeerStatus, peer: Peer | undefined): PeerView => ({
  kind: status.isKeeper ? "box" : "device",
  id: status.device,
  member: status.member,
  missingThere: status.missingThere,
  missingHere: status.missingHere,
  heardAtMs: status.heardAtMs,
  isOnline: status.isKeeper ? (peer?.isOnline() ?? false) : undefined,
})

const statusOf = async (family: Family, peers: readonly Peer[]): Promise<SyncStatus> => {
  const statuses = await family.device.receipts.peers()
  const byName = new Map(peers.map(peer => [peer.name, peer] as const))
  const relays: PeerView[] = []
  for (const peer of peers) {
    const report = await peer.report(false)
    if (report.kind === "relay") relays.push(relayView(peer, report))
  }
  return {
    reach: reachOf(statuses),
    isAlone: statuses.length === 0,
    peers: [...relays, ...statuses.map(status => deviceView(status, byName.get(status.device)))],
  }
}

export const keepCompany = (deps: NetDeps, cells: Cells, family: Family): Company => {
  const { clock, log } = deps
  const { replica } = family
  const peers: Peers = createPeers(deps, family.device)
  const busy = new Set<Peer>()
  let isClosed = false
  let waitMs = retryMs
  let cancelRound = (): void => {}
  let isShowing = false
  const fail = (error: unknown): void =>
    log.event("peers", { reason: error instanceof Error ? error.name : "unknown" })

  const show = async (): Promise<void> => {
    if (isShowing || isClosed) return
    isShowing = true
    try {
      const status = await statusOf(family, await peers.current())
      if (!isClosed) cells.sync.set(status)
    } finally {
      isShowing = false
    }
  }

  /** A peer that is slow to answer keeps nobody else waiting. */
  const settle = async (peer: Peer): Promise<boolean> => {
    if (busy.has(peer)) return false
    busy.add(peer)
    const settled = peer.settle().finally(() => busy.delete(peer))
    return (await within(deps, settleMs, settled, () => {})) === true
  }

  const round = async (): Promise<boolean> => {
    if (isClosed) return false
    cancelRound()
    let isAny = false
    try {
      const current = await peers.current()
      const settled = await Promise.all(current.map(settle))
      isAny = settled.includes(true)
      waitMs = isAny || current.length === 0 ? retryMs : Math.min(waitMs * 2, longestRetryMs)
      await show()
    } catch (error) {
      fail(error)
    }
    schedule(waitMs)
    void seek()
    return isAny
  }
  let isSeeking = false
  let isSeekDue = false
  /** Asks for what somebody looks at. A box first: what it gives is not asked of anybody else. */
  const seek = async (): Promise<void> => {
    isSeekDue = true
    if (isSeeking) return
    isSeeking = true
    try {
      while (isSeekDue && !isClosed) {
        isSeekDue = false
        await askFor(await family.files.wanted(), await peers.current())
      }
    } catch (error) {
      fail(error)
    } finally {
      isSeeking = false
    }
  }
  const askFor = async (files: readonly WantedFile[], current: readonly Peer[]): Promise<void> => {
    if (files.length === 0) return
    const boxes = current.filter(peer => peer.kind === "box" && peer.isOnline())
    const relays = current.filter(peer => peer.kind === "relay" && peer.isOnline())
    const hasBox = boxesOf(family.device).length > 0
    if (boxes.length > 0 || relays.length > 0) family.files.setAsked(hasBox ? "Box" : "Devices")
    else family.files.setAsked("Nobody")
    for (const peer of [...boxes, ...relays])
      await Promise.all(files.map(file => within(deps, settleMs, peer.fetch(file), () => {})))
  }

  const schedule = (delayMs: number): void => {
    cancelRound()
    if (!isClosed) cancelRound = clock.after(delayMs, () => void round())
  }

  family.onFilesWanted(() => void seek())
  const stopListening = replica.onAppended((_, from) => {
    void show().catch(fail)
    if (from === undefined) schedule(gatherMs)
  })
  replica
    .tend()
    .then(() => tendCard(family.device, clock))
    .catch(fail)
    .finally(() => void round())

  return {
    settleNow: round,
    close: () => {
      isClosed = true
      cancelRound()
      stopListening()
      peers.close()
    },
  }
}
