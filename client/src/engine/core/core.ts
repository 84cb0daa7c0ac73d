import { createChannelOpener, createSealer } from "@home/crypto"
import { type GroupId, type Result, err, ok } from "@home/shared/base"
import { type HiddenWrap, unwrapHidden } from "../../adapters/clear-records.js"
import { isFull } from "../../adapters/idb.js"
import type { Lent } from "../messages.js"
import type { StorageFull } from "../port.js"
import { type Cells, blank, createCells } from "./cells.js"
import type { Context, FirstContent } from "./context.js"
import type { CoreDeps } from "./deps.js"
import { type Family, openFamily } from "./family.js"
import { standingOf } from "./membership.js"
import { type Locks, createLocks, newVault } from "./locks.js"
import { type Company, keepCompany } from "./peers.js"
import { phraseState } from "./phrase.js"
import { type Shares, openShares } from "./shares.js"
import { type Disk, eraseDisk, openDisk, openProfile, writeProfile } from "./profile.js"

/** The engine without its tabs: one profile, locked or open. */
export interface Core extends Context {
  /** Opens the disk, and the family too where that needs nobody. `ticket`: of the engine before. */
  start(ticket: HiddenWrap | undefined): Promise<void>
  /** Somebody uses the app. */
  touched(): void
}

export interface CoreEvents {
  onLent(lent: Lent | undefined): void
  /** The family was just opened: what follows it (peers) starts. */
  onOpened(): void
  /** The same of a share. */
  onShareOpened(share: GroupId): void
  onErased(): void
}

const minuteMs = 60_000
const storagePollMs = 30_000

export const createCore = (deps: CoreDeps, database: string, events: CoreEvents): Core => {
  const { clock, random, primitives, indexedDb, passphraseCost: cost } = deps
  const sealer = createSealer({ random, primitives })
  const net = { ...deps, openChannel: createChannelOpener({ random, primitives }) }
  const cells: Cells = createCells(lent => events.onLent(lent))
  let disk: Disk | undefined
  let locks: Locks | undefined
  let family: Family | undefined
  let company: Company | undefined
  let shares: Shares | undefined
  let autoLockMinutes: number | undefined
  let touchedMs = clock.now()
  let cancelIdle = (): void => {}
  let cancelPoll = (): void => {}

  const openDisks = async (): Promise<void> => {
    const opened = await openDisk(indexedDb, database, random)
    disk = opened
    locks = createLocks({ clear: opened.clear, sealer, random, cost })
    autoLockMinutes = await opened.clear.get("autoLockMinutes")
  }
  const theDisk = (): Disk => {
    if (disk === undefined) throw new Error("the disk is not open")
    return disk
  }
  const theLocks = (): Locks => {
    if (locks === undefined) throw new Error("the disk is not open")
    return locks
  }

  const pollStorage = async (): Promise<void> => {
    const { storage } = deps
    const isPersistent = await storage?.persisted?.().catch(() => undefined)
    const estimate = await storage?.estimate?.().catch(() => undefined)
    const known = cells.storage.get()
    cells.storage.set({
      isPersistent,
      usedBytes: estimate?.usage,
      quotaBytes: estimate?.quota,
      isFull: known?.isFull ?? false,
      journalled: known?.journalled ?? 0,
    })
    cancelPoll()
    cancelPoll = clock.after(storagePollMs, () => void pollStorage())
  }

  const showLocked = async (): Promise<void> => {
    const ways = await theLocks().ways()
    const wasRemoved = (await theDisk().clear.get("wasRemoved")) === true
    if (cells.state.get()?.type === "Failed") return
    if (ways.length > 0) return cells.state.set({ type: "Locked", ways })
    cells.state.set({ type: wasRemoved ? "Removed" : "Empty" })
  }

  const watchIdle = (): void => {
    cancelIdle()
    if (family === undefined || autoLockMinutes === undefined) return
    const leftMs = touchedMs + autoLockMinutes * minuteMs - clock.now()
    if (leftMs <= 0) void shut()
    else cancelIdle = clock.after(leftMs, watchIdle)
  }

  const show = async (opened: Family): Promise<void> => {
    const { group, member, deviceName, identity } = opened.profile.content()
    const { clear } = theDisk()
    cells.state.set({
      type: "Open",
      self: {
        group,
        member,
        device: identity.id,
        deviceName,
        ...standingOf(opened.replica, member, clock.now()),
        phrase: await phraseState(opened.profile.store, clock),
        autoLockMinutes,
        hasDeviceLock: (await clear.get("deviceLock")) !== undefined,
        passkeys: (await clear.get("passkeys"))?.length ?? 0,
      },
    })
  }

  const openUnseen: Context["open"] = async masterKey => {
    await deps.automerge
    const profile = await openProfile(theDisk(), masterKey, random)
    return profile.ok ? ok(await openFamily(deps, sealer, cells, profile.value, masterKey)) : profile
  }

  const present = async (opened: Family): Promise<void> => {
    family = opened
    touchedMs = clock.now()
    cells.lent.set(opened.lent)
    await show(opened)
    watchIdle()
    events.onOpened()
    company = keepCompany(net, cells, opened)
    const onShareOpened = (share: GroupId): void => events.onShareOpened(share)
    shares = openShares({ core: deps, net, sealer, database, family: opened, cells, onOpened: onShareOpened })
    opened.onRemoved(() => {
      if (family === opened) void eraseAll({ wasRemoved: true })
    })
  }

  const open: Context["open"] = async masterKey => {
    if (family !== undefined) return ok(family)
    const opened = await openUnseen(masterKey)
    if (opened.ok) await present(opened.value)
    return opened
  }

  const shut = async (): Promise<void> => {
    const closing = family
    if (closing === undefined) return
    family = undefined
    company?.close()
    company = undefined
    const closingShares = shares
    shares = undefined
    cancelIdle()
    cells.lent.set(undefined)
    await closingShares?.close()
    await closing.close().catch(() => {})
    for (const name of ["pairing", "membership", "sync", "late", "contacts", "shares"] as const)
      cells[name].set(blank[name] as never)
    await showLocked()
  }

  const eraseAll = async (why: { readonly wasRemoved: boolean }): Promise<void> => {
    await shut()
    theDisk().close()
    await eraseDisk(indexedDb, database)
    await openDisks()
    if (why.wasRemoved) await theDisk().clear.put("wasRemoved", true)
    events.onErased()
    await showLocked()
  }

  const adopt = async <E>(
    passphrase: string,
    first: FirstContent,
    finish: (family: Family) => Promise<Result<void, E>>,
  ): Promise<Result<Family, StorageFull | E>> => {
    // What an attempt before this one left opens with no key.
    theDisk().close()
    await eraseDisk(indexedDb, database)
    await openDisks()
    const { vault, masterKey } = await newVault({ random, cost }, passphrase)
    try {
      await writeProfile(theDisk(), masterKey, random, first)
      const opened = await openUnseen(masterKey)
      if (!opened.ok) throw new Error("a profile that was just written does not open")
      const finished = await finish(opened.value)
      if (!finished.ok) {
        await opened.value.close()
        return finished
      }
      await theDisk().clear.put("vault", vault)
      await present(opened.value)
      return opened
    } catch (error) {
      if (isFull(error)) return err({ type: "StorageFull" })
      throw error
    }
  }

  return {
    deps,
    sealer,
    cells,
    net,
    disk: theDisk,
    locks: theLocks,
    family: () => family,
    company: () => company,
    shares: () => shares,
    adopt,
    open,
    shut,
    erase: () => eraseAll({ wasRemoved: false }),
    reshow: async () => {
      if (family !== undefined) await show(family)
    },
    setAutoLock: async minutes => {
      autoLockMinutes = minutes
      const { clear } = theDisk()
      if (minutes === undefined) await clear.remove("autoLockMinutes")
      else await clear.put("autoLockMinutes", minutes)
      if (family !== undefined) await show(family)
      watchIdle()
    },
    start: async ticket => {
      const fail = (error: unknown): void =>
        cells.state.set({ type: "Failed", reason: error instanceof Error ? error.name : "unknown" })
      deps.automerge.catch(fail)
      try {
        await openDisks()
        const masterKey = ticket && (await unwrapHidden(ticket))
        const hasVault = (await theDisk().clear.get("vault")) !== undefined
        const known = masterKey ?? (await byDeviceLock(theLocks()))
        const opened = hasVault && known !== undefined ? await open(known) : undefined
        if (opened?.ok !== true) await showLocked()
        await pollStorage()
      } catch (error) {
        fail(error)
      }
    },
    touched: () => {
      const isLate = autoLockMinutes !== undefined && clock.now() - touchedMs > autoLockMinutes * minuteMs
      if (isLate) return void shut()
      touchedMs = clock.now()
    },
  }
}

const byDeviceLock = async (locks: Locks): Promise<Uint8Array | undefined> => {
  const opened = await locks.open({ type: "DeviceLock" })
  return opened.ok ? opened.value : undefined
}
