import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ChunkId } from "@home/shared/base"
import { runBlobStoreContract } from "@home/shared/testing"
import { afterAll, expect, it } from "vitest"
import { openFileBlobStore } from "./file-blob-store.js"

const root = mkdtempSync(join(tmpdir(), "home-blobs-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0
const next = (): string => join(root, String((count += 1)))
const last = (): string => join(root, String(count))

runBlobStoreContract("files", {
  open: () => openFileBlobStore(next()),
  reopen: () => openFileBlobStore(last()),
})

it("[S33] files are their user's own, and what a crash left half-written is swept at the next start", async () => {
  const id = "ab".repeat(32) as ChunkId
  const store = await openFileBlobStore(next())
  await store.put(id, new Uint8Array(10))
  const folder = join(last(), "ab")
  expect([statSync(folder).mode & 0o777, statSync(join(folder, id)).mode & 0o777]).toEqual([0o700, 0o600])
  writeFileSync(join(folder, `${"ac".repeat(32)}.0011.part`), "half")
  expect(await store.list()).toHaveLength(1)
  expect(await (await openFileBlobStore(last())).list()).toEqual([{ id, sizeBytes: 10 }])
  expect(readdirSync(folder)).toEqual([id])
})
