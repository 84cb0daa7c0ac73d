import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Store, textToBytes } from "@home/shared/base"
import { testBundle, testFeed } from "@home/shared/testing"
import Sqlite from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import type { WalSync } from "../disk/wal-sync.js"
import { createCommitQueue } from "./commit-queue.js"
import { openDatabase } from "./database.js"
import { type ProfileDatabase, openProfileDatabase } from "./profile-database.js"
import { createSqliteStore } from "./sqlite-store.js"

const root = mkdtempSync(join(tmpdir(), "home-database-"))
afterAll(() => rmSync(root, { recursive: true }))

let profiles = 0
const newPath = (): string => join(root, `${profiles++}`, "profile.db")
const open = (path: string): ProfileDatabase => {
  const opened = openProfileDatabase(path)
  if (!opened.ok) throw new Error(opened.error.type)
  return opened.value
}
const put = (store: Store, name: string, value = textToBytes(name)): Promise<void> =>
  store.write([{ type: "Put", key: [name], value }])
/** A closed file with some pages of content. */
const filled = async (): Promise<string> => {
  const path = newPath()
  const { store, archive, close } = open(path)
  for (let i = 0; i < 20; i++) await put(store, `key ${i}`, new Uint8Array(2000).fill(i))
  await archive.append(
    Array.from({ length: 20 }, (_, i) => testBundle({ feed: testFeed(1), seq: i + 1, sizeBytes: 900 })),
  )
  await close()
  return path
}

describe("a profile's file", () => {
  it("[S21] is private, with its log, and made private again when it was not", async () => {
    const path = newPath()
    const database = open(path)
    await put(database.store, "a")
    const modes = (): readonly number[] =>
      readdirSync(join(path, "..")).map(name => statSync(join(path, "..", name)).mode & 0o777)
    expect(readdirSync(join(path, ".."))).toContain("profile.db-wal")
    expect(modes().every(mode => mode === 0o600)).toBe(true)
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700)
    await database.close()
    chmodSync(path, 0o644)
    const again = open(path)
    await put(again.store, "b")
    expect(modes().every(mode => mode === 0o600)).toBe(true)
    await again.close()
  })

  it("[S4] is written ahead, into the very log that is synced", async () => {
    const path = newPath()
    const { store, close } = open(path)
    const before = statSync(`${path}-wal`)
    for (let i = 0; i < 30; i++) await put(store, `key ${i}`, new Uint8Array(300_000))
    // Written around, moved into the database and begun anew: still the same file.
    expect(statSync(`${path}-wal`).ino).toBe(before.ino)
    await close()
  })

  it("[S20] that is no database is damaged; another program's is foreign; neither is touched", async () => {
    const text = newPath()
    mkdirSync(join(text, ".."))
    writeFileSync(text, "a letter to the family, long enough to be looked at".repeat(40))
    const before = readFileSync(text)
    expect(openProfileDatabase(text)).toEqual({ ok: false, error: { type: "Damaged", path: text } })
    expect(readFileSync(text)).toEqual(before)

    const foreign = newPath()
    mkdirSync(join(foreign, ".."))
    const other = new Sqlite(foreign)
    other.exec("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('bread')")
    other.close()
    const untouched = readFileSync(foreign)
    expect(openProfileDatabase(foreign)).toEqual({ ok: false, error: { type: "Foreign", path: foreign } })
    expect(readFileSync(foreign)).toEqual(untouched)
  })

  it("[S20] with pages that were overwritten is damaged, wherever the stroke falls", async () => {
    const path = await filled()
    const whole = readFileSync(path)
    let found = 0
    for (let page = 1; page < whole.length / 4096; page++) {
      writeFileSync(path, whole)
      const spoiled = Buffer.from(whole)
      spoiled.fill(0xa5, page * 4096, (page + 1) * 4096)
      writeFileSync(path, spoiled)
      const opened = openProfileDatabase(path)
      if (opened.ok) await opened.value.close()
      else if (opened.error.type === "Damaged") found++
    }
    // Pages that hold only the tail of one large value carry no structure: the seal or the parser finds those.
    expect(found).toBeGreaterThan(0.5 * (whole.length / 4096))
    writeFileSync(path, whole)
    await open(path).close()
  })

  it("[S20] that was cut off is damaged", async () => {
    const path = await filled()
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, 4096 * Math.floor(whole.length / 4096 / 2)))
    expect(openProfileDatabase(path)).toEqual({ ok: false, error: { type: "Damaged", path } })
  })

  it("[S34] takes 2 MB of memory for its pages, also right after all of them were checked", () => {
    const opened = openDatabase(newPath())
    if (!opened.ok) throw new Error(opened.error.type)
    expect(opened.value.pragma("cache_size", { simple: true })).toBe(-2_000)
    opened.value.close()
  })

  it("[S20] of a newer version is refused with that version and left alone", async () => {
    const path = await filled()
    const connection = new Sqlite(path)
    connection.pragma("user_version = 9")
    connection.close()
    expect(openProfileDatabase(path)).toEqual({ ok: false, error: { type: "Newer", path, version: 9 } })
  })

  it("[S20] that a crash left empty is taken as new", async () => {
    const path = newPath()
    mkdirSync(join(path, ".."))
    writeFileSync(path, "")
    const database = open(path)
    await put(database.store, "a")
    await database.close()
  })
})

describe("the commit queue", () => {
  const openTraced = (log: WalSync = { sync: async () => {}, close: () => {} }) => {
    const path = newPath()
    const made = openDatabase(path)
    if (!made.ok) throw new Error(made.error.type)
    made.value.close()
    const statements: string[] = []
    const connection = new Sqlite(path, { verbose: statement => statements.push(String(statement)) })
    const queue = createCommitQueue(connection, log)
    const store = createSqliteStore(connection, queue, async () => void connection.close())
    const commits = (): number => statements.filter(statement => statement === "COMMIT").length
    return { connection, queue, store, commits }
  }

  it("[S4] a write resolves when the log is on the disk, one that need not wait when it is committed", async () => {
    const syncs: (() => void)[] = []
    const { connection, queue } = openTraced({
      sync: () => new Promise(resolve => syncs.push(resolve)),
      close: () => {},
    })
    const resolved: string[] = []
    const durable = queue.run(() => {}).then(() => resolved.push("durable"))
    await queue.runSoon(() => {}).then(() => resolved.push("soon"))
    expect([resolved, syncs.length]).toEqual([["soon"], 1])
    syncs[0]?.()
    await durable
    expect(resolved).toEqual(["soon", "durable"])
    connection.close()
  })

  it("[S4] settled waits for the log while anything that was committed is not on the disk, and not otherwise", async () => {
    const syncs: (() => void)[] = []
    const { connection, queue } = openTraced({
      sync: () => new Promise(resolve => syncs.push(resolve)),
      close: () => {},
    })
    await queue.settled()
    expect(syncs).toHaveLength(0)
    await queue.runSoon(() => {})
    let isSettled = false
    const settled = queue.settled().then(() => {
      isSettled = true
    })
    expect([isSettled, syncs.length]).toEqual([false, 1])
    syncs[0]?.()
    await settled
    await queue.settled()
    expect(syncs).toHaveLength(1)
    connection.close()
  })

  it("[S4] after a sync that failed nothing is promised any more", async () => {
    let isWell = false
    const { store } = openTraced({
      sync: async () => {
        if (!isWell) throw new Error("EIO")
      },
      close: () => {},
    })
    await expect(put(store, "a")).rejects.toThrow("EIO")
    isWell = true
    await expect(put(store, "b")).rejects.toThrow("EIO")
    await store.close()
  })

  it("[S29] commits once what was written at once, and resolves only then", async () => {
    const { store, commits } = openTraced()
    const names = Array.from({ length: 20 }, (_, i) => `key ${i}`)
    const committedAt = await Promise.all(names.map(name => put(store, name).then(commits)))
    expect(committedAt.every(count => count === 1)).toBe(true)
    expect(commits()).toBe(1)
    await put(store, "later")
    expect(commits()).toBe(2)
    expect(await store.list([])).toHaveLength(21)
    await store.close()
  })

  it("[S1] undoes a write that fails in the middle of the transaction, and commits its neighbours", async () => {
    const { store, commits } = openTraced()
    const text = "SQLite refuses this in a column of bytes" as unknown as Uint8Array
    const outcomes = await Promise.allSettled([
      put(store, "a"),
      store.write([
        { type: "Put", key: ["b"], value: textToBytes("b") },
        { type: "Remove", key: ["a"] },
        { type: "Put", key: ["c"], value: text },
      ]),
      put(store, "d"),
    ])
    expect(outcomes.map(outcome => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect((await store.list([])).map(entry => entry.key)).toEqual([["a"], ["d"]])
    expect(commits()).toBe(1)
    await store.close()
  })

  it("[S29] a full disk rejects what did not fit, keeps what was there, and goes on when there is room", async () => {
    const { connection, store } = openTraced()
    await put(store, "before")
    connection.pragma("wal_checkpoint(TRUNCATE)")
    const pages = Number(connection.pragma("page_count", { simple: true }))
    connection.pragma(`max_page_count = ${pages + 2}`)
    const large = await Promise.allSettled([
      put(store, "large", new Uint8Array(100_000)),
      put(store, "small"),
    ])
    expect(large[0]?.status).toBe("rejected")
    const smallIsThere = (await store.get(["small"])) !== undefined
    expect(smallIsThere).toBe(large[1]?.status === "fulfilled")
    expect(await store.get(["large"])).toBeUndefined()
    expect(await store.get(["before"])).toEqual(textToBytes("before"))
    connection.pragma(`max_page_count = ${pages + 1000}`)
    await put(store, "large", new Uint8Array(100_000))
    expect((await store.get(["large"]))?.length).toBe(100_000)
    await store.close()
  })

  it("[S29] closing commits what is queued", async () => {
    const path = newPath()
    const database = open(path)
    const written = put(database.store, "a")
    const appended = database.archive.append([testBundle({ feed: testFeed(1), seq: 1 })])
    await database.close()
    await Promise.all([written, appended])
    await database.close()
    const again = open(path)
    expect(await again.store.get(["a"])).toEqual(textToBytes("a"))
    expect((await again.archive.count()).bundles).toBe(1)
    await again.close()
  })
})
