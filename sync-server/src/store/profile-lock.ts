import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import Sqlite from "better-sqlite3"
import { type Result, err, ok } from "@home/shared/base"

/** Another process works with the profile. `pid`: unknown in the instant before it has written its number down. */
export interface ProfileInUse {
  readonly type: "ProfileInUse"
  readonly pid: number | undefined
}

export interface ProfileLock {
  /** Harmless when it was released already. */
  release(): void
}

/**
 * One process per profile: two would use one feed number twice. The truth is the kernel's lock on the file `lock`
 * (taken by an exclusive SQLite transaction, the portable way to it): it ends with its process, so there is no
 * stale lock to recognise, no number of a dead process that another one bears now, and no race to take it over.
 * `lock.pid` only says who holds it.
 * Never open `lock` otherwise in this process: POSIX drops a process' locks when it closes any handle of the file.
 */
export const lockProfile = (dir: string): Result<ProfileLock, ProfileInUse> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const pidPath = join(dir, "lock.pid")
  const connection = new Sqlite(createPrivateFile(join(dir, "lock")), { timeout: 0 })
  try {
    connection.exec("BEGIN EXCLUSIVE")
  } catch (error) {
    connection.close()
    if (error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      return err({ type: "ProfileInUse", pid: readPid(pidPath) })
    throw error
  }
  writeFileSync(pidPath, String(process.pid), { mode: 0o600 })
  return ok({
    release: () => {
      if (!connection.open) return
      rmSync(pidPath, { force: true })
      connection.close()
    },
  })
}

/** Only the process that makes the file opens it here, and closes it before anyone can hold its lock. */
const createPrivateFile = (path: string): string => {
  try {
    closeSync(openSync(path, "wx", 0o600))
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
  }
  return path
}

const readPid = (path: string): number | undefined => {
  try {
    const pid = Number(readFileSync(path, "utf8"))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined // the holder is just starting or just leaving
  }
}
