import type { Socket } from "@home/shared/base"
import { type Keeping, type KeepingDeps, keepAtRelays } from "./keeping.js"
import { createLinks } from "./links.js"
import { openBoxShares } from "./shares.js"

export type BoxFamilyDeps = KeepingDeps

/** A claimed box at work: the archive of one family, its links, its relays, and the shares that it was brought into. */
export interface BoxFamily {
  /** Somebody at the link path, or at the one for shares. */
  take(socket: Socket, address: string, purpose: "link" | "share"): void
  close(): Promise<void>
}

export const openBoxFamily = async (deps: BoxFamilyDeps, relays: readonly string[]): Promise<BoxFamily> => {
  const shares = await openBoxShares(deps)
  const links = createLinks(deps, {
    onSettled: session =>
      keeping.whileOpen(async () => {
        for (const receipt of await keeping.ownReceipts()) session.sendSignal(receipt)
      }),
    onShare: shares.take,
  })
  const keeping: Keeping = keepAtRelays(deps, relays, {
    onReceipts: sealed => {
      for (const receipt of sealed) links.sendSignal(receipt)
    },
    onRemoved: () => deps.log.event("removed from the family"),
  })
  return {
    take: links.take,
    close: async () => {
      links.close()
      await shares.close()
      await keeping.close()
    },
  }
}
