import "fake-indexeddb/auto"
import "@automerge/automerge"
import { runStorageAdapterTests } from "@automerge/automerge-repo/helpers/tests/storage-adapter-tests.js"
import { createStorageSeal } from "@home/crypto"
import type { Random } from "@home/shared/base"
import { createDocumentStorage, createSealedStore } from "@home/shared/replica"
import {
  runArchiveContract,
  runBlobStoreContract,
  runStoreContract,
  testBundle,
  testFeed,
} from "@home/shared/testing"
import { describe, expect, it } from "vitest"
import { StoredBundleDamaged } from "./idb-archive.js"
import { bundleStore } from "./idb-feeds.js"
import { requested } from "./idb.js"
import { eraseDatabase, openProfileDatabase } from "./profile-database.js"

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
let databases = 0
const newName = (): string => `profile ${databases++}`
const open = (name: string) => openProfileDatabase(indexedDB, name, random)

runStoreContract("IndexedDB", async () => {
  const name = newName()
  return { open: async () => (await open(name)).store }
})

runArchiveContract("IndexedDB", async () => {
  const name = newName()
  return { open: async () => (await open(name)).archive }
})

let chunks = ""
runBlobStoreContract("IndexedDB", {
  open: async () => {
    chunks = newName()
    return (await open(chunks)).blobs
  },
  reopen: async () => (await open(chunks)).blobs,
})

describe("[S9] automerge-repo's own acceptance suite", () => {
  runStorageAdapterTests(async () => {
    const { store } = await open(newName())
    const seal = createStorageSeal({ masterKey: random.bytes(32), random })
    return { adapter: createDocumentStorage(createSealedStore(store, seal), { prefix: ["automerge"] }) }
  }, "sealed IndexedDB")
})

describe("the database of a profile", () => {
  it("[S18] gives its archive an identity of its own, and a new one when it is told of a copy", async () => {
    const name = newName()
    const [first, other] = [await open(name), await open(newName())]
    expect(first.archive.identity).not.toEqual(other.archive.identity)
    const before = first.archive.identity
    await first.archive.renewIdentity()
    expect(first.archive.identity).not.toEqual(before)
    const { identity } = first.archive
    first.close()
    expect((await open(name)).archive.identity).toEqual(identity)
  })

  it("[S8] throws for a bundle that the disk altered beyond parsing", async () => {
    const { archive, database } = await open(newName())
    const bundle = testBundle({ feed: testFeed(1), seq: 1 })
    await archive.append([bundle])
    const bundles = database.transaction(bundleStore, "readwrite").objectStore(bundleStore)
    const row = (await requested(bundles.get(1))) as object
    await requested(bundles.put({ ...row, bytes: new Uint8Array(3) }))
    await expect(archive.get(bundle.hash)).rejects.toThrow(StoredBundleDamaged)
  })

  it("is erased with everything in it, though a tab has it open", async () => {
    const name = newName()
    const { store } = await open(name)
    await store.write([{ type: "Put", key: ["a"], value: new Uint8Array(1) }])
    await eraseDatabase(indexedDB, name)
    expect(await (await open(name)).store.list([])).toEqual([])
  })
})
