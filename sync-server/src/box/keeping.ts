import type { Clock, Dialer, Log, Random } from "@home/shared/base"
import { type RoomSync, circlesReadBy, createRoomSync } from "@home/shared/replica"
import { encodeHave } from "@home/shared/wire"
import type { OpenDevice } from "../profile/device.js"
import { boxLimits } from "./limits.js"
import { isSnapshotDue } from "./snapshots.js"

export interface KeepingDeps {
  readonly device: OpenDevice
  readonly clock: Clock
  readonly random: Random
  readonly dialer: Dialer
  readonly log: Log
}

/** One group's archive at its relays: it takes in what comes, says what it has, and takes snapshots. */
export interface Keeping {
  /** What this box has, a receipt (or its pages) for each circle that it reads. */
  ownReceipts(): Promise<readonly Uint8Array[]>
  /** Receipts are said again: one that fails, for the folder was just closed or the disk is full, is no loss. */
  whileOpen(job: () => Promise<void>): void
  close(): Promise<void>
}

export const keepAtRelays = (
  deps: KeepingDeps,
  relays: readonly string[],
  events: { readonly onReceipts?: (sealed: readonly Uint8Array[]) => void; readonly onRemoved: () => void },
): Keeping => {
  const { device, clock, log } = deps
  const { replica, sealer, signals, receipts, profile } = device
  let cancelAnnouncing: (() => void) | undefined
  let isClosed = false

  const ownReceipts: Keeping["ownReceipts"] = async () => {
    const sealed: Uint8Array[] = []
    for (const circle of circlesReadBy(replica.session.state(), replica.device)) {
      for (const page of await receipts.make(circle)) {
        const signal = await signals.seal(circle, "receipt", encodeHave(page))
        if (signal !== undefined) sealed.push(signal)
      }
    }
    return sealed
  }

  const whileOpen: Keeping["whileOpen"] = job => {
    if (isClosed) return
    job().catch((error: unknown) => {
      log.event("receipt failed", { reason: error instanceof Error ? error.name : "unknown" })
    })
  }

  const rooms: readonly RoomSync[] = relays.map(url =>
    createRoomSync(
      {
        ...deps,
        replica,
        sealer,
        store: profile.folder.store,
        signals,
        receipts,
        blobs: device.blobs,
        identity: profile.content.identity,
      },
      { url, origin: url, isKeeper: true },
    ),
  )

  const announce = async (): Promise<void> => {
    cancelAnnouncing = undefined
    events.onReceipts?.(await ownReceipts())
    for (const room of rooms) room.announce()
    const { bundles, bytes } = await replica.archive.count()
    log.event("archive grew", { bundles, bytes })
    if (!isSnapshotDue(bundles, snapshotAt)) return
    for (const circle of circlesReadBy(replica.session.state(), replica.device))
      await replica.snapshot(circle)
    snapshotAt = (await replica.archive.count()).bundles
  }

  /** How many bundles the archive had when snapshots were last made; a restart begins anew, which costs one set. */
  let snapshotAt = 0

  const stopListening = replica.onAppended(() => {
    if (replica.session.state().devices.get(replica.device)?.live === false) events.onRemoved()
    cancelAnnouncing ??= clock.after(boxLimits.receiptDelayMs, () => whileOpen(announce))
  })

  return {
    ownReceipts,
    whileOpen,
    close: async () => {
      isClosed = true
      stopListening()
      cancelAnnouncing?.()
      for (const room of rooms) room.close()
      await device.close()
    },
  }
}
