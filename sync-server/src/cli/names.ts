import type { MemberId } from "@home/shared/base"
import { profileNameOf } from "@home/shared/access"
import { editProfile, parseProfile } from "@home/shared/documents"
import type { OpenDevice } from "../profile/device.js"

/** The family's own name lies in a profile document beside the members'. */
const familyProfile = "family"

const readName = async (device: OpenDevice, name: string): Promise<string> =>
  device.replica.read(device.replica.keyFor("profile", name), doc => {
    const profile = parseProfile(doc)
    return profile.ok ? profile.value.displayName : ""
  })

/** "" where no profile has arrived. */
export const nameOfMember = (device: OpenDevice, member: MemberId): Promise<string> =>
  readName(device, profileNameOf(member))

export const nameOfFamily = (device: OpenDevice): Promise<string> => readName(device, familyProfile)

/** For people: a name, or the beginning of the id. */
export const labelOfMember = async (device: OpenDevice, member: MemberId): Promise<string> => {
  const name = await nameOfMember(device, member)
  if (name !== "") return name
  const kind = device.replica.session.state().members.get(member)?.kind
  return kind === "box" ? "Box" : member.slice(0, 8)
}

const write = async (device: OpenDevice, name: string, displayName: string): Promise<boolean> => {
  const key = device.replica.keyFor("profile", name)
  const changed = await device.replica.change(key, draft => editProfile(draft, { displayName }))
  return changed.ok && changed.value.ok
}

/** False: not allowed (a guest reads no profiles and writes none), or no valid name. */
export const writeMemberName = (
  device: OpenDevice,
  member: MemberId,
  displayName: string,
): Promise<boolean> => write(device, profileNameOf(member), displayName)

export const writeFamilyName = (device: OpenDevice, displayName: string): Promise<boolean> =>
  write(device, familyProfile, displayName)

/** Names that go on the wire and into documents: one line, not empty, not endless. */
export const isName = (text: string): boolean =>
  text.trim() !== "" && Buffer.byteLength(text) <= 128 && !/[\u0000-\u001f\u007f]/.test(text)
