import { type DeviceId, type MemberId, type Result, ok } from "@home/shared/base"
import type { Member } from "@home/shared/access"
import { formerMembers, nameOfMember, profileOfMember } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { type Failure, fail } from "./failure.js"

/** Fewer digits of an id are refused: they name another one tomorrow. */
const idDigits = 4

export const startsWithId = (id: string, text: string): boolean =>
  text.length >= idDigits && /^[0-9a-f]+$/.test(text) && id.startsWith(text)

export const one = <T>(found: readonly T[], what: string, text: string): Result<T, Failure> => {
  const [only, ...more] = found
  if (only === undefined) return fail("usage", `no ${what} is called "${text}"`)
  return more.length === 0
    ? ok(only)
    : fail("usage", `"${text}" is more than one ${what}: say more of the id`)
}

/** A live member by name (any case) or by the beginning of the id. */
export const findMember = async (device: OpenDevice, text: string): Promise<Result<Member, Failure>> => {
  const live = [...device.replica.session.state().members.values()].filter(member => member.live)
  const named: Member[] = []
  for (const member of live) {
    const name = await nameOfMember(device, member.id)
    if (name !== "" && name.toLowerCase() === text.toLowerCase()) named.push(member)
  }
  return one(named.length > 0 ? named : live.filter(({ id }) => startsWithId(id, text)), "member", text)
}

/** Somebody who was carried over from a family before and is not in this one. */
export const findFormer = async (device: OpenDevice, text: string): Promise<Result<MemberId, Failure>> => {
  const former = await formerMembers(device)
  const named: MemberId[] = []
  for (const member of former)
    if ((await nameOfMember(device, member)).toLowerCase() === text.toLowerCase()) named.push(member)
  return one(
    named.length > 0 ? named : former.filter(id => startsWithId(id, text)),
    "person of the family before",
    text,
  )
}

/** A live member, or a live device by the beginning of its id. */
export const findMemberOrDevice = async (
  device: OpenDevice,
  text: string,
): Promise<
  Result<
    { readonly type: "Member"; readonly id: MemberId } | { readonly type: "Device"; readonly id: DeviceId },
    Failure
  >
> => {
  const member = await findMember(device, text)
  if (member.ok) return ok({ type: "Member", id: member.value.id })
  const devices = [...device.replica.session.state().devices.values()].filter(
    ({ live, id }) => live && startsWithId(id, text),
  )
  const found = one(devices, "member or device", text)
  return found.ok ? ok({ type: "Device", id: found.value.id }) : found
}

/** A live device by its name (any case) or by the beginning of its id. */
export const findDevice = async (device: OpenDevice, text: string): Promise<Result<DeviceId, Failure>> => {
  const live = [...device.replica.session.state().devices.values()].filter(each => each.live)
  const named: DeviceId[] = []
  for (const { id, member } of live) {
    const { devices: names } = await profileOfMember(device, member)
    if (names.get(id)?.toLowerCase() === text.toLowerCase()) named.push(id)
  }
  const ids = live.map(({ id }) => id).filter(id => startsWithId(id, text))
  return one(named.length > 0 ? named : ids, "device", text)
}

/** An item of a list by its title or by the beginning of its id. */
export const findByTitle = <T extends { readonly id: string; readonly title: string }>(
  items: Iterable<T>,
  text: string,
  what: string,
): Result<T, Failure> => {
  const all = [...items]
  const titled = all.filter(({ title }) => title !== "" && title.toLowerCase() === text.toLowerCase())
  return one(
    titled.length > 0 ? titled : all.filter(({ id }) => id === text || startsWithId(id, text)),
    what,
    text,
  )
}
