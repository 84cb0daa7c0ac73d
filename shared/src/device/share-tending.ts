import type { DeviceId, GroupId } from "../base/index.js"
import { forgetPseudonym } from "../documents/index.js"
import type { LocalDevice, NetDeps } from "./local-device.js"
import { contactsKey } from "./own-card.js"
import { type HeldShare, takeOutOfShare } from "./share-box.js"
import { keepPseudonym, pseudonymsIn } from "./share-pseudonyms.js"

type Family = Pick<LocalDevice, "replica" | "sealer">

/** Devices that left this family, and who they are in a share still, as far as the family has written it down. */
export const leaversIn = async (
  { replica }: Pick<Family, "replica">,
  group: GroupId,
): Promise<ReadonlyMap<DeviceId, DeviceId>> => {
  const { devices } = replica.session.state()
  const all = await pseudonymsIn({ replica }, group)
  return new Map([...all].filter(([device]) => devices.get(device)?.live === false))
}

/**
 * What an admin's device puts right in a share that it is in: it says within the family who it is there, and whoever left
 * the family goes there too, by the contact key, and the share's key is new. Gives the devices that were taken out.
 */
export const tendShare = async (
  deps: Pick<NetDeps, "random">,
  family: Family,
  share: Pick<HeldShare, "replica" | "secrets">,
): Promise<readonly DeviceId[]> => {
  const { replica } = share
  const state = replica.session.state()
  const own = state.devices.get(replica.device)
  if (own?.live !== true) return []
  const known = await pseudonymsIn(family, replica.group)
  if (known.get(family.replica.device) !== own.id)
    await keepPseudonym(family, replica.group, family.replica.device, own.id)
  const theirs = state.voucher?.member
  const taken: DeviceId[] = []
  for (const [device, pseudonym] of await leaversIn(family, replica.group)) {
    const there = state.devices.get(pseudonym)
    // What the family has written down speaks for its own side, and for no other.
    const isOurs = there !== undefined && (there.member === theirs) === (own.member === theirs)
    if (isOurs && there.live && pseudonym !== own.id && pseudonym !== state.voucher?.device) {
      const done = await takeOutOfShare(deps, family, share, pseudonym)
      if (!done.ok) continue
      taken.push(pseudonym)
    }
    await family.replica.change(contactsKey(family.replica), draft =>
      forgetPseudonym(draft, { group: replica.group, device }),
    )
  }
  return taken
}
