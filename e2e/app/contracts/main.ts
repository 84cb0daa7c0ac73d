/** The contract suites of the adapters that need a browser, over what this browser gives: no stand-in among them. */
import automergeWasm from "@automerge/automerge/automerge.wasm?url"
import { initializeWasm } from "@automerge/automerge/slim"
import { runStorageAdapterTests } from "@automerge/automerge-repo/helpers/tests/storage-adapter-tests.js"
import { createStorageSeal } from "@home/crypto"
import { createDocumentStorage, createSealedStore } from "@home/shared/replica"
import { openProfileDatabase } from "../../../client/src/adapters/profile-database.js"
import { systemRandom } from "../../../client/src/adapters/platform.js"
import { findPrimitives } from "../../../client/src/adapters/web-primitives.js"
import { runPrimitivesContract } from "../../../crypto/src/testing/primitives-contract.js"
import { runArchiveContract } from "../../../shared/src/testing/archive-contract.js"
import { runStoreContract } from "../../../shared/src/testing/store-contract.js"
import { type Outcome, describe, runAll } from "./vitest-in-page.js"

let databases = 0
const newName = (): string => `profile ${databases++}`
const open = (name: string) => openProfileDatabase(indexedDB, name, systemRandom)

runStoreContract("IndexedDB", async () => {
  const name = newName()
  return { open: async () => (await open(name)).store }
})

runArchiveContract("IndexedDB", async () => {
  const name = newName()
  return { open: async () => (await open(name)).archive }
})

describe("automerge-repo's acceptance suite", () => {
  runStorageAdapterTests(async () => {
    const { store } = await open(newName())
    const seal = createStorageSeal({ masterKey: systemRandom.bytes(32), random: systemRandom })
    return { adapter: createDocumentStorage(createSealedStore(store, seal), { prefix: ["automerge"] }) }
  }, "sealed IndexedDB")
})

/** What the page of contracts gives to the test. */
export interface Contracts {
  run(): Promise<readonly Outcome[]>
}

const contracts: Contracts = {
  run: async () => {
    await initializeWasm(automergeWasm)
    runPrimitivesContract("WebCrypto", await findPrimitives(crypto.subtle))
    return runAll()
  },
}
Object.assign(globalThis, { contracts })
