import Database from "better-sqlite3"
import { type Random, type Result, type RoomId, bytesToHex, err, ok } from "@home/shared/base"
import type { MailboxLimits } from "./mailbox-memory.js"
import type { AppendOutcome, Mailbox, MailboxPost, Page, StoredBlob } from "./mailbox.js"
import { type RoomRow, type RoomsChange, createRoomRows, roomsSchema } from "./room-rows.js"
import { type WalSync, openWalSync } from "../disk/wal-sync.js"

/** `MailboxInUse`: another process has the file. `MailboxUnreadable`: no mailbox, or of another version. */
export type MailboxError =
  { readonly type: "MailboxInUse" } | { readonly type: "MailboxUnreadable"; readonly reason: string }

/** What lies longest: the lowest `id`. */
interface FirstBlob {
  readonly id: number
  readonly room: number
  readonly offset: number
  readonly at_ms: number
  readonly bytes: number
}

const schemaVersion = 2

/**
 * Pages of 4 kB in the log before it is moved into the database, which blocks the thread while the disk syncs: four
 * times SQLite's own choice, so that it is rare, and index pages that were written often are moved once.
 */
const checkpointPages = 4_000

/** Blobs removed in one transaction: some milliseconds. */
const expireAtOnce = 1_000

/** `meta.counted`: the last blob that the rows of `rooms` count (`createRoomRows`). */
const schema = `
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), store BLOB NOT NULL, floor INTEGER NOT NULL, counted INTEGER NOT NULL
  );
  ${roomsSchema}
  CREATE TABLE blobs (
    id INTEGER PRIMARY KEY, room INTEGER NOT NULL, offset INTEGER NOT NULL, at_ms INTEGER NOT NULL, blob BLOB NOT NULL
  );
  CREATE UNIQUE INDEX blobs_by_offset ON blobs (room, offset);

`

/**
 * The mailbox in one SQLite file: WAL, the log synced to the disk before an append resolves (`openWalSync`), while
 * the thread goes on; the file is locked for this process, because two that gave offsets in one room would give the
 * same ones. A failed sync ends it: what the disk has is not known any more, so nothing is promised until it is
 * opened again.
 */
export const openSqliteMailbox = (
  file: string,
  limits: MailboxLimits,
  random: Random,
  openSync: (file: string) => WalSync = openWalSync,
): Result<Mailbox, MailboxError> => {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { timeout: 500 })
    database.pragma("locking_mode = EXCLUSIVE")
    database.pragma("journal_mode = WAL")
    database.pragma("synchronous = NORMAL")
    database.pragma("fullfsync = ON")
    database.pragma("journal_size_limit = 67108864")
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`)
    const found = prepareSchema(database, random)
    if (found !== schemaVersion) {
      database.close()
      return err({ type: "MailboxUnreadable", reason: `version ${found}` })
    }
  } catch (thrown) {
    database?.close()
    if (!(thrown instanceof Database.SqliteError)) throw thrown
    if (thrown.code.startsWith("SQLITE_BUSY")) return err({ type: "MailboxInUse" })
    return err({ type: "MailboxUnreadable", reason: thrown.code })
  }
  return ok(mailboxOf(database, limits, openSync(file)))
}

/** Creates what a new file lacks and gives the version found. */
const prepareSchema = (database: Database.Database, random: Random): number => {
  const prepare = database.transaction((): number => {
    const version = database.pragma("user_version", { simple: true }) as number
    const isNew = database.prepare("SELECT count(*) FROM sqlite_master").pluck().get() === 0
    if (!isNew || version !== 0) return version
    database.exec(schema)
    database.prepare("INSERT INTO meta (id, store, floor, counted) VALUES (1, ?, 0, 0)").run(random.bytes(16))
    database.pragma(`user_version = ${schemaVersion}`)
    return schemaVersion
  })
  return prepare.immediate()
}

const mailboxOf = (database: Database.Database, limits: MailboxLimits, log: WalSync): Mailbox => {
  const { store } = database.prepare("SELECT store FROM meta").get() as { store: Uint8Array }
  const selectFloor = database.prepare("SELECT floor FROM meta").pluck()
  const raiseFloor = database.prepare("UPDATE meta SET floor = max(floor, ?)")
  const selectIdle = database.prepare("SELECT * FROM rooms WHERE blobs = 0 AND posted_ms <= ? LIMIT ?")
  const insertBlob = database.prepare("INSERT INTO blobs (room, offset, at_ms, blob) VALUES (?, ?, ?, ?)")
  const selectPage = database.prepare(
    "SELECT offset, length(blob) AS bytes, id FROM blobs WHERE room = ? AND offset > ? AND offset < ? ORDER BY offset LIMIT ?",
  )
  const selectBlob = database.prepare("SELECT blob FROM blobs WHERE id = ?").pluck()
  const selectFirst = database.prepare<[number], FirstBlob>(
    "SELECT id, room, offset, at_ms, length(blob) AS bytes FROM blobs ORDER BY id LIMIT ?",
  )
  const redate = database.prepare("UPDATE blobs SET at_ms = ? WHERE id = ?")
  const deleteBlob = database.prepare("DELETE FROM blobs WHERE id = ?")

  const selectIdleMs = database
    .prepare<[], number | null>("SELECT min(posted_ms) FROM rooms WHERE blobs = 0")
    .pluck()

  const rows = createRoomRows(database)
  const oldest = (): number =>
    Math.min(
      selectFirst.get(1)?.at_ms ?? Number.POSITIVE_INFINITY,
      selectIdleMs.get() ?? Number.POSITIVE_INFINITY,
    )
  /** Nothing that can expire is older: otherwise it would be asked at each commit. */
  let oldestMs = oldest()

  const isDue = (nowMs: number): boolean => oldestMs <= nowMs - limits.ttlMs || oldestMs > nowMs

  /** Blobs lie in the order in which they came. One from the future was dated by a clock that ran ahead: it is as old as now. */
  const expire = (change: RoomsChange, nowMs: number): void => {
    const deadlineMs = nowMs - limits.ttlMs
    change.settle()
    for (const row of selectIdle.all(deadlineMs, expireAtOnce) as RoomRow[]) {
      change.remove(row)
      raiseFloor.run(row.leased)
    }
    const rowById = new Map<number, RoomRow>()
    for (const blob of selectFirst.all(expireAtOnce)) {
      if (blob.at_ms > nowMs) {
        redate.run(nowMs, blob.id)
        continue
      }
      if (blob.at_ms > deadlineMs) break
      const row = rowById.get(blob.room) ?? change.rowById(blob.room)
      rowById.set(row.id, row)
      deleteBlob.run(blob.id)
      row.bytes -= blob.bytes
      row.blobs -= 1
      row.first = Math.max(row.first, blob.offset + 1)
      change.bytes -= blob.bytes
    }
  }

  const appendOne = (change: RoomsChange, post: MailboxPost, nowMs: number): AppendOutcome => {
    const { blob, offset, room } = post
    const known = change.row(room)
    if (change.bytes + blob.length > limits.storeBytes) return "StoreFull"
    if (known === undefined && change.rooms >= limits.rooms) return "StoreFull"
    if ((known?.bytes ?? 0) + blob.length > limits.roomBytes) return "RoomFull"
    if ((known?.blobs ?? 0) + 1 > limits.roomBlobs) return "RoomFull"
    const row = known ?? change.insert(room, Math.min(offset, (selectFloor.get() as number) + 1), nowMs)
    insertBlob.run(row.id, offset, nowMs, blob)
    row.bytes += blob.length
    row.blobs += 1
    row.posted_ms = nowMs
    row.last = Math.max(row.last, offset)
    change.bytes += blob.length
    change.posts += 1
    return "Stored"
  }

  const transact = <T>(nowMs: number, work: (change: RoomsChange) => T) => {
    const wasDue = isDue(nowMs)
    const done = rows.transact(change => {
      if (wasDue) expire(change, nowMs)
      return work(change)
    })
    oldestMs = wasDue ? oldest() : Math.min(oldestMs, nowMs)
    return done
  }

  /** Committed, but not confirmed by the disk: nobody may see these yet, since a crash would take them back. */
  const unsynced = new Set<readonly MailboxPost[]>()
  let isBroken = false

  const firstUnsynced = (room: RoomId): number => {
    let first = Number.MAX_SAFE_INTEGER
    for (const posts of unsynced)
      for (const post of posts) if (post.room === room) first = Math.min(first, post.offset)
    return first
  }

  const synced = async (posts: readonly MailboxPost[]): Promise<void> => {
    unsynced.add(posts)
    try {
      await log.sync()
    } catch (error) {
      isBroken = true
      throw error
    }
    unsynced.delete(posts)
  }

  const readPage = (room: RoomId, after: number, limit: { bytes: number; blobs: number }): Page => {
    const row = rows.row(room)
    if (row === undefined) return { blobs: [], more: false }
    // Lengths first: a blob beyond the page is never brought into memory.
    const found = selectPage.all(row.id, after, firstUnsynced(room), Math.max(1, limit.blobs) + 1) as {
      id: number
      offset: number
      bytes: number
    }[]
    const blobs: StoredBlob[] = []
    let bytes = 0
    for (const { id, offset, bytes: length } of found) {
      if (blobs.length > 0 && (blobs.length >= limit.blobs || bytes + length > limit.bytes)) break
      blobs.push({ offset, blob: selectBlob.get(id) as Uint8Array })
      bytes += length
    }
    return { blobs, more: blobs.length < found.length }
  }

  return {
    store: bytesToHex(store),
    async open(room) {
      const row = rows.row(room)
      const floor = selectFloor.get() as number
      if (row === undefined) return { first: floor + 1, next: floor + 1, bytes: 0, blobs: 0 }
      return { first: row.first, next: row.leased + 1, bytes: row.bytes, blobs: row.blobs }
    },
    async append(posts, nowMs) {
      if (isBroken) throw new Error("a sync has failed")
      const { result, rooms } = transact(nowMs, change => posts.map(post => appendOne(change, post, nowMs)))
      await synced(posts)
      return { outcomes: result, rooms }
    },
    async read(room, after, limit) {
      return readPage(room, after, limit)
    },
    async expire(nowMs) {
      return isDue(nowMs) ? transact(nowMs, () => {}).rooms : new Map()
    },
    async close() {
      if (!database.open) return
      log.close()
      database.close()
    },
  }
}
