import Database from "better-sqlite3"
import { type Random, type Result, type RoomId, bytesToHex, err, hexToBytes, ok } from "@home/shared/base"
import type { MailboxLimits } from "./mailbox-memory.js"
import {
  type AppendOutcome,
  type Mailbox,
  type MailboxPost,
  type Page,
  type RoomTotals,
  type StoredBlob,
  leaseOffsets,
} from "./mailbox.js"
import { type WalSync, openWalSync } from "./wal-sync.js"

/** `MailboxInUse`: another process has the file. `MailboxUnreadable`: no mailbox, or of another version. */
export type MailboxError =
  { readonly type: "MailboxInUse" } | { readonly type: "MailboxUnreadable"; readonly reason: string }

interface RoomRow {
  readonly id: number
  readonly room: Uint8Array
  first: number
  leased: number
  bytes: number
  blobs: number
  posted_ms: number
}

const schemaVersion = 1

/**
 * Pages of 4 kB in the log before it is moved into the database, which blocks the thread while the disk syncs: four
 * times SQLite's own choice, so that it is rare, and index pages that were written often are moved once.
 */
const checkpointPages = 4_000

/** Blobs removed in one transaction: some milliseconds. */
const expireAtOnce = 1_000

const schema = `
  CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), store BLOB NOT NULL, floor INTEGER NOT NULL);
  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY, room BLOB NOT NULL UNIQUE, first INTEGER NOT NULL, leased INTEGER NOT NULL,
    bytes INTEGER NOT NULL, blobs INTEGER NOT NULL, posted_ms INTEGER NOT NULL
  );
  CREATE INDEX rooms_idle ON rooms (posted_ms) WHERE blobs = 0;
  CREATE TABLE blobs (
    id INTEGER PRIMARY KEY, room INTEGER NOT NULL, offset INTEGER NOT NULL, at_ms INTEGER NOT NULL, blob BLOB NOT NULL
  );
  CREATE UNIQUE INDEX blobs_by_offset ON blobs (room, offset);
  CREATE INDEX blobs_by_time ON blobs (at_ms);
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
    database.prepare("INSERT INTO meta (id, store, floor) VALUES (1, ?, 0)").run(random.bytes(16))
    database.pragma(`user_version = ${schemaVersion}`)
    return schemaVersion
  })
  return prepare.immediate()
}

const totalsOf = (row: RoomRow): RoomTotals => ({
  first: row.first,
  leasedTo: row.leased,
  bytes: row.bytes,
  blobs: row.blobs,
})

const roomBytesOf = (room: RoomId): Uint8Array => {
  const bytes = hexToBytes(room)
  if (bytes === undefined) throw new TypeError("a room id is hex")
  return bytes
}

const mailboxOf = (database: Database.Database, limits: MailboxLimits, log: WalSync): Mailbox => {
  const { store } = database.prepare("SELECT store FROM meta").get() as { store: Uint8Array }
  const selectFloor = database.prepare("SELECT floor FROM meta").pluck()
  const raiseFloor = database.prepare("UPDATE meta SET floor = max(floor, ?)")
  const selectUsed = database.prepare("SELECT count(*) AS rooms, coalesce(sum(bytes), 0) AS bytes FROM rooms")
  const selectRoom = database.prepare("SELECT * FROM rooms WHERE room = ?")
  const selectRoomById = database.prepare("SELECT * FROM rooms WHERE id = ?")
  const insertRoom = database.prepare(
    "INSERT INTO rooms (room, first, leased, bytes, blobs, posted_ms) VALUES (?, ?, 0, 0, 0, ?)",
  )
  const updateRoom = database.prepare(
    "UPDATE rooms SET first = ?, leased = ?, bytes = ?, blobs = ?, posted_ms = ? WHERE id = ?",
  )
  const selectIdle = database.prepare("SELECT * FROM rooms WHERE blobs = 0 AND posted_ms <= ? LIMIT ?")
  const deleteRoom = database.prepare("DELETE FROM rooms WHERE id = ?")
  const insertBlob = database.prepare("INSERT INTO blobs (room, offset, at_ms, blob) VALUES (?, ?, ?, ?)")
  const selectPage = database.prepare(
    "SELECT offset, length(blob) AS bytes, id FROM blobs WHERE room = ? AND offset > ? AND offset < ? ORDER BY offset LIMIT ?",
  )
  const selectBlob = database.prepare("SELECT blob FROM blobs WHERE id = ?").pluck()
  const selectExpired = database.prepare(
    "SELECT id, room, offset, length(blob) AS bytes FROM blobs WHERE at_ms <= ? ORDER BY at_ms LIMIT ?",
  )
  const deleteBlob = database.prepare("DELETE FROM blobs WHERE id = ?")

  // Counted once, then kept; set only after a commit, so that a failed one changes nothing.
  let used = selectUsed.get() as { rooms: number; bytes: number }

  const roomOf = (room: RoomId): RoomRow | undefined =>
    selectRoom.get(roomBytesOf(room)) as RoomRow | undefined

  /** The rows that one transaction touches, each read and written once. */
  const transact = <T>(work: (rows: Map<RoomId, RoomRow>, use: { rooms: number; bytes: number }) => T) => {
    const rows = new Map<RoomId, RoomRow>()
    const use = { ...used }
    const run = database.transaction((): T => {
      const result = work(rows, use)
      for (const row of rows.values()) {
        updateRoom.run(row.first, row.leased, row.bytes, row.blobs, row.posted_ms, row.id)
      }
      return result
    })
    const result = run.immediate()
    used = use
    const rooms = new Map<RoomId, RoomTotals>()
    for (const [room, row] of rows) rooms.set(room, totalsOf(row))
    return { result, rooms }
  }

  const expire = (rows: Map<RoomId, RoomRow>, use: { rooms: number; bytes: number }, nowMs: number): void => {
    const deadlineMs = nowMs - limits.ttlMs
    for (const row of selectIdle.all(deadlineMs, expireAtOnce) as RoomRow[]) {
      deleteRoom.run(row.id)
      raiseFloor.run(row.leased)
      use.rooms -= 1
    }
    const expired = selectExpired.all(deadlineMs, expireAtOnce) as {
      id: number
      room: number
      offset: number
      bytes: number
    }[]
    const rowById = new Map<number, RoomRow>()
    for (const blob of expired) {
      const row = rowById.get(blob.room) ?? (selectRoomById.get(blob.room) as RoomRow)
      rowById.set(row.id, row)
      rows.set(bytesToHex(row.room) as RoomId, row)
      deleteBlob.run(blob.id)
      row.bytes -= blob.bytes
      row.blobs -= 1
      row.first = Math.max(row.first, blob.offset + 1)
      use.bytes -= blob.bytes
    }
  }

  const appendOne = (
    rows: Map<RoomId, RoomRow>,
    use: { rooms: number; bytes: number },
    post: MailboxPost,
    nowMs: number,
  ): AppendOutcome => {
    const { blob, offset } = post
    let row = rows.get(post.room) ?? roomOf(post.room)
    if (use.bytes + blob.length > limits.storeBytes) return "StoreFull"
    if (row === undefined && use.rooms >= limits.rooms) return "StoreFull"
    if ((row?.bytes ?? 0) + blob.length > limits.roomBytes) return "RoomFull"
    if ((row?.blobs ?? 0) + 1 > limits.roomBlobs) return "RoomFull"
    if (row === undefined) {
      insertRoom.run(roomBytesOf(post.room), Math.min(offset, (selectFloor.get() as number) + 1), nowMs)
      use.rooms += 1
      row = roomOf(post.room)
      if (row === undefined) throw new Error("an inserted room is not there")
    }
    rows.set(post.room, row)
    insertBlob.run(row.id, offset, nowMs, blob)
    row.bytes += blob.length
    row.blobs += 1
    row.posted_ms = nowMs
    row.leased = Math.max(row.leased, offset + leaseOffsets)
    use.bytes += blob.length
    return "Stored"
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
    const row = roomOf(room)
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
      const row = roomOf(room)
      const floor = selectFloor.get() as number
      if (row === undefined) return { first: floor + 1, next: floor + 1, bytes: 0, blobs: 0 }
      return { first: row.first, next: row.leased + 1, bytes: row.bytes, blobs: row.blobs }
    },
    async append(posts, nowMs) {
      if (isBroken) throw new Error("a sync has failed")
      const { result, rooms } = transact((rows, use) => {
        expire(rows, use, nowMs)
        return posts.map(post => appendOne(rows, use, post, nowMs))
      })
      await synced(posts)
      return { outcomes: result, rooms }
    },
    async read(room, after, limit) {
      return readPage(room, after, limit)
    },
    async expire(nowMs) {
      return transact((rows, use) => expire(rows, use, nowMs)).rooms
    },
    async close() {
      if (!database.open) return
      log.close()
      database.close()
    },
  }
}
