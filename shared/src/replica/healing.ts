import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type Clock,
  type DeviceId,
  type MemberId,
  type Random,
  type Store,
} from "../base/index.js"
import {
  type OperationBody,
  endedStays,
  liveDevicesOf,
  missingWraps,
  needsRekey,
  operationLimits,
  whoHealsFirst,
} from "../access/index.js"
import { type Author, circlesReadBy } from "./author.js"
import type { GroupSession } from "./group-session.js"
import { missingHistory } from "./history-keys.js"

/**
 * Sees guests out whose stay is over, and brings circles back to one epoch that every reader holds: wraps for who lacks the key, one rekey over several
 * heads, and wraps of older keys that no head opens. The highest-ranked device that can does it at once, so that not all do it; the others wait, each a little
 * longer, for the first may be off, lost or dead. Since when something is amiss is kept on disk: a command that
 * runs for a second heals as well, some time later.
 */
export interface Healing {
  /** What this device should write now, and when to look again (milliseconds), if somebody else comes first. */
  look(): Promise<{ readonly bodies: readonly OperationBody[]; readonly againMs: number | undefined }>
}

type Treatment = { readonly body: OperationBody | undefined; readonly waitMs: number } | undefined

/** The second in rank waits so long, the third twice that; and a random share more. */
const stepMs = 10_000
/** Clocks are set and devices sleep: nobody relies on a timer that runs for months. */
const lookAgainMs = 60 * 60 * 1000

export const createHealing = (deps: {
  readonly store: Store
  readonly session: GroupSession
  readonly author: Author
  readonly device: DeviceId
  readonly clock: Clock
  readonly random: Random
}): Healing => {
  const { store, session, author, device, clock } = deps

  /** How long this device still has to wait; 0: its turn. */
  const waitMs = async (circle: CircleId | "stays", ailment: string, place: number): Promise<number> => {
    if (place === 0) return 0
    const key = ["amiss", circle, ailment]
    const stored = await store.get(key)
    const now = clock.now()
    const sinceMs = stored === undefined ? now : new ByteReader(stored).u64()
    if (stored === undefined)
      await store.write([{ type: "Put", key, value: new ByteWriter().u64(now).done() }])
    const [share = 0] = deps.random.bytes(1)
    return Math.max(0, sinceMs + place * stepMs + (share / 256) * stepMs - now)
  }

  /** A device waits for those who can give any of it before it: each of the keys has holders of its own. */
  const handOutHistory = async (circle: CircleId, healers: readonly DeviceId[]): Promise<Treatment> => {
    const state = session.state()
    if (!healers.includes(device)) return undefined
    const lacking = missingHistory(state, session.keyring, circle, device).slice(0, operationLimits.wraps)
    const epochs = state.circles.get(circle)?.epochs
    const places = lacking.map(({ epoch }) =>
      healers.filter(healer => epochs?.get(epoch)?.holders.has(healer)).indexOf(device),
    )
    const wraps = author.wraps(lacking.map(lack => ({ circle, ...lack })))
    if (wraps.length === 0) return undefined
    return { body: { type: "wrap", wraps }, waitMs: await waitMs(circle, "history", Math.max(...places)) }
  }

  const treat = async (circle: CircleId): Promise<Treatment> => {
    const state = session.state()
    const healers = whoHealsFirst(state, circle)
    const lacking = missingWraps(state, circle)
    if (lacking.length > 0) {
      const holders = healers.filter(healer => lacking.every(lack => lack.device !== healer))
      const place = holders.indexOf(device)
      const wraps = place < 0 ? [] : author.wraps(lacking.map(lack => ({ circle, ...lack })))
      if (wraps.length > 0) {
        return { body: { type: "wrap", wraps }, waitMs: await waitMs(circle, "wraps", place) }
      }
    }
    if (needsRekey(state, circle) === "several heads" && healers.includes(device)) {
      const wait = await waitMs(circle, "heads", healers.indexOf(device))
      return { body: wait > 0 ? undefined : await author.rekeyBody(circle), waitMs: wait }
    }
    return handOutHistory(circle, healers)
  }

  /** Guests whose stay is over: the highest-ranked admin's device that may removes them, the others if it does not. */
  const seeOut = async (): Promise<Treatment> => {
    const state = session.state()
    const { over, nextMs } = endedStays(state, clock.now())
    const admins = liveDevicesOf(state, state.everyone).filter(id => {
      const member = state.members.get(state.devices.get(id)?.member ?? ("" as MemberId))
      return member?.role === "admin"
    })
    const place = admins.indexOf(device)
    const isPermitted = (member: MemberId): boolean =>
      session.log.refusalOf(device, { type: "removeMember", member }) === undefined
    const [guest] = place < 0 ? [] : over.filter(isPermitted)
    if (guest === undefined && (await store.list(["amiss", "stays"])).length > 0)
      await store.write([{ type: "RemovePrefix", prefix: ["amiss", "stays"] }])
    if (guest === undefined)
      return nextMs === undefined || place < 0
        ? undefined
        : { body: undefined, waitMs: Math.min(nextMs - clock.now(), lookAgainMs) }
    const wait = await waitMs("stays", guest, place)
    return { body: wait > 0 ? undefined : await author.removeMember(guest), waitMs: wait }
  }

  return {
    look: async () => {
      const bodies: OperationBody[] = []
      const stays = await seeOut()
      // It renews keys: the circles are looked at again after it.
      if (stays?.body !== undefined) return { bodies: [stays.body], againMs: 1 }
      let againMs = stays?.waitMs
      for (const circle of circlesReadBy(session.state(), device)) {
        const treatment = await treat(circle)
        if (treatment === undefined) {
          if ((await store.list(["amiss", circle])).length > 0) {
            await store.write([{ type: "RemovePrefix", prefix: ["amiss", circle] }])
          }
        } else if (treatment.waitMs > 0) againMs = Math.min(againMs ?? Infinity, treatment.waitMs)
        else if (treatment.body !== undefined) bodies.push(treatment.body)
      }
      return { bodies, againMs }
    },
  }
}
