import { join } from "node:path"
import { createBlobSealer, createSealer } from "@home/crypto"
import type { Clock, Log, Random } from "@home/shared/base"
import {
  type Blobs,
  type Receipts,
  type Replica,
  type Signals,
  createBlobs,
  createReceipts,
  createSignals,
  gatherEditsMs,
  openReplica,
} from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import { nativeAesGcm } from "../native/aes-gcm.js"
import { native } from "../native/all.js"
import { openFileBlobStore } from "../store/file-blob-store.js"
import type { OpenProfile } from "./profile.js"

export interface DeviceDeps {
  readonly random: Random
  readonly clock: Clock
  readonly log: Log
}

/** A profile at work: its replica, and what tells where the others stand. */
export interface OpenDevice {
  readonly profile: OpenProfile
  readonly sealer: Sealer
  readonly replica: Replica
  readonly signals: Signals
  readonly receipts: Receipts
  /** Chunks of pictures and files. */
  readonly blobs: Blobs
  /** Flushes the documents and closes the profile. */
  close(): Promise<void>
}

const GiB = 1024 ** 3
/**
 * What chunks of files may take, in bytes. A device's is let go again when a box keeps it; a box keeps for ever, and
 * its owner's disk is the real bound.
 */
const blobQuotaBytes = { device: 2 * GiB, box: 512 * GiB } as const

/** One process holds a profile, so one slot of actors is enough. */
const slot = 0

/** Its WebAssembly starts with the first import of the whole package; everything else imports its slim entry. */
const startAutomerge = async (): Promise<void> => {
  await import("@automerge/automerge")
}

/** `isKeeper`: a box, which keeps every bundle, holds no documents, and needs Automerge only for a look into one. */
export const openDevice = async (
  profile: OpenProfile,
  deps: DeviceDeps,
  options: { readonly isKeeper: boolean },
): Promise<OpenDevice> => {
  const { random, clock, log } = deps
  const { isKeeper } = options
  const { folder, content } = profile
  const { store, archive } = folder
  const { identity } = content
  const sealer = createSealer({ random, primitives: native })
  if (!isKeeper) await startAutomerge()
  const replica = await openReplica(
    { sealer, random, clock, log, store, archive, startAutomerge },
    {
      identity,
      logKey: content.logKey,
      incarnation: folder.incarnation,
      isKeeper,
      slot,
      gatherMs: gatherEditsMs,
    },
  )
  const { session } = replica
  const blobs = createBlobs({
    store,
    blobs: await openFileBlobStore(join(folder.dir, "blobs")),
    sealer,
    blobSealer: createBlobSealer({ random, cipher: nativeAesGcm, sha256: native.sha256 }),
    random,
    clock,
    quotaBytes: isKeeper ? blobQuotaBytes.box : blobQuotaBytes.device,
  })
  return {
    profile,
    sealer,
    replica,
    signals: createSignals({ sealer, session, identity, clock }),
    receipts: createReceipts({ store, replica, clock, isKeeper }),
    blobs,
    close: async () => {
      await replica.flush()
      await replica.close()
      await profile.close()
    },
  }
}
