import { type CircleId, type DeviceId, type MemberId, textToBytes } from "../base/index.js"
import { profileNameOf } from "../access/index.js"
import { type DeviceKind, editProfile, nameDevice, parseProfile } from "../documents/index.js"
import type { Replica } from "../replica/index.js"

interface Holder {
  readonly replica: Replica
}

/** The family's own name lies in a profile document beside the members'. */
export const familyProfile = "family"

interface Shown {
  readonly displayName: string
  readonly colour: string
  /** By device id; one that nobody named is not in it. */
  readonly devices: ReadonlyMap<string, string>
  readonly deviceKinds: ReadonlyMap<string, DeviceKind>
}

const nothing: Shown = { displayName: "", colour: "", devices: new Map(), deviceKinds: new Map() }

const readShown = (device: Holder, name: string, circle?: CircleId): Promise<Shown> =>
  device.replica.read(device.replica.keyFor("profile", name, circle), doc => {
    const profile = parseProfile(doc)
    return profile.ok ? profile.value : nothing
  })
/** "" where no profile has arrived. `circle`: Everyone's if left out. */
export const readName = async (device: Holder, name: string, circle?: CircleId): Promise<string> =>
  (await readShown(device, name, circle)).displayName

export const profileOfMember = (device: Holder, member: MemberId): Promise<Shown> =>
  readShown(device, profileNameOf(member))

/** "" where no profile has arrived. */
export const nameOfMember = (device: Holder, member: MemberId): Promise<string> =>
  readName(device, profileNameOf(member))

export const nameOfFamily = (device: Holder): Promise<string> => readName(device, familyProfile)

/** For people: a name, or the beginning of the id. */
export const labelOfMember = async (device: Holder, member: MemberId): Promise<string> => {
  const name = await nameOfMember(device, member)
  if (name !== "") return name
  const kind = device.replica.session.state().members.get(member)?.kind
  return kind === "box" ? "Box" : member.slice(0, 8)
}

/** False: not allowed, or no valid name. */
export const writeName = async (
  device: Holder,
  name: string,
  displayName: string,
  circle?: CircleId,
): Promise<boolean> => {
  const key = device.replica.keyFor("profile", name, circle)
  const changed = await device.replica.change(key, draft => editProfile(draft, { displayName }))
  return changed.ok && changed.value.ok
}

/** False: not allowed (a guest reads no profiles and writes none), or no valid name. */
export const writeMemberName = (device: Holder, member: MemberId, displayName: string): Promise<boolean> =>
  writeName(device, profileNameOf(member), displayName)

export const writeFamilyName = (device: Holder, displayName: string): Promise<boolean> =>
  writeName(device, familyProfile, displayName)

/** What this device is called, and what it is, for the family. False: as above. */
export const writeDeviceName = async (
  device: Holder,
  member: MemberId,
  id: DeviceId,
  name: string,
  kind: DeviceKind | undefined,
): Promise<boolean> => {
  const key = device.replica.keyFor("profile", profileNameOf(member))
  const changed = await device.replica.change(key, draft => nameDevice(draft, { device: id, name, kind }))
  return changed.ok && changed.value.ok
}

/** Names that go on the wire and into documents: one line, not empty, not endless. */
export const isName = (text: string): boolean =>
  text.trim() !== "" && textToBytes(text).length <= 128 && !/[\u0000-\u001f\u007f]/.test(text)
