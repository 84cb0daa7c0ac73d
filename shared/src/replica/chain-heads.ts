import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type OperationId,
  type Store,
  type StoreChange,
  bytesToHex,
} from "../base/index.js"
import type { SealedBundle } from "../wire/index.js"
import type { GroupSession } from "./group-session.js"

/**
 * A bundle's membership heads count together with those of its ancestors in the feed, so that nobody can go back
 * behind a removal that he has already acknowledged. An honest feed never regresses; so only the exceptions are
 * kept, and the heads of the last bundle of each feed are remembered.
 */
export interface ChainHeads {
  /** The heads that count for the bundle, and what must be stored when they are more than its own. */
  of(
    bundle: SealedBundle,
    hash: BundleHash,
    own: readonly OperationId[],
    ownHeadsOf: (prev: BundleHash) => Promise<readonly OperationId[] | undefined>,
  ): Promise<{ readonly heads: readonly OperationId[]; readonly changes: readonly StoreChange[] }>
}

export const createChainHeads = (store: Store, session: GroupSession): ChainHeads => {
  const last = new Map<string, { readonly hash: BundleHash; readonly heads: readonly OperationId[] }>()

  /** Found by this process and perhaps not written yet. Nothing honest is in here. */
  const found = new Map<BundleHash, readonly OperationId[]>()

  const regressed = async (hash: BundleHash): Promise<readonly OperationId[] | undefined> => {
    const fresh = found.get(hash)
    if (fresh !== undefined) return fresh
    const stored = await store.get(["regressed", hash])
    return stored && new ByteReader(stored).list(0xffff, list => list.hex(32) as OperationId)
  }

  return {
    of: async (bundle, hash, own, ownHeadsOf) => {
      const prev = bytesToHex(bundle.prev) as BundleHash
      const remembered = last.get(bundle.feed)
      const before =
        bundle.seq === 1
          ? []
          : remembered?.hash === prev
            ? remembered.heads
            : ((await regressed(prev)) ?? (await ownHeadsOf(prev)) ?? [])
      const isCovered = before.every(head => own.includes(head)) || session.covers(own, before)
      const heads = isCovered ? own : [...new Set([...own, ...before])].sort()
      last.set(bundle.feed, { hash, heads })
      if (isCovered) return { heads, changes: [] }
      found.set(hash, heads)
      const value = new ByteWriter().list(heads, (list, head) => list.hex(head)).done()
      return { heads, changes: [{ type: "Put", key: ["regressed", hash], value }] }
    },
  }
}
