import type { Area, ChunkId } from "../base/index.js"
import { parseLedger } from "./ledger.js"

/** The chunks of every file that a document shows, entries in the trash included: what a box keeps for it. */
export const shownChunks = (area: Area, doc: unknown): ReadonlySet<ChunkId> => {
  const shown = new Set<ChunkId>()
  if (area !== "ledger") return shown
  const ledger = parseLedger(doc)
  if (!ledger.ok) return shown
  for (const { receipts } of ledger.value.entries.values())
    for (const { chunks } of receipts) for (const chunk of chunks) shown.add(chunk)
  return shown
}
