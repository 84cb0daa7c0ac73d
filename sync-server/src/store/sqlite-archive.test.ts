import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runArchiveContract, testBundle, testFeed } from "@home/shared/testing"
import { afterAll, describe, expect, it } from "vitest"
import Sqlite from "better-sqlite3"
import { type ProfileDatabase, openProfileDatabase } from "./profile-database.js"
import { StoredBundleDamaged } from "./sqlite-archive.js"

const root = mkdtempSync(join(tmpdir(), "home-archive-"))
afterAll(() => rmSync(root, { recursive: true }))

let disks = 0
const newPath = (): string => join(root, `${disks++}`, "profile.db")
const open = (path: string): ProfileDatabase => {
  const opened = openProfileDatabase(path)
  if (!opened.ok) throw new Error(opened.error.type)
  return opened.value
}

runArchiveContract("sqlite", async () => {
  const path = newPath()
  return { open: async () => open(path).archive }
})

describe("an archive in a file", () => {
  it("[S18] has an identity of its own, keeps it, and takes a new one when it is told of a restore", async () => {
    const path = newPath()
    const first = open(path)
    const other = open(newPath())
    expect(other.archive.identity).not.toEqual(first.archive.identity)
    await other.close()
    const before = first.archive.identity
    await first.archive.renewIdentity()
    const renewed = first.archive.identity
    expect(renewed).toHaveLength(16)
    expect(renewed).not.toEqual(before)
    await first.close()
    const again = open(path)
    expect(again.archive.identity).toEqual(renewed)
    await again.close()
  })

  it("[S19] positions are read without looking at bundles", async () => {
    const path = newPath()
    const database = open(path)
    await database.archive.append(
      Array.from({ length: 50 }, (_, i) => testBundle({ feed: testFeed(i % 5), seq: 1 + Math.floor(i / 5) })),
    )
    await database.close()
    const connection = new Sqlite(path)
    connection.exec("UPDATE bundle SET bytes = x'00' WHERE seq > 1")
    connection.close()
    const again = open(path)
    expect((await again.archive.positions()).map(position => position.contiguousSeq)).toEqual([
      10, 10, 10, 10, 10,
    ])
    await again.close()
  })

  it("[S8] a bundle that the disk altered beyond parsing is damage, not absence", async () => {
    const path = newPath()
    const database = open(path)
    const bundle = testBundle({ feed: testFeed(1), seq: 1 })
    await database.archive.append([bundle])
    await database.close()
    const connection = new Sqlite(path)
    connection.exec("UPDATE bundle SET bytes = substr(bytes, 2)")
    connection.close()
    const again = open(path)
    await expect(again.archive.get(bundle.hash)).rejects.toThrow(StoredBundleDamaged)
    await expect(again.archive.read(testFeed(1), 1, 1000)).rejects.toThrow(StoredBundleDamaged)
    expect(await again.archive.has(bundle.hash)).toBe(true)
    await again.close()
  })
})
