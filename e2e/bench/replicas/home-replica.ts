// Automerge's wasm starts with the first import of the whole package.
import * as A from "@automerge/automerge"
import { familyRoomId } from "@home/shared/documents"
import { type DocumentKey, type OpenDocument, type RoomSync, createRoomSync } from "@home/shared/replica"
import { frameLimits } from "@home/shared/wire"
import { createWsDialer } from "../../../sync-server/src/net/ws-socket.js"
import { type OpenDevice, openDevice } from "../../../sync-server/src/profile/device.js"
import { silentLog, systemClock, systemRandom } from "../../../sync-server/src/profile/platform.js"
import { openProfile } from "../../../sync-server/src/profile/profile.js"
import type { BenchReplica, OpenOptions, OpenedReplica } from "./port.js"
import { type EditKind, applyEdit, applyPatch, editKinds, seenIn, year } from "./workload.js"

/** The one that the harness gives to every `home` process: it protects nothing. */
const benchPassphrase = "a passphrase of the journey"

const note = "0".repeat(31) + "1"

const openBenchDevice = async (dir: string): Promise<OpenDevice> => {
  const secret = { type: "Passphrase", ask: () => Promise.resolve(benchPassphrase) } as const
  const profile = await openProfile(dir, secret, systemRandom)
  if (!profile.ok) throw new Error(`the benchmark's profile does not open: ${profile.error.type}`)
  const deps = { random: systemRandom, clock: systemClock, log: silentLog }
  return openDevice(profile.value, deps, { isKeeper: false })
}

export const openRoomSync = (device: OpenDevice, url: string): RoomSync => {
  const { replica, sealer, signals, receipts, profile } = device
  const { store } = profile.folder
  const { identity } = profile.content
  const limits = {
    maxMessageBytes: frameLimits.blobBytes + frameLimits.overheadBytes,
    handshakeMs: 5_000,
  }
  return createRoomSync(
    {
      replica,
      sealer,
      store,
      signals,
      receipts,
      identity,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      dialer: createWsDialer(systemClock, limits),
    },
    { url, origin: url, isKeeper: false },
  )
}

/** Our own: what the `home` command and the app run, sealed and signed, over a profile in SQLite. */
export const openHomeReplica = async (options: OpenOptions): Promise<OpenedReplica> => {
  const device = await openBenchDevice(options.dir)
  const { replica } = device
  const sync = openRoomSync(device, options.url)
  const keys: Readonly<Record<EditKind, DocumentKey>> = {
    row: replica.keyFor("ledger", year),
    message: replica.keyFor("chat", `${familyRoomId}/${year}-01`),
    letter: replica.keyFor("notes", note),
  }
  const handles = new Map<EditKind, OpenDocument>()
  for (const kind of editKinds) handles.set(kind, await replica.open(keys[kind]))

  const must = async (done: Promise<{ readonly ok: boolean }>): Promise<void> => {
    if (!(await done).ok) throw new Error("the benchmark's member may not write")
  }
  const bench: BenchReplica = {
    edit: (kind, n) => must(replica.change(keys[kind], draft => applyEdit(draft, kind, n))),
    patch: patch => must(replica.change(keys.letter, draft => applyPatch(draft, patch))),
    onSeen: listener => {
      for (const [kind, handle] of handles)
        handle.onChanged((before, doc) => listener(kind, seenIn(kind, A.diff(doc, before, A.getHeads(doc)))))
    },
    text: () => replica.read(keys.letter, doc => String((doc as { body: string }).body)),
    settle: async () => {
      if (!(await sync.settle())) throw new Error("the relay was not reached")
    },
    close: async () => {
      sync.close()
      await device.close()
    },
  }
  return { replica: bench, documents: { row: keys.row.id, message: keys.message.id, letter: keys.letter.id } }
}
