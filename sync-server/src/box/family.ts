import type { Clock, Dialer, Log, Random, Socket } from "@home/shared/base"
import { type LinkSession, type RoomSync, circlesReadBy, createRoomSync } from "@home/shared/replica"
import { encodeHave } from "@home/shared/wire"
import type { OpenDevice } from "../profile/device.js"
import { boxLimits } from "./limits.js"
import { createLinks } from "./links.js"
import { isSnapshotDue } from "./snapshots.js"

export interface BoxFamilyDeps {
  readonly device: OpenDevice
  readonly clock: Clock
  readonly random: Random
  readonly dialer: Dialer
  readonly log: Log
}

/** A claimed box at work: the archive of one family, its links and its relays. */
export interface BoxFamily {
  /** Somebody at the link path. */
  take(socket: Socket, address: string): void
  close(): Promise<void>
}

export const openBoxFamily = (deps: BoxFamilyDeps, relays: readonly string[]): BoxFamily => {
  const { device, clock, log } = deps
  const { replica, sealer, signals, receipts, profile } = device
  let cancelAnnouncing: (() => void) | undefined
  let isClosed = false

  /** What this box has, a receipt (or its pages) for each circle that it reads. */
  const ownReceipts = async (): Promise<readonly Uint8Array[]> => {
    const sealed: Uint8Array[] = []
    for (const circle of circlesReadBy(replica.session.state(), replica.device)) {
      for (const page of await receipts.make(circle)) {
        const signal = await signals.seal(circle, "receipt", encodeHave(page))
        if (signal !== undefined) sealed.push(signal)
      }
    }
    return sealed
  }

  /** Receipts are said again: one that fails, for the folder was just closed or the disk is full, is no loss. */
  const whileOpen = (job: () => Promise<void>): void => {
    if (isClosed) return
    job().catch((error: unknown) => {
      log.event("receipt failed", { reason: error instanceof Error ? error.name : "unknown" })
    })
  }

  const tell = async (session: LinkSession): Promise<void> => {
    for (const receipt of await ownReceipts()) session.sendSignal(receipt)
  }

  const links = createLinks(deps, { onSettled: session => whileOpen(() => tell(session)) })
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
    for (const receipt of await ownReceipts()) links.sendSignal(receipt)
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
    if (replica.session.state().devices.get(replica.device)?.live === false)
      log.event("removed from the family")
    cancelAnnouncing ??= clock.after(boxLimits.receiptDelayMs, () => whileOpen(announce))
  })

  return {
    take: links.take,
    close: async () => {
      isClosed = true
      stopListening()
      cancelAnnouncing?.()
      links.close()
      for (const room of rooms) room.close()
      await device.close()
    },
  }
}
