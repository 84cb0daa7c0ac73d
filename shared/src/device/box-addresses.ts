import { type Device, profileNameOf } from "../access/index.js"
import { documentLimits, isBoxAddress, parseProfile, setAddresses } from "../documents/index.js"
import type { LocalDevice } from "./local-device.js"

/** As many as a profile keeps (`DeviceContent.boxes`). */
const maxKnown = 16

/** The addresses by which this device knows boxes already, with new ones in front of them. */
export const withKnown = (found: readonly string[], known: readonly string[]): readonly string[] =>
  [...new Set([...found, ...known])].slice(0, maxKnown)

/** Writes where a box listens into its profile document, for the devices that were not there when it was claimed. */
export const publishAddresses = async (
  device: Pick<LocalDevice, "replica">,
  member: Device["member"],
  addresses: readonly string[],
): Promise<boolean> => {
  const key = device.replica.keyFor("profile", profileNameOf(member))
  const fitting = addresses.filter(isBoxAddress).slice(0, documentLimits.addresses)
  const changed = await device.replica.change(key, draft => setAddresses(draft, fitting))
  return changed.ok && changed.value.ok
}

const publishedAddresses = (device: LocalDevice, box: Device): Promise<readonly string[]> =>
  device.replica.read(device.replica.keyFor("profile", profileNameOf(box.member)), doc => {
    const profile = parseProfile(doc)
    return profile.ok ? profile.value.addresses : []
  })

export interface BoxAddresses {
  /** Where to look for a box: first the addresses that this device knows, then what the family's documents say. */
  of(box: Device): Promise<readonly string[]>
  /** Keeps the address at which a box answered, so that it is found while its document is not here. */
  remember(address: string): Promise<void>
}

/** One for all boxes of a device: what is remembered of one must not overwrite what was of another. */
export const createBoxAddresses = (device: LocalDevice): BoxAddresses => {
  return {
    of: async box => [...new Set([...device.content().boxes, ...(await publishedAddresses(device, box))])],
    remember: async address => {
      const { boxes } = device.content()
      if (!boxes.includes(address)) await device.setBoxes(withKnown([address], boxes))
    },
  }
}
