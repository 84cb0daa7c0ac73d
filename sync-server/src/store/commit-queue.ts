import type { WalSync } from "../disk/wal-sync.js"
import type { SqliteConnection } from "./database.js"

/** Runs writes in as few transactions as possible, and syncs many commits at once. */
export interface CommitQueue {
  /**
   * Runs `work` in the order of the calls, in one transaction with all others that were queued in the same turn
   * of the event loop. Resolves when that is on the disk. A work that throws is undone alone.
   */
  run<T>(work: () => T): Promise<T>
  /**
   * The same, but resolves when it is committed: read from now on, and on the disk once any later `run` is. The log
   * is one, and begins from the front: a crash that loses this loses all that came after it.
   */
  runSoon<T>(work: () => T): Promise<T>
  /** Resolves when all that was committed before the call is on the disk; at once where nothing waits for it. */
  settled(): Promise<void>
  /** Commits what is queued, at once; resolves when all of it is on the disk or was rejected. */
  flush(): Promise<void>
}

interface Queued {
  /** Gives back what settles the caller's promise once the transaction stands. */
  readonly work: () => () => void
  readonly fail: (error: unknown) => void
  readonly isSoon: boolean
}

export const createCommitQueue = (connection: SqliteConnection, log: WalSync): CommitQueue => {
  let queued: Queued[] = []
  let syncing: Promise<void> = Promise.resolve()
  /** Commits, and how many of them the disk has. */
  let committed = 0
  let synced = 0
  /** A sync failed: what the disk has is not known any more, so nothing is promised until the file is opened anew. */
  let broken: { readonly error: unknown } | undefined

  const commit = (): void => {
    const batch = queued
    queued = []
    if (batch.length === 0) return
    if (broken !== undefined) {
      for (const { fail } of batch) fail(broken.error)
      return
    }
    const settled: { readonly settle: () => void; readonly entry: Queued }[] = []
    try {
      connection.exec("BEGIN IMMEDIATE")
      for (const entry of batch) settled.push({ settle: runAlone(entry), entry })
      connection.exec("COMMIT")
    } catch (error) {
      if (connection.open && connection.inTransaction) connection.exec("ROLLBACK")
      for (const { fail } of batch) fail(error)
      return
    }
    committed += 1
    const waiting = settled.filter(({ entry }) => !entry.isSoon)
    for (const { settle, entry } of settled) if (entry.isSoon) settle()
    if (waiting.length > 0) syncing = settle(waiting)
  }

  const sync = async (): Promise<void> => {
    const upTo = committed
    try {
      await log.sync()
      synced = Math.max(synced, upTo)
    } catch (error) {
      broken = { error }
      throw error
    }
  }

  const settle = async (
    waiting: readonly { readonly settle: () => void; readonly entry: Queued }[],
  ): Promise<void> => {
    try {
      await sync()
      for (const one of waiting) one.settle()
    } catch (error) {
      for (const { entry } of waiting) entry.fail(error)
    }
  }

  /** One work in a savepoint. Where SQLite gave up the whole transaction (a full disk), so do we. */
  const runAlone = ({ work, fail }: Queued): (() => void) => {
    connection.exec("SAVEPOINT work")
    try {
      const settled = work()
      connection.exec("RELEASE work")
      return settled
    } catch (error) {
      if (!connection.inTransaction) throw error
      connection.exec("ROLLBACK TO work; RELEASE work")
      return () => fail(error)
    }
  }

  const queue =
    (isSoon: boolean) =>
    <T>(work: () => T): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        queued.push({
          work: () => {
            const value = work()
            return () => resolve(value)
          },
          fail: reject,
          isSoon,
        })
        if (queued.length === 1) setImmediate(commit)
      })

  return {
    run: queue(false),
    runSoon: queue(true),
    settled: async () => {
      if (broken !== undefined) throw broken.error
      if (synced < committed) await sync()
    },
    flush: () => {
      commit()
      return syncing
    },
  }
}
