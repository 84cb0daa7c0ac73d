import {
  type Act,
  type Device,
  type Member,
  type Role,
  compareSeniority,
  isStayOver,
  stayEndsMs,
} from "@home/shared/access"
import type { MemberId } from "@home/shared/base"
import { nameOfFamily, profileOfMember, shownCircles } from "@home/shared/device"
import { type Replica, circlesReadBy } from "@home/shared/replica"
import type { DeviceView, MemberView, Membership, Self } from "../port.js"

const roles = ["admin", "editor", "user", "guest"] as const satisfies readonly Role[]

/** Whether the log would take it from this device now: a button stands where an act would count. */
const may = (replica: Replica, act: Act): boolean =>
  replica.session.log.refusalOf(replica.device, act) === undefined

const mayToDevice = (replica: Replica, { id, live }: Device): DeviceView["may"] => ({
  remove: live && may(replica, { type: "removeDevice", device: id }),
  suspend: live && may(replica, { type: "suspend", device: id }),
  resume: live && may(replica, { type: "resume", device: id }),
  makeMain: live && may(replica, { type: "yield", to: { type: "Device", device: id } }),
})

const mayToMember = (replica: Replica, { id, live }: Member): MemberView["may"] => ({
  remove: live && may(replica, { type: "removeMember", member: id }),
  giveRoles: live ? roles.filter(role => may(replica, { type: "setRole", member: id, role })) : [],
})

export const membershipOf = async (replica: Replica, self: MemberId): Promise<Membership> => {
  const state = replica.session.state()
  const members: Membership["members"][number][] = []
  for (const member of state.members.values()) {
    const { displayName, colour, devices: names, deviceKinds } = await profileOfMember({ replica }, member.id)
    const devices = [...state.devices.values()].filter(device => device.member === member.id)
    members.push({
      id: member.id,
      name: displayName,
      colour,
      place: members.length,
      kind: member.kind,
      role: member.role,
      isLive: member.live,
      isFounder: member.id === state.founder,
      isYou: member.id === self,
      untilMs: stayEndsMs(member),
      devices: devices.map(device => ({
        id: device.id,
        name: names.get(device.id) ?? "",
        kind: deviceKinds.get(device.id),
        isLive: device.live,
        isSuspended: device.suspended,
        isHere: device.id === replica.device,
        reads: circlesReadBy(state, device.id),
        may: mayToDevice(replica, device),
      })),
      may: mayToMember(replica, member),
    })
  }
  const circles = await shownCircles({ replica })
  return { familyName: await nameOfFamily({ replica }), members, circles }
}

type Standing = Pick<
  Self,
  "role" | "isLive" | "isSuspended" | "isStayOver" | "isFounder" | "mayInvite" | "mayAddDevice" | "isJunior"
>

/** What the log says of this device. */
export const standingOf = (replica: Replica, member: MemberId, nowMs: number): Standing => {
  const state = replica.session.state()
  const own = state.devices.get(replica.device)
  const others = [...state.devices.values()].filter(
    ({ id, live, member: owner }) => live && owner === member && id !== replica.device,
  )
  return {
    role: state.members.get(member)?.role ?? "guest",
    isLive: own?.live === true,
    isSuspended: own?.live === true && own.suspended,
    isStayOver: isStayOver(state, replica.device, nowMs),
    isFounder: state.founder === member,
    mayInvite: may(replica, { type: "addMember", role: "editor", circles: [state.everyone] }),
    mayAddDevice: may(replica, { type: "addDevice", member }),
    isJunior: own !== undefined && others.some(other => compareSeniority(other.seniority, own.seniority) < 0),
  }
}
