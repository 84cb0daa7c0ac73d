import { type Result, type Store, ok } from "@home/shared/base"
import { openWalSync } from "../disk/wal-sync.js"
import { createCommitQueue } from "./commit-queue.js"
import { type DatabaseError, openDatabase } from "./database.js"
import { type SqliteArchive, createSqliteArchive } from "./sqlite-archive.js"
import { createSqliteStore } from "./sqlite-store.js"

/** A profile's (or a box's) whole memory in one file with one write-ahead log. Closing one part closes all. */
export interface ProfileDatabase {
  readonly store: Store
  readonly archive: SqliteArchive
  /** Commits what is queued. Harmless when it is closed already. */
  close(): Promise<void>
}

/** Opens or creates the file `path`, and its folder. The caller holds the profile's lock. */
export const openProfileDatabase = (path: string): Result<ProfileDatabase, DatabaseError> => {
  const opened = openDatabase(path)
  if (!opened.ok) return opened
  const connection = opened.value
  const log = openWalSync(path)
  const queue = createCommitQueue(connection, log)
  let closing: Promise<void> | undefined
  const closeAll = async (): Promise<void> => {
    await queue.flush()
    connection.close()
    log.close()
  }
  const close = (): Promise<void> => (closing ??= closeAll())
  return ok({
    store: createSqliteStore(connection, queue, close),
    archive: createSqliteArchive(connection, queue, close),
    close,
  })
}
