import { compareSeniority } from "@home/shared/access"
import type { MemberId } from "@home/shared/base"
import { nameOfFamily, profileOfMember } from "@home/shared/device"
import type { Replica } from "@home/shared/replica"
import type { Membership, Self } from "../port.js"

export const membershipOf = async (replica: Replica, self: MemberId): Promise<Membership> => {
  const state = replica.session.state()
  const members: Membership["members"][number][] = []
  for (const member of state.members.values()) {
    const { displayName, colour, devices: names } = await profileOfMember({ replica }, member.id)
    const devices = [...state.devices.values()].filter(device => device.member === member.id)
    members.push({
      id: member.id,
      name: displayName,
      colour,
      kind: member.kind,
      role: member.role,
      isLive: member.live,
      isFounder: member.id === state.founder,
      isYou: member.id === self,
      devices: devices.map(({ id, live, suspended }) => ({
        id,
        name: names.get(id) ?? "",
        isLive: live,
        isSuspended: suspended,
        isHere: id === replica.device,
      })),
    })
  }
  return { familyName: await nameOfFamily({ replica }), members }
}

/** What the log says of this device. */
export const standingOf = (
  replica: Replica,
  member: MemberId,
): Pick<Self, "role" | "isLive" | "isFounder" | "isJunior"> => {
  const state = replica.session.state()
  const own = state.devices.get(replica.device)
  const others = [...state.devices.values()].filter(
    ({ id, live, member: owner }) => live && owner === member && id !== replica.device,
  )
  return {
    role: state.members.get(member)?.role ?? "guest",
    isLive: own?.live === true,
    isFounder: state.founder === member,
    isJunior: own !== undefined && others.some(other => compareSeniority(other.seniority, own.seniority) < 0),
  }
}
