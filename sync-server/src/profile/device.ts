// Automerge's wasm starts with the first import of the whole package; everything else imports its slim entry.
import "@automerge/automerge"
import { createSealer } from "@home/crypto"
import type { Clock, Log, Random } from "@home/shared/base"
import {
  type Receipts,
  type Replica,
  type Signals,
  createReceipts,
  createSignals,
  openReplica,
} from "@home/shared/replica"
import type { Sealer } from "@home/shared/wire"
import { native } from "../native/all.js"
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
  /** Flushes the documents and closes the profile. */
  close(): Promise<void>
}

/** One process holds a profile, so one slot of actors is enough. */
const slot = 0

/** `isKeeper`: a box, which keeps every bundle and holds no documents. */
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
  const replica = await openReplica(
    { sealer, random, clock, log, store, archive },
    {
      identity,
      logKey: content.logKey,
      recoveryRoom: content.recoveryRoom,
      incarnation: folder.incarnation,
      isKeeper,
      slot,
    },
  )
  const { session } = replica
  return {
    profile,
    sealer,
    replica,
    signals: createSignals({ sealer, session, identity, clock }),
    receipts: createReceipts({ store, archive, session, clock, device: identity.id, isKeeper }),
    close: async () => {
      await replica.flush()
      await replica.close()
      await profile.close()
    },
  }
}
