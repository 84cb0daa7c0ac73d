import type { GroupId, Result } from "@home/shared/base"
import {
  type NetDeps,
  type ShareRecord,
  readShareRecords,
  shareRecordPut,
  shareRecordRemove,
} from "@home/shared/device"
import type { Sealer } from "@home/shared/wire"
import { type Cells, createCells } from "./cells.js"
import type { FirstContent } from "./context.js"
import type { CoreDeps } from "./deps.js"
import { type Family, openFamily } from "./family.js"
import { type Company, keepCompany } from "./peers.js"
import { type Disk, type Profile, eraseDisk, openDisk, openProfile, writeProfile } from "./profile.js"
import { keepSharesTended } from "./share-tending.js"
import { shareView } from "./share-view.js"

/**
 * A share is a profile of its own beside the family's: its own database, keys and identity, at work by the same
 * engine. What it tells goes into cells of its own.
 */
export interface OpenShare {
  readonly record: ShareRecord
  readonly family: Family
  readonly company: Company
  readonly cells: Cells
}

export interface Shares {
  of(share: GroupId): OpenShare | undefined
  all(): readonly OpenShare[]
  /** All that are here were opened: what is not among them now is none. */
  isReady(): boolean
  /** Writes a new one and opens it; where `finish` fails nothing of it stays. */
  make<T, E>(
    record: ShareRecord,
    first: FirstContent,
    finish: (made: OpenShare) => Promise<Result<T, E>>,
  ): Promise<Result<T, E>>
  forget(share: GroupId): Promise<void>
  /** It was ended: what still lies at a relay of it is no offer any more. */
  isOver(share: GroupId): Promise<boolean>
  setOver(share: GroupId): Promise<void>
  close(): Promise<void>
}

interface Entry extends OpenShare {
  readonly disk: Disk
  readonly stop: () => void
}

const overKey = (share: GroupId): readonly string[] => ["share over", share]
const nameOf = (database: string, share: GroupId): string => `${database}/share/${share.slice(0, 32)}`

export const openShares = (deps: {
  readonly core: CoreDeps
  readonly net: NetDeps
  readonly sealer: Sealer
  /** The family's. */
  readonly database: string
  readonly family: Family
  readonly cells: Cells
  /** Its documents can be looked at and edited. */
  readonly onOpened: (share: GroupId) => void
}): Shares => {
  const { core, net, sealer, database, family, cells } = deps
  const { indexedDb, random, log } = core
  const { store } = family.profile
  const entries = new Map<GroupId, Entry>()
  let isReady = false
  let isClosed = false
  const tending = keepSharesTended({ core, family, all: () => [...entries.values()] })

  const tell = (): void => {
    if (isClosed || !isReady) return
    cells.shares.set([...entries.values()].flatMap(entry => shareView(entry) ?? []))
  }

  const end = async (entry: Entry): Promise<void> => {
    entries.delete(entry.record.group)
    entry.stop()
    entry.company.close()
    await entry.family.close().catch(() => {})
    entry.disk.close()
  }

  const enter = async (record: ShareRecord, disk: Disk, profile: Profile): Promise<OpenShare> => {
    const own = createCells(() => {})
    const opened = await openFamily(core, sealer, own, profile, record.key.slice())
    const company = keepCompany(net, own, opened)
    const stop = own.membership.watch(tell)
    const entry = { record, family: opened, company, cells: own, disk, stop }
    entries.set(record.group, entry)
    if (isClosed) await end(entry)
    else deps.onOpened(record.group)
    return entry
  }

  const open = async (record: ShareRecord): Promise<void> => {
    const disk = await openDisk(indexedDb, nameOf(database, record.group), random)
    const profile = await openProfile(disk, record.key, random)
    // Its making was cut short.
    if (!profile.ok) return disk.close()
    await enter(record, disk, profile.value)
  }

  const setOver = (share: GroupId): Promise<void> =>
    store.write([{ type: "Put", key: overKey(share), value: new Uint8Array() }])
  const forget = async (share: GroupId): Promise<void> => {
    const entry = entries.get(share)
    if (entry !== undefined && shareView(entry)?.isLive === false) await setOver(share)
    if (entry !== undefined) await end(entry)
    await eraseDisk(indexedDb, nameOf(database, share))
    await store.write([shareRecordRemove(share)])
    tell()
  }

  const start = async (): Promise<void> => {
    for (const record of await readShareRecords(store)) if (!isClosed) await open(record)
    isReady = true
    tell()
    await tending.now()
  }
  const started = start().catch((error: unknown) =>
    log.event("shares", { reason: error instanceof Error ? error.name : "unknown" }),
  )

  return {
    of: share => entries.get(share),
    all: () => [...entries.values()],
    isReady: () => isReady,
    make: async (record, first, finish) => {
      // The key first: what a crash leaves behind can be found.
      await store.write([shareRecordPut(record)])
      try {
        const disk = await openDisk(indexedDb, nameOf(database, record.group), random)
        await writeProfile(disk, record.key, random, first)
        const profile = await openProfile(disk, record.key, random)
        if (!profile.ok) throw new Error("a share that was just written does not open")
        const finished = await finish(await enter(record, disk, profile.value))
        if (finished.ok) {
          tell()
          await tending.now()
        } else await forget(record.group)
        return finished
      } catch (error) {
        await forget(record.group)
        throw error
      }
    },
    forget,
    isOver: async share => (await store.get(overKey(share))) !== undefined,
    setOver,
    close: async () => {
      isClosed = true
      await tending.stop()
      await started
      for (const entry of [...entries.values()]) await end(entry)
    },
  }
}
