import "@automerge/automerge"
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runStorageAdapterTests } from "@automerge/automerge-repo/helpers/tests/storage-adapter-tests.js"
import { createStorageSeal } from "@home/crypto"
import { type Store, textToBytes } from "@home/shared/base"
import { createDocumentStorage, createSealedStore } from "@home/shared/replica"
import { runStoreContract } from "@home/shared/testing"
import { randomBytes } from "node:crypto"
import { afterAll, describe, expect, it } from "vitest"
import { openProfileDatabase } from "./profile-database.js"

const root = mkdtempSync(join(tmpdir(), "home-store-"))
afterAll(() => rmSync(root, { recursive: true }))

let disks = 0
const newPath = (): string => join(root, `${disks++}`, "profile.db")
const open = (path: string): Store => {
  const opened = openProfileDatabase(path)
  if (!opened.ok) throw new Error(opened.error.type)
  return opened.value.store
}
const seal = createStorageSeal({
  masterKey: new Uint8Array(32).fill(7),
  random: { bytes: length => new Uint8Array(randomBytes(length)) },
})
const openSealed = (path: string): Store => createSealedStore(open(path), seal)

runStoreContract("sqlite", async () => {
  const path = newPath()
  return { open: async () => open(path) }
})
runStoreContract("sealed sqlite", async () => {
  const path = newPath()
  return { open: async () => openSealed(path) }
})

describe("[S9] automerge-repo's own acceptance suite over files", () => {
  runStorageAdapterTests(async () => {
    const store = openSealed(newPath())
    return { adapter: createDocumentStorage(store, { prefix: ["documents"] }), teardown: () => store.close() }
  }, "sealed sqlite")
})

describe("a sealed file", () => {
  it("[S7] shows no name and no value, neither in the database nor in its log", async () => {
    const canary = "CANARY-oat-milk"
    const path = newPath()
    const rawFiles = (): string =>
      readdirSync(join(path, ".."))
        .map(name => readFileSync(join(path, "..", name), "latin1"))
        .join()
    const store = openSealed(path)
    await store.write([
      { type: "Put", key: ["documents", canary, "snapshot"], value: textToBytes(`${canary} again`) },
      { type: "Put", key: [canary], value: new Uint8Array(0) },
    ])
    expect(rawFiles()).not.toContain(canary)
    expect((await store.list([canary])).map(entry => entry.key)).toEqual([[canary]])
    await store.close()
    expect(rawFiles()).not.toContain(canary)
    expect(rawFiles().length).toBeGreaterThan(4096)
  })

  it("[S7] the same value without the seal is seen: the search finds what is there", async () => {
    const path = newPath()
    const store = open(path)
    await store.write([{ type: "Put", key: ["CANARY-key"], value: textToBytes("CANARY-value") }])
    await store.close()
    const raw = readFileSync(path, "latin1")
    expect([raw.includes("CANARY-key"), raw.includes("CANARY-value")]).toEqual([true, true])
  })
})
