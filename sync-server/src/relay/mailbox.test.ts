import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { randomBytes } from "node:crypto"
import type { Random } from "@home/shared/base"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { defaultRelayLimits } from "./limits.js"
import { describeMailbox } from "./mailbox-contract.js"
import { createMailboxMemory, createMemoryMailbox } from "./mailbox-memory.js"
import { openSqliteMailbox } from "./mailbox-sqlite.js"

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

  it("[R26] syncs every commit to the disk, by the database's own word", async () => {
    await inDirectory(async file => {
      const opened = openSqliteMailbox(file, defaultRelayLimits, random)
      if (!opened.ok) throw new Error(opened.error.type)
      // 2 is FULL: sqlite.org/pragma.html#pragma_synchronous
      expect(opened.value.durability).toEqual({ journalMode: "wal", synchronous: 2 })
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
