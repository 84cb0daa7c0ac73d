import type { GroupState, Role } from "@home/shared/access"
import type { MemberId } from "@home/shared/base"
import type { ShareRole, ShareView } from "../port.js"
import type { OpenShare } from "./shares.js"

const roleOf = (state: GroupState, member: MemberId): ShareRole => {
  const role: Role = state.members.get(member)?.role ?? "guest"
  return role === "admin" ? "editor" : role
}

/** `undefined`: it is not looked up yet. */
export const shareView = ({ record, family, cells }: OpenShare): ShareView | undefined => {
  const { replica } = family
  const state = replica.session.state()
  const { voucher } = state
  const membership = cells.membership.get()
  if (voucher === undefined || membership === undefined) return undefined
  const own = state.devices.get(replica.device)
  const self = family.profile.content().member
  const isTheirs = self === voucher.member
  const isThere = state.members.get(voucher.member)?.live === true
  const isLive = own?.live === true && isThere
  const devices = [...state.devices.values()].filter(
    ({ id, member }) => member === voucher.member && id !== voucher.device,
  )
  return {
    share: record.group,
    title: record.title,
    family: record.family,
    side: isTheirs ? "theirs" : "ours",
    role: roleOf(state, voucher.member),
    isLive,
    hasArrived: devices.length > 0,
    hasLeft: isThere && devices.length > 0 && devices.every(({ live }) => !live),
    mayWrite: isLive && state.members.get(self)?.role !== "guest",
    mayEnd:
      replica.session.log.refusalOf(replica.device, { type: "removeMember", member: voucher.member }) ===
      undefined,
    self,
    members: membership.members,
  }
}
