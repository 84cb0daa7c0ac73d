import { closeSync, fdatasync, fsyncSync, openSync } from "node:fs"
import { dirname } from "node:path"

/** Brings a database's write-ahead log to the disk. */
export interface WalSync {
  /** Resolves when all that was committed before the call is on the disk. */
  sync(): Promise<void>
  close(): void
}

/**
 * SQLite's own sync of the log (`synchronous=FULL`) blocks the thread, and with it whatever else is to be done (a live
 * post, an edit that arrived), for as long as the disk takes. So commits only write (`NORMAL`), and the log is synced from here, on
 * libuv's threads: the same bytes, the same promise. SQLite still syncs the log by itself before a checkpoint moves
 * it (sqlite.org/wal.html, section 2.2). The log's file is made once and kept until the database closes; SQLite's
 * locks are not on it, so closing a second handle of it drops none (sqlite.org/howtocorrupt.html, section 2.2).
 *
 * `file`: the database, open in WAL mode with its log made.
 */
export const openWalSync = (file: string): WalSync => {
  const log = openSync(`${file}-wal`, "r+")
  // The log's name must survive a power cut as well. Windows has no handle for that, and needs none.
  if (process.platform !== "win32") {
    const folder = openSync(dirname(file), "r")
    fsyncSync(folder)
    closeSync(folder)
  }
  const syncLog = (): Promise<void> =>
    new Promise((resolve, reject) => {
      fdatasync(log, error => {
        if (error === null) resolve()
        else reject(error)
      })
    })

  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const run = (): Promise<void> => {
    next = undefined
    running = syncLog().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    // Who asks while one is running may have committed after it began: he waits for the next, with all like him.
    sync: () => (running === undefined ? run() : (next ??= running.then(run, run))),
    close: () => closeSync(log),
  }
}
