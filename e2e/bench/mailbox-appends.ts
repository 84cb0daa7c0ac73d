import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { type RoomId, bytesToHex } from "@home/shared/base"
import Database from "better-sqlite3"
import { openWalSync } from "../../sync-server/src/disk/wal-sync.js"
import { openSqliteMailbox } from "../../sync-server/src/relay/mailbox-sqlite.js"
import { defaultRelayLimits } from "../../sync-server/src/relay/limits.js"
import { systemRandom } from "../../sync-server/src/profile/platform.js"
import type { Benchmark, Goal, Measurement, Run } from "./benchmark.js"
import { alternate } from "./rounds.js"

const blobBytes = 600
/** A commit gathers what came in some milliseconds, of several families. */
const roomCount = 8

interface Post {
  readonly room: number
  readonly offset: number
}

interface Store {
  append(posts: readonly Post[], blob: Uint8Array): Promise<void>
  close(): Promise<void>
}

/**
 * The table that a mailbox cannot do without, in one transaction a batch, with the mailbox's settings. `isSyncedAside`:
 * its log is synced from libuv's threads, as the mailbox's is, and not by SQLite on this one.
 */
const openBare = (file: string, isSyncedAside: boolean): Store => {
  const database = new Database(file)
  database.pragma("locking_mode = EXCLUSIVE")
  database.pragma("journal_mode = WAL")
  database.pragma(`synchronous = ${isSyncedAside ? "NORMAL" : "FULL"}`)
  database.pragma("fullfsync = ON")
  database.pragma("journal_size_limit = 67108864")
  database.exec("CREATE TABLE blobs (room INTEGER NOT NULL, offset INTEGER NOT NULL, blob BLOB NOT NULL)")
  database.exec("CREATE UNIQUE INDEX blobs_by_offset ON blobs (room, offset)")
  const insert = database.prepare("INSERT INTO blobs (room, offset, blob) VALUES (?, ?, ?)")
  const append = database.transaction((posts: readonly Post[], blob: Uint8Array): void => {
    for (const { room, offset } of posts) insert.run(room, offset, blob)
  })
  const log = isSyncedAside ? openWalSync(file) : undefined
  return {
    append: async (posts, blob) => {
      append.immediate(posts, blob)
      await log?.sync()
    },
    close: async () => {
      log?.close()
      database.close()
    },
  }
}

const openOurs = (file: string): Store => {
  const limits = { ...defaultRelayLimits, roomBlobs: Number.MAX_SAFE_INTEGER }
  const mailbox = openSqliteMailbox(file, limits, systemRandom)
  if (!mailbox.ok) throw new Error(mailbox.error.type)
  const rooms = Array.from({ length: roomCount }, () => bytesToHex(randomBytes(32)) as RoomId)
  return {
    append: async (posts, blob) => {
      const { outcomes } = await mailbox.value.append(
        posts.map(({ room, offset }) => ({ room: rooms[room] ?? ("" as RoomId), offset, blob })),
        Date.now(),
      )
      if (outcomes.some(outcome => outcome !== "Stored")) throw new Error("a post was refused")
    },
    close: () => mailbox.value.close(),
  }
}

const measure = async (run: Run, batch: number): Promise<readonly Measurement[]> => {
  const batches = run.isQuick ? 20 : 400
  const ours = openOurs(join(run.folder, `mailbox-${batch}.sqlite`))
  const bare = openBare(join(run.folder, `bare-${batch}.sqlite`), false)
  const aside = openBare(join(run.folder, `aside-${batch}.sqlite`), true)
  const blob = new Uint8Array(randomBytes(blobBytes))
  const nextOffset = new Map([ours, bare, aside].map(store => [store, 1]))
  const appendBatch = (store: Store): Promise<void> => {
    const from = nextOffset.get(store) ?? 1
    nextOffset.set(store, from + batch)
    const posts = Array.from({ length: batch }, (_, i) => ({ room: i % roomCount, offset: from + i }))
    return store.append(posts, blob)
  }
  const against = async (name: string, store: Store, what: string, goal: Goal): Promise<Measurement> => {
    const samples = await alternate(
      run.rounds,
      batches,
      () => appendBatch(ours),
      () => appendBatch(store),
    )
    const perSecond = (tookMs: number): number => (batches * batch * 1_000) / tookMs
    return {
      what,
      unit: "posts/s",
      ours: samples.ours.map(perSecond),
      against: { name, samples: samples.theirs.map(perSecond) },
      goal,
    }
  }
  const what = `durable appends of ${blobBytes} B in batches of ${batch}`
  const measurements = [
    await against("bare better-sqlite3", bare, `${what}, ${batches} batches a round, in turns`, {
      type: "RatioAtLeast",
      bound: 0.9,
    }),
    await against("the same, synced aside", aside, `${what}; floor: the log synced off the thread`, {
      type: "None",
    }),
  ]
  for (const store of [ours, bare, aside]) await store.close()
  return measurements
}

export const mailboxAppends: Benchmark = {
  id: "P7",
  what: "durable appends at the mailbox",
  sides: [
    "ours: quotas of room and store, expiry, room totals and leases in the same transaction; on disk when it resolves, synced off the thread",
    "bare better-sqlite3: one insert a post into a table with a unique index on (room, offset), nothing else; on disk when it returns, which blocks the thread",
    "floor: the same bare table, its log synced off the thread as ours is: what it costs not to hold up the thread",
    "all: WAL, a commit synced to the disk before it counts (synchronous=FULL's promise), exclusive lock, one file each",
  ],
  run: async run => ({
    type: "Measured",
    measurements: [...(await measure(run, 16)), ...(await measure(run, 64))],
  }),
}
