import { ByteReader, ByteWriter, type ChunkId, type Clock, type Log, type Store } from "../base/index.js"
import { parseLedger } from "../documents/index.js"
import type { Blobs } from "./blobs.js"
import type { Replica } from "./replica-port.js"

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** What came later than this ago stays: its document may be on its way, and what was detached may come back. */
const ageMs = 30 * dayMs
/** The first look, once what opens the family has settled, and the time until the second, milliseconds. */
const firstMs = 10 * minuteMs
const againMs = 60 * minuteMs
/** Looking reads every year of the ledger. */
const everyMs = 7 * dayMs
const key = ["swept"]

/** What any ledger shows, entries in the trash included. `undefined`: one of them cannot be read, so nobody knows. */
const shownAnywhere = async (replica: Replica): Promise<ReadonlySet<ChunkId> | undefined> => {
  const shown = new Set<ChunkId>()
  for (const document of await replica.documents("ledger")) {
    const ledger = await replica.read(document, doc => parseLedger(doc))
    if (!ledger.ok || ledger.value.readOnly) return undefined
    for (const { receipts } of ledger.value.entries.values())
      for (const { chunks } of receipts) for (const chunk of chunks) shown.add(chunk)
  }
  return shown
}

/**
 * Forgets, once a week, old chunks that no document shows: of files whose edit never came to be, or that were
 * detached. Only on a device: a box keeps for ever. Returns what ends it.
 */
export const startSweep = (deps: {
  readonly replica: Replica
  readonly blobs: Blobs
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}): (() => void) => {
  const { replica, blobs, store, clock } = deps

  const unshown = async (among: readonly ChunkId[]): Promise<readonly ChunkId[]> => {
    const shown = among.length === 0 ? undefined : await shownAnywhere(replica)
    return shown === undefined ? [] : among.filter(id => !shown.has(id))
  }
  const isDue = async (): Promise<boolean> => {
    const stored = await store.get(key)
    return stored === undefined || clock.now() - new ByteReader(stored).u64() >= everyMs
  }
  const first = async (): Promise<void> => {
    if (!(await isDue())) return
    const found = await unshown(await blobs.before(clock.now() - ageMs))
    // What was detached a moment ago may be taken back: only what is still shown nowhere at the second look goes.
    cancel = clock.after(againMs, () => run(() => second(found)))
  }
  const second = async (found: readonly ChunkId[]): Promise<void> => {
    const gone = await unshown(found)
    if (gone.length > 0) await blobs.forget(gone)
    await store.write([{ type: "Put", key, value: new ByteWriter().u64(clock.now()).done() }])
    deps.log.event("chunks swept", { chunks: gone.length })
  }
  const run = (job: () => Promise<void>): void => {
    job().catch((error: unknown) =>
      deps.log.event("sweep failed", { reason: error instanceof Error ? error.name : "unknown" }),
    )
  }
  let cancel = clock.after(firstMs, () => run(first))
  return () => cancel()
}
