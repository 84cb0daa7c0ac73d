import { createBlobSealer, journalKeyOf } from "@home/crypto"
import type { LocalDevice } from "@home/shared/device"
import {
  type Replica,
  createBlobs,
  createReceipts,
  createSignals,
  gatherEditsMs,
  openReplica,
  startSweep,
} from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import { wrapHidden } from "../../adapters/clear-records.js"
import type { Lent } from "../messages.js"
import type { Cells } from "./cells.js"
import type { CoreDeps } from "./deps.js"
import { followContacts } from "./contacts.js"
import { type DocumentViews, createDocumentViews } from "./document-views.js"
import { type Edits, createEdits } from "./edits.js"
import { type Files, createFiles } from "./files.js"
import { membershipOf, standingOf } from "./membership.js"
import type { Profile } from "./profile.js"

/** The family while it is unlocked: the replica at work and everything that looks at it. */
export interface Family {
  readonly profile: Profile
  readonly masterKey: Uint8Array
  readonly replica: Replica
  /** As those who meet others ask for it. */
  readonly device: LocalDevice
  readonly edits: Edits
  readonly views: DocumentViews
  readonly files: Files
  readonly lent: Lent
  /** Something that the values tell of may have changed: they are looked up soon. */
  touch(): void
  /** Somebody looks at a file that is not here. */
  onFilesWanted(listener: () => void): void
  /** The family's log has removed this device: told once, and at once if it is so. */
  onRemoved(listener: () => void): void
  /** Registers what must end before the family is closed. */
  onClose(end: () => void): void
  /** Forgets everything; what was promised is on disk already. */
  close(): Promise<void>
}

/** Changes in quick succession are told of together, milliseconds. */
const gatherMs = 200
/** What chunks of files may take in a browser, bytes. What a box keeps is let go again. */
const fileQuotaBytes = 1024 ** 3
/** One engine per profile, so one slot of actors is enough. */
const slot = 0

export const openFamily = async (
  deps: CoreDeps,
  sealer: Sealer,
  cells: Cells,
  profile: Profile,
  masterKey: Uint8Array,
): Promise<Family> => {
  const { random, clock, log } = deps
  const { store, archive, incarnation } = profile
  const { cipher, primitives } = deps
  const { identity, logKey, member } = profile.content()
  const replica = await openReplica(
    { sealer, random, clock, log, store, archive },
    { identity, logKey, incarnation, isKeeper: false, slot, gatherMs: gatherEditsMs },
  )
  const { session } = replica
  const ends: (() => void)[] = []
  const fail = (error: unknown): void =>
    log.event("family", { reason: error instanceof Error ? error.name : "unknown" })

  const views = createDocumentViews({ replica, clock, store, onFailed: fail })
  const edits = createEdits({
    replica,
    author: member,
    onDisk: isFull => {
      const storage = cells.storage.get()
      if (storage !== undefined) cells.storage.set({ ...storage, isFull })
    },
  })

  let seek = (): void => {}
  const files = createFiles({
    blobs: createBlobs({
      store,
      blobs: profile.blobs,
      sealer,
      blobSealer: createBlobSealer({ random, cipher, sha256: primitives.sha256 }),
      random,
      clock,
      quotaBytes: fileQuotaBytes,
    }),
    replica,
    onWanted: () => seek(),
    onFailed: fail,
  })

  let removed = (): void => {}
  const isRemoved = (): boolean => session.state().devices.get(replica.device)?.live === false
  let isClosed = false
  let isDue = false
  let isLooking = false
  const look = async (): Promise<void> => {
    isDue = false
    isLooking = true
    try {
      const state = cells.state.get()
      if (state?.type === "Open")
        cells.state.set({ ...state, self: { ...state.self, ...standingOf(replica, member, clock.now()) } })
      cells.membership.set(await membershipOf(replica, member))
      const late = await replica.late()
      cells.late.set(
        late.map(({ bundle, key, device, changes }) => ({
          id: bundle,
          area: key.area,
          document: key.name,
          device,
          member: session.state().devices.get(device)?.member,
          changes: changes.length,
          isHeld: session.state().devices.get(device)?.suspended === true,
        })),
      )
    } catch (error) {
      fail(error)
    } finally {
      isLooking = false
      if (isRemoved() && !isClosed) removed()
      else if (isDue) schedule()
    }
  }
  let cancelLook = (): void => {}
  const schedule = (): void => {
    isDue = true
    cancelLook()
    if (!isLooking && !isClosed) cancelLook = clock.after(gatherMs, () => void look())
  }
  ends.push(() => cancelLook())
  ends.push(startSweep({ replica, blobs: files.blobs, store, clock, log }))
  ends.push(replica.onAppended(schedule))
  ends.push(
    replica.onDocumentChanged(({ area }) => {
      if (area === "profile") schedule()
    }),
  )
  void look()
  const device: LocalDevice = {
    replica,
    sealer,
    signals: createSignals({ sealer, session, identity, clock }),
    receipts: createReceipts({ store, replica, clock, isKeeper: false }),
    blobs: files.blobs,
    store,
    content: () => profile.content(),
    setBoxes: boxes => profile.update({ boxes }),
  }
  ends.push(followContacts({ device, cell: cells.contacts, clock, onFailed: fail }))

  return {
    profile,
    masterKey,
    replica,
    device,
    edits,
    views,
    files,
    onFilesWanted: listener => {
      seek = listener
    },
    onRemoved: listener => {
      removed = listener
      if (isRemoved()) schedule()
    },
    lent: { journalKey: journalKeyOf(masterKey), ticket: await wrapHidden(masterKey) },
    touch: schedule,
    onClose: end => ends.push(end),
    close: async () => {
      isClosed = true
      views.close()
      for (const end of ends.splice(0)) end()
      await replica.flush()
      await replica.close()
      masterKey.fill(0)
    },
  }
}
