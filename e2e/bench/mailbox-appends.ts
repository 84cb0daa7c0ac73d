import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { type RoomId, bytesToHex } from "@home/shared/base"
import Database from "better-sqlite3"
import { openSqliteMailbox } from "../../sync-server/src/relay/mailbox-sqlite.js"
import { defaultRelayLimits } from "../../sync-server/src/relay/limits.js"
import { systemRandom } from "../../sync-server/src/profile/platform.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
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

/** The table that a mailbox cannot do without, in one transaction a batch, with the mailbox's settings. */
const openBare = (file: string): Store => {
  const database = new Database(file)
  database.pragma("locking_mode = EXCLUSIVE")
  database.pragma("journal_mode = WAL")
  database.pragma("synchronous = FULL")
  database.pragma("fullfsync = ON")
  database.pragma("journal_size_limit = 67108864")
  database.exec("CREATE TABLE blobs (room INTEGER NOT NULL, offset INTEGER NOT NULL, blob BLOB NOT NULL)")
  database.exec("CREATE UNIQUE INDEX blobs_by_offset ON blobs (room, offset)")
  const insert = database.prepare("INSERT INTO blobs (room, offset, blob) VALUES (?, ?, ?)")
  const append = database.transaction((posts: readonly Post[], blob: Uint8Array): void => {
    for (const { room, offset } of posts) insert.run(room, offset, blob)
  })
  return {
    append: async (posts, blob) => void append.immediate(posts, blob),
    close: async () => void database.close(),
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

const measure = async (run: Run, batch: number): Promise<Measurement> => {
  const batches = run.isQuick ? 50 : 400
  const ours = openOurs(join(run.folder, `mailbox-${batch}.sqlite`))
  const bare = openBare(join(run.folder, `bare-${batch}.sqlite`))
  const blob = new Uint8Array(randomBytes(blobBytes))
  const nextOffset = new Map([
    [ours, 1],
    [bare, 1],
  ])
  const appendBatch = (store: Store): Promise<void> => {
    const from = nextOffset.get(store) ?? 1
    nextOffset.set(store, from + batch)
    const posts = Array.from({ length: batch }, (_, i) => ({ room: i % roomCount, offset: from + i }))
    return store.append(posts, blob)
  }
  const samples = await alternate(
    run.rounds,
    batches,
    () => appendBatch(ours),
    () => appendBatch(bare),
  )
  const perSecond = (tookMs: number): number => (batches * batch * 1_000) / tookMs
  await ours.close()
  await bare.close()
  return {
    what: `durable appends of ${blobBytes} B in batches of ${batch}, ${batches} batches a round, in turns`,
    unit: "posts/s",
    ours: samples.ours.map(perSecond),
    against: { name: "bare better-sqlite3", samples: samples.theirs.map(perSecond) },
    goal: { type: "RatioAtLeast", bound: 0.9 },
  }
}

export const mailboxAppends: Benchmark = {
  id: "P7",
  what: "durable appends at the mailbox",
  sides: [
    "ours: quotas of room and store, expiry, room totals and leases in the same transaction; on disk when it resolves, synced off the thread",
    "bare better-sqlite3: one insert a post into a table with a unique index on (room, offset), nothing else; on disk when it returns, which blocks the thread",
    "both: WAL, a commit synced to the disk before it counts (synchronous=FULL's promise), exclusive lock, one file each",
  ],
  run: async run => ({
    type: "Measured",
    measurements: [await measure(run, 16), await measure(run, 64)],
  }),
}
