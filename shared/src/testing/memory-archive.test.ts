import type { Archive } from "../replica/archive.js"
import { runArchiveContract } from "./archive-contract.js"
import { createMemoryArchive } from "./memory-archive.js"

// Memory does not outlive its archive: "reopening" gives the same one, so only the disk adapter proves that rule.
runArchiveContract("memory", async () => {
  const archive: Archive = createMemoryArchive()
  return { open: async () => archive }
})
