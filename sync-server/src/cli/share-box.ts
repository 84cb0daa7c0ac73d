import { type GroupId, type Result, err, ok } from "@home/shared/base"
import {
  type ContactPair,
  type HeldShare,
  type ShareBoxError,
  boxInShare,
  bringBoxIntoShare,
  keepPseudonym,
  listContacts,
  readShareRecords,
  takeOutOfShare,
} from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { localDeviceOf } from "../profile/local-device.js"
import { openOwn } from "./contacts.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { netOf } from "./meeting.js"
import { actFailure, joinFailure } from "./refusals.js"
import { syncQuietly } from "./sync-round.js"
import { openShare, useProfile, withDevice } from "./with-device.js"

const boxFailure = (error: ShareBoxError): Failure => {
  switch (error.type) {
    case "NoBox":
      return { kind: "refused", message: 'this family has no box: "home claim" takes one in' }
    case "Unreachable":
      return {
        kind: "unreachable",
        message: "no box of this family answered: it must be reachable from here",
      }
    default:
      return joinFailure(error)
  }
}

/** A share with this family's box in it is met at the family's own relays: the box goes to the others. */
export const nearRelays = (family: OpenDevice, all: readonly string[]): readonly string[] => {
  const { relays } = family.profile.content
  return relays.length > 0 ? relays : all
}

/** Brings the family's box into a share that is open. */
export const bringBox = async (
  home: Home,
  family: OpenDevice,
  share: OpenDevice,
  { secrets }: ContactPair["own"],
  relays: readonly string[],
): Promise<Result<void, Failure>> => {
  const { replica, profile } = share
  const held: HeldShare = { replica, logKey: profile.content.logKey, relays, secrets }
  const brought = await bringBoxIntoShare(netOf(home), localDeviceOf(family), held)
  return brought.ok ? ok(undefined) : err(boxFailure(brought.error))
}

/** Kept by the family, so that who leaves it leaves its shares as well. */
export const keepOwnPseudonym = (family: OpenDevice, share: OpenDevice): Promise<boolean> =>
  keepPseudonym(family, share.replica.group, family.replica.device, share.replica.device)

/** The relays at which a share is met when no box goes between them: those of both families. */
export const relaysOfBoth = async (
  family: OpenDevice,
  share: OpenDevice,
  own: ContactPair["own"],
): Promise<readonly string[]> => {
  const records = await readShareRecords(family.profile.folder.store)
  const other: GroupId | undefined = records.find(({ group }) => group === share.replica.group)?.family
  const contacts = await listContacts(family)
  const cards = contacts.ok ? contacts.value.filter(contact => contact.family === other) : []
  const theirs = cards.flatMap(({ candidates }) => candidates.flatMap(({ card }) => card.relays))
  return [...new Set([...share.profile.content.relays, ...theirs, ...own.card.relays])]
}

export const shareBox = (home: Home, options: { readonly share: string; readonly isIn: boolean }): Outcome =>
  withDevice(home, async family => {
    const own = await openOwn(home, family)
    if (!own.ok) return own
    const opened = await openShare(home, family.profile, options.share)
    if (!opened.ok) return opened
    return useProfile(home, opened.value, async share => {
      const { group } = share.replica
      if (share.replica.session.state().devices.get(share.replica.device)?.live !== true)
        return fail("refused", "that share is over")
      const relays = await relaysOfBoth(family, share, own.value)
      if (options.isIn) {
        const brought = await bringBox(home, family, share, own.value, relays)
        if (!brought.ok) return brought
      } else {
        const there = await boxInShare(family, share.replica)
        if (there === undefined) return fail("usage", "no box of this family is in that share")
        const held = { replica: share.replica, secrets: own.value.secrets }
        const taken = await takeOutOfShare(home, family, held, there.pseudonym)
        if (!taken.ok) return err(actFailure(taken.error))
      }
      const profile = await share.profile.update({
        relays: options.isIn ? nearRelays(family, relays) : relays,
      })
      if (!(await syncQuietly(home, { ...share, profile })))
        home.terminal.say('Nobody was reached: "home sync --share" goes on.')
      home.result(
        { share: group, box: options.isIn, relays: profile.content.relays },
        options.isIn
          ? "The box is in it: it keeps all of it, and carries it to the other family's relays."
          : "The box is out of it. What it had it has erased, if it plays fair.",
      )
      return ok(undefined)
    })
  })
