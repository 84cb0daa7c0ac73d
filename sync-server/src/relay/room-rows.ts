import type Database from "better-sqlite3"
import { type RoomId, bytesToHex, hexToBytes } from "@home/shared/base"
import { type RoomTotals, leaseOffsets } from "./mailbox.js"

/** A room's row. `bytes`, `blobs` and `posted_ms` may be behind in the database, `leased` never is. */
export interface RoomRow {
  readonly id: number
  readonly room: Uint8Array
  first: number
  leased: number
  bytes: number
  blobs: number
  posted_ms: number
  /** The last offset stored since the row was read; 0: none. Not in the database. */
  last: number
}

/** One transaction's view of the rooms: copies that count once it stands. */
export interface RoomsChange {
  /** All rooms together. */
  rooms: number
  bytes: number
  /** Blobs added. */
  posts: number
  row(room: RoomId): RoomRow | undefined
  rowById(id: number): RoomRow
  /** Makes a room; `first`: where nothing below was ever dropped. */
  insert(room: RoomId, first: number, nowMs: number): RoomRow
  remove(row: RoomRow): void
  /** Brings the rows in the database up to date, now and at the end: blobs are going to be removed. */
  settle(): void
}

/**
 * The rooms' totals. Blobs are counted in memory and the rows written once in `uncountedPosts`, or when an offset
 * comes near the end of its room's lease: a row for each commit and room would cost as much as the blobs. What the
 * rows do not count yet is what lies behind `meta.counted` in the table of blobs; it is counted at the next start.
 */
export interface RoomRows {
  /** Runs `work` in one transaction. A throw undoes all of it, here as well. */
  transact<T>(work: (change: RoomsChange) => T): {
    readonly result: T
    readonly rooms: ReadonlyMap<RoomId, RoomTotals>
  }
  row(room: RoomId): RoomRow | undefined
}

/** So many blobs are counted again at a start, at the most: some milliseconds. */
const uncountedPosts = 1_024

/** The schema of what is kept here; `blobs` is the mailbox's. */
export const roomsSchema = `
  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY, room BLOB NOT NULL UNIQUE, first INTEGER NOT NULL, leased INTEGER NOT NULL,
    bytes INTEGER NOT NULL, blobs INTEGER NOT NULL, posted_ms INTEGER NOT NULL
  );
  CREATE INDEX rooms_idle ON rooms (posted_ms) WHERE blobs = 0;
`

const roomBytesOf = (room: RoomId): Uint8Array => {
  const bytes = hexToBytes(room)
  if (bytes === undefined) throw new TypeError("a room id is hex")
  return bytes
}

const totalsOf = (row: RoomRow): RoomTotals => ({
  first: row.first,
  leasedTo: row.leased,
  bytes: row.bytes,
  blobs: row.blobs,
})

const countAgain = `
  UPDATE rooms SET bytes = rooms.bytes + news.bytes, blobs = rooms.blobs + news.blobs, posted_ms = max(rooms.posted_ms, news.at_ms)
  FROM (SELECT room, count(*) AS blobs, sum(length(blob)) AS bytes, max(at_ms) AS at_ms
    FROM blobs WHERE id > (SELECT counted FROM meta) GROUP BY room) AS news
  WHERE rooms.id = news.room
`

export const createRoomRows = (database: Database.Database): RoomRows => {
  const selectRoom = database.prepare<[Uint8Array], RoomRow>("SELECT *, 0 AS last FROM rooms WHERE room = ?")
  const selectRoomById = database.prepare<[number], RoomRow>("SELECT *, 0 AS last FROM rooms WHERE id = ?")
  const insertRoom = database.prepare(
    "INSERT INTO rooms (room, first, leased, bytes, blobs, posted_ms) VALUES (?, ?, 0, 0, 0, ?)",
  )
  const updateRoom = database.prepare(
    "UPDATE rooms SET first = ?, leased = ?, bytes = ?, blobs = ?, posted_ms = ? WHERE id = ?",
  )
  const deleteRoom = database.prepare("DELETE FROM rooms WHERE id = ?")
  const setCounted = database.prepare("UPDATE meta SET counted = (SELECT coalesce(max(id), 0) FROM blobs)")

  const inTransaction = database.transaction((work: () => unknown): unknown => work())
  inTransaction.immediate(() => {
    database.exec(countAgain)
    setCounted.run()
  })
  const used = database
    .prepare<[], { rooms: number; bytes: number }>(
      "SELECT count(*) AS rooms, coalesce(sum(bytes), 0) AS bytes FROM rooms",
    )
    .get() ?? { rooms: 0, bytes: 0 }

  /** Rows whose totals in the database are behind. */
  let unsaved = new Map<RoomId, RoomRow>()
  let uncounted = 0

  const rowOf = (room: RoomId): RoomRow | undefined => unsaved.get(room) ?? selectRoom.get(roomBytesOf(room))

  const leaseOf = ({ leased, last }: RoomRow): number =>
    last === 0 ? leased : Math.max(leased, last + leaseOffsets)

  const save = (row: RoomRow): void => {
    updateRoom.run(row.first, leaseOf(row), row.bytes, row.blobs, row.posted_ms, row.id)
  }

  return {
    row: rowOf,
    transact: <T>(work: (change: RoomsChange) => T) => {
      const touched = new Map<RoomId, RoomRow>()
      let isSaved = false
      const saveAll = (): void => {
        for (const [room, row] of unsaved) if (!touched.has(room)) save(row)
        for (const row of touched.values()) save(row)
        setCounted.run()
        isSaved = true
      }
      const keep = (room: RoomId, row: RoomRow): RoomRow => {
        touched.set(room, row)
        return row
      }
      const change: RoomsChange = {
        ...used,
        posts: 0,
        row: room => {
          const known = touched.get(room)
          if (known !== undefined) return known
          const row = rowOf(room)
          return row && keep(room, { ...row })
        },
        rowById: id => {
          const row = selectRoomById.get(id)
          if (row === undefined) throw new Error("a blob without a room")
          return change.row(bytesToHex(row.room) as RoomId) ?? row
        },
        insert: (room, first, nowMs) => {
          const { lastInsertRowid } = insertRoom.run(roomBytesOf(room), first, nowMs)
          const row = selectRoomById.get(Number(lastInsertRowid))
          if (row === undefined) throw new Error("an inserted room is not there")
          change.rooms += 1
          return keep(room, row)
        },
        remove: row => {
          deleteRoom.run(row.id)
          change.rooms -= 1
        },
        settle: saveAll,
      }
      const run = (): T => {
        const result = work(change)
        const isLeaseShort = [...touched.values()].some(
          ({ last, leased }) => last > 0 && last + leaseOffsets / 2 > leased,
        )
        if (isSaved || isLeaseShort || uncounted + change.posts >= uncountedPosts) {
          saveAll()
          for (const row of touched.values()) row.leased = leaseOf(row)
        }
        return result
      }
      const result = inTransaction.immediate(run) as T
      used.rooms = change.rooms
      used.bytes = change.bytes
      uncounted = isSaved ? 0 : uncounted + change.posts
      if (isSaved) unsaved = new Map()
      else for (const [room, row] of touched) unsaved.set(room, row)
      const rooms = new Map<RoomId, RoomTotals>()
      for (const [room, row] of touched) rooms.set(room, totalsOf(row))
      return { result, rooms }
    },
  }
}
