import type { SqliteConnection } from "./database.js"

/** Runs writes in as few transactions as possible: a commit costs one fsync, however much it holds. */
export interface CommitQueue {
  /**
   * Runs `work` in the order of the calls, in one transaction with all others that were queued in the same turn
   * of the event loop. Resolves when that is on the disk. A work that throws is undone alone.
   */
  run<T>(work: () => T): Promise<T>
  /** Commits what is queued, at once. */
  flush(): void
}

interface Queued {
  /** Gives back what settles the caller's promise once the transaction stands. */
  readonly work: () => () => void
  readonly fail: (error: unknown) => void
}

export const createCommitQueue = (connection: SqliteConnection): CommitQueue => {
  let queued: Queued[] = []

  const flush = (): void => {
    const batch = queued
    queued = []
    if (batch.length === 0) return
    const settle: (() => void)[] = []
    try {
      connection.exec("BEGIN IMMEDIATE")
      for (const entry of batch) settle.push(runAlone(entry))
      connection.exec("COMMIT")
    } catch (error) {
      if (connection.open && connection.inTransaction) connection.exec("ROLLBACK")
      for (const { fail } of batch) fail(error)
      return
    }
    for (const settled of settle) settled()
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

  const run = <T>(work: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      queued.push({
        work: () => {
          const value = work()
          return () => resolve(value)
        },
        fail: reject,
      })
      if (queued.length === 1) setImmediate(flush)
    })

  return { run, flush }
}
