import type { MemberId } from "@home/shared/base"
import { profileNameOf } from "@home/shared/access"
import { documentLimits, editProfile, parseProfile } from "@home/shared/documents"
import type { Replica } from "@home/shared/replica"

/** The family's own name lies in a profile document beside the members'. */
const familyProfile = "family"

const read = (replica: Replica, name: string): Promise<{ displayName: string; colour: string }> =>
  replica.read(replica.keyFor("profile", name), doc => {
    const profile = parseProfile(doc)
    return profile.ok ? profile.value : { displayName: "", colour: "" }
  })

const write = async (replica: Replica, name: string, displayName: string): Promise<boolean> => {
  const changed = await replica.change(replica.keyFor("profile", name), draft =>
    editProfile(draft, { displayName }),
  )
  return changed.ok && changed.value.ok
}

export const profileOf = (replica: Replica, member: MemberId): ReturnType<typeof read> =>
  read(replica, profileNameOf(member))
export const nameOfFamily = async (replica: Replica): Promise<string> =>
  (await read(replica, familyProfile)).displayName
export const writeMemberName = (replica: Replica, member: MemberId, name: string): Promise<boolean> =>
  write(replica, profileNameOf(member), name)
export const writeFamilyName = (replica: Replica, name: string): Promise<boolean> =>
  write(replica, familyProfile, name)

/** A name as it goes on the wire and into documents: one line, not empty, not endless. */
export const isName = (text: string): boolean =>
  text.trim() !== "" &&
  text.length <= documentLimits.name &&
  new TextEncoder().encode(text).length <= 128 &&
  !/\p{Cc}/u.test(text)
