import type { DeviceId, GroupId } from "../base/index.js"
import { notePseudonym } from "../documents/index.js"
import type { Replica } from "../replica/index.js"
import { contactsKey, readContacts } from "./own-card.js"

/** Writes down, for this family alone, who one of its devices is in a share. False: the role does not allow it. */
export const keepPseudonym = async (
  { replica }: { readonly replica: Replica },
  group: GroupId,
  device: DeviceId,
  pseudonym: DeviceId,
): Promise<boolean> => {
  const changed = await replica.change(contactsKey(replica), draft =>
    notePseudonym(draft, { group, device, pseudonym }),
  )
  return changed.ok && changed.value.ok
}

/** Who this family's devices are in a share, as far as they have said so: pseudonym by device. */
export const pseudonymsIn = async (
  { replica }: { readonly replica: Replica },
  group: GroupId,
): Promise<ReadonlyMap<DeviceId, DeviceId>> => {
  const noted = (await readContacts(replica))?.pseudonyms ?? []
  return new Map(
    noted
      .filter(one => one.group === group)
      .map(({ device, pseudonym }) => [device as DeviceId, pseudonym as DeviceId]),
  )
}
