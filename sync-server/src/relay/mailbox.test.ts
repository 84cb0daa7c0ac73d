import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { randomBytes } from "node:crypto"
import type { Random, RoomId } from "@home/shared/base"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { defaultRelayLimits } from "./limits.js"
import { describeMailbox } from "./mailbox-contract.js"
import { createMailboxMemory, createMemoryMailbox } from "./mailbox-memory.js"
import { openSqliteMailbox } from "./mailbox-sqlite.js"
import type { Mailbox } from "./mailbox.js"
import type { WalSync } from "../disk/wal-sync.js"

const random: Random = { bytes: length => new Uint8Array(randomBytes(length)) }

describeMailbox("memory", () => {
  const memory = createMailboxMemory(random)
  return {
    open: async limits => createMemoryMailbox(memory, limits),
    discard: async () => {},
  }
})

describeMailbox("sqlite", () => {
  const directory = mkdtempSync(join(tmpdir(), "home-mailbox-"))
  return {
    open: async limits => {
      const opened = openSqliteMailbox(join(directory, "mailbox.sqlite"), limits, random)
      if (!opened.ok) throw new Error(opened.error.type)
      return opened.value
    },
    discard: async () => rmSync(directory, { recursive: true }),
  }
})

describe("the SQLite mailbox", () => {
  const inDirectory = async (work: (file: string) => Promise<void>): Promise<void> => {
    const directory = mkdtempSync(join(tmpdir(), "home-mailbox-"))
    try {
      await work(join(directory, "mailbox.sqlite"))
    } finally {
      rmSync(directory, { recursive: true })
    }
  }

  const room = "07".repeat(32) as RoomId
  const post = (offset: number) => ({ room, offset, blob: Uint8Array.of(offset) })
  const everything = { bytes: 1_000, blobs: 1_000 }

  it("[R26] acknowledges and shows a commit only when its log is on the disk", async () => {
    await inDirectory(async file => {
      const syncs: (() => void)[] = []
      const held: WalSync = { sync: () => new Promise(resolve => syncs.push(resolve)), close: () => {} }
      const opened = openSqliteMailbox(file, defaultRelayLimits, random, () => held)
      if (!opened.ok) throw new Error(opened.error.type)
      const mailbox = opened.value
      const offsets = async () => (await mailbox.read(room, 0, everything)).blobs.map(({ offset }) => offset)
      const resolved: string[] = []
      const first = mailbox.append([post(1)], 0).then(() => resolved.push("first"))
      const second = mailbox.append([post(2), post(3)], 0).then(() => resolved.push("second"))
      expect(await offsets()).toEqual([])
      expect([resolved, syncs.length]).toEqual([[], 2])
      syncs[0]?.()
      await first
      expect([resolved, await offsets()]).toEqual([["first"], [1]])
      syncs[1]?.()
      await second
      expect([resolved, await offsets()]).toEqual([
        ["first", "second"],
        [1, 2, 3],
      ])
      await mailbox.close()
    })
  })

  it("[R26] takes nothing more after a sync that failed, and shows nothing of it", async () => {
    await inDirectory(async file => {
      let isWell = true
      const failing: WalSync = {
        sync: async () => {
          if (!isWell) throw new Error("EIO")
        },
        close: () => {},
      }
      const opened = openSqliteMailbox(file, defaultRelayLimits, random, () => failing)
      if (!opened.ok) throw new Error(opened.error.type)
      const mailbox = opened.value
      await mailbox.append([post(1)], 0)
      isWell = false
      await expect(mailbox.append([post(2)], 0)).rejects.toThrow("EIO")
      isWell = true
      await expect(mailbox.append([post(3)], 0)).rejects.toThrow()
      expect((await mailbox.read(room, 0, everything)).blobs.map(({ offset }) => offset)).toEqual([1])
      await mailbox.close()
    })
  })

  it("[R28] counts at its start what the rooms' totals do not say yet", async () => {
    await inDirectory(async file => {
      const opened = openSqliteMailbox(file, defaultRelayLimits, random)
      if (!opened.ok) throw new Error(opened.error.type)
      const other = "08".repeat(32) as RoomId
      for (let offset = 1; offset <= 40; offset++)
        await opened.value.append([post(offset), ...(offset === 30 ? [{ ...post(1), room: other }] : [])], 0)
      const places = async (mailbox: Mailbox) => [await mailbox.open(room), await mailbox.open(other)]
      const before = await places(opened.value)
      expect(before).toMatchObject([
        { bytes: 40, blobs: 40 },
        { bytes: 1, blobs: 1 },
      ])
      await opened.value.close()
      const database = new Database(file)
      // Of the first room ten were not counted when it was last written, with the other's first post.
      expect(database.prepare("SELECT blobs FROM rooms ORDER BY id").pluck().all()).toEqual([30, 1])
      database.close()
      for (let start = 0; start < 2; start++) {
        const again = openSqliteMailbox(file, defaultRelayLimits, random)
        if (!again.ok) throw new Error(again.error.type)
        expect(await places(again.value)).toEqual(before)
        await again.value.close()
      }
    })
  })

  it("[R24] what a clock that ran ahead has dated is as old as the clock that was put right", async () => {
    await inDirectory(async file => {
      const opened = openSqliteMailbox(file, { ...defaultRelayLimits, ttlMs: 1_000 }, random)
      if (!opened.ok) throw new Error(opened.error.type)
      const mailbox = opened.value
      const offsets = async () => (await mailbox.read(room, 0, everything)).blobs.map(({ offset }) => offset)
      await mailbox.append([post(1)], 9_000_000)
      await mailbox.append([post(2)], 100)
      await mailbox.expire(1_099)
      expect(await offsets()).toEqual([1, 2])
      await mailbox.expire(1_100)
      expect(await offsets()).toEqual([])
      await mailbox.close()
    })
  })

  it("[R26] syncs the very log that SQLite writes to", async () => {
    await inDirectory(async file => {
      const opened = openSqliteMailbox(file, defaultRelayLimits, random)
      if (!opened.ok) throw new Error(opened.error.type)
      const before = statSync(`${file}-wal`)
      for (let offset = 1; offset <= 50; offset++)
        await opened.value.append([{ room, offset, blob: new Uint8Array(200_000) }], 0)
      // Written around, checkpointed and begun anew: still the same file.
      expect(statSync(`${file}-wal`).ino).toBe(before.ino)
      await opened.value.close()
    })
  })

  it("[R27] is held by one process: a second one is told so", async () => {
    await inDirectory(async file => {
      const opened = openSqliteMailbox(file, defaultRelayLimits, random)
      if (!opened.ok) throw new Error(opened.error.type)
      expect(openSqliteMailbox(file, defaultRelayLimits, random)).toEqual({
        ok: false,
        error: { type: "MailboxInUse" },
      })
      await opened.value.close()
    })
  })

  it("[R27] refuses a file that is no mailbox, or one of a later version, and leaves it as it is", async () => {
    await inDirectory(async file => {
      writeFileSync(file, "this is no database, and long enough to be looked at as one".repeat(100))
      expect(openSqliteMailbox(file, defaultRelayLimits, random)).toMatchObject({
        error: { type: "MailboxUnreadable" },
      })
    })
    await inDirectory(async file => {
      const database = new Database(file)
      database.pragma("user_version = 99")
      database.exec("CREATE TABLE something (id INTEGER)")
      database.close()
      expect(openSqliteMailbox(file, defaultRelayLimits, random)).toEqual({
        ok: false,
        error: { type: "MailboxUnreadable", reason: "version 99" },
      })
    })
  })
})
