import { createMemoryStore, type MemoryDisk } from "./memory-store.js"
import { runStoreContract } from "./store-contract.js"

runStoreContract("memory", async () => {
  const disk: MemoryDisk = new Map()
  return { open: async () => createMemoryStore(disk) }
})
