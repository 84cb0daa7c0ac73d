import { openOwnCard, tendShare } from "@home/shared/device"
import type { CoreDeps } from "./deps.js"
import type { Family } from "./family.js"
import type { OpenShare } from "./shares.js"

/** Changes of the family in quick succession are answered together, milliseconds. */
const gatherMs = 500

export interface ShareTending {
  /** Says within the family who this device is in each share, and takes out there whoever left the family. */
  now(): Promise<void>
  stop(): Promise<void>
}

/** What an admin's device puts right in its family's shares: once they are open, and whenever the family's log moves. */
export const keepSharesTended = (deps: {
  readonly core: CoreDeps
  readonly family: Family
  readonly all: () => readonly OpenShare[]
}): ShareTending => {
  const { core, family, all } = deps
  const { replica } = family.device
  let isStopped = false
  let cancel = (): void => {}
  let last: Promise<void> = Promise.resolve()
  let tended = replica.session.state()

  const tendAll = async (): Promise<void> => {
    tended = replica.session.state()
    const own =
      all().length === 0 ? undefined : await openOwnCard(family.device, family.profile.content().identity)
    if (own === undefined) return
    for (const share of all()) {
      if (isStopped) return
      const held = { replica: share.family.replica, secrets: own.secrets }
      const taken = await tendShare(core, family.device, held)
      if (taken.length === 0) continue
      share.family.touch()
      void share.company.settleNow()
    }
  }
  const now = (): Promise<void> =>
    (last = last
      .then(() => (isStopped ? undefined : tendAll()))
      .catch((error: unknown) =>
        core.log.event("shares not tended", { reason: error instanceof Error ? error.name : "unknown" }),
      ))

  const stopListening = replica.onAppended(() => {
    if (replica.session.state() === tended) return
    cancel()
    cancel = core.clock.after(gatherMs, () => void now())
  })
  return {
    now,
    stop: async () => {
      isStopped = true
      cancel()
      stopListening()
      await last
    },
  }
}
