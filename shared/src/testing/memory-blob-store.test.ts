import { runBlobStoreContract } from "./blob-store-contract.js"
import { createMemoryBlobStore } from "./memory-blob-store.js"

let last = createMemoryBlobStore()
runBlobStoreContract("memory", {
  open: async () => (last = createMemoryBlobStore()),
  reopen: async () => last,
})
