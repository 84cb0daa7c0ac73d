import { type DeviceId, type MemberId, err, ok } from "@home/shared/base"
import { type Member, type OperationBody, type Role, stayEndsMs } from "@home/shared/access"
import { type Author, circlesReadBy } from "@home/shared/replica"
import { type ShownCircle, labelOfMember, profileOfMember, shownCircles } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { act } from "./act.js"
import { confirmed } from "./confirmed.js"
import { fail } from "./failure.js"
import { findMember, findMemberOrDevice } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { circleName } from "./place.js"
import { phraseFailure } from "./phrase.js"
import { askPhrase } from "./phrase-words.js"
import { tendShares } from "./share-tending.js"
import { requireMembership, withDevice } from "./with-device.js"
import { dayOf } from "./writing.js"

/** Signed by the recovery key, which outranks everybody. */
const actByPhrase = async (
  home: Home,
  device: OpenDevice,
  body: (author: Author) => Promise<OperationBody>,
): Outcome => {
  const recovery = await askPhrase(home.terminal)
  if (!recovery.ok) return recovery
  const done = await device.replica.phrase.act(recovery.value, body)
  return done.ok ? ok(undefined) : err(phraseFailure(done.error))
}

/** Until when a guest stays: the day on this machine's wall. */
const stayText = (home: Home, member: Member): string => {
  const endsMs = stayEndsMs(member)
  if (endsMs === undefined) return ""
  return endsMs <= home.clock.now() ? " (the stay is over)" : ` (until ${dayOf(endsMs)})`
}

/** What a device can read, and when it was last heard from. */
const sightText = (circles: readonly ShownCircle[], heardAtMs: number | undefined): string => {
  const names = circles.map(circle => circleName(circle) || circle.id.slice(0, 8))
  const reads = names.length === 0 ? "reads nothing new" : `reads ${names.join(", ")}`
  return `  ${reads}${heardAtMs === undefined ? "" : `; last heard of on ${dayOf(heardAtMs)}`}`
}

export const listMembers = (home: Home, options: { readonly isAll: boolean }): Outcome =>
  withDevice(home, async device => {
    const state = device.replica.session.state()
    const circles = await shownCircles(device)
    const heard = new Map((await device.receipts.peers()).map(peer => [peer.device, peer.heardAtMs]))
    const readsOf = (id: DeviceId) => {
      const read = new Set(circlesReadBy(state, id))
      return circles.filter(circle => read.has(circle.id))
    }
    for (const member of state.members.values()) {
      if (!member.live && !options.isAll) continue
      const devices = [...state.devices.values()].filter(
        each => each.member === member.id && (each.live || options.isAll),
      )
      const isYou = member.id === device.profile.content.member
      const { displayName: name, devices: nameById, deviceKinds } = await profileOfMember(device, member.id)
      const platformOf = (id: DeviceId): string | undefined =>
        member.kind === "box" ? "box" : deviceKinds.get(id)
      home.result(
        {
          member: member.id,
          name,
          kind: member.kind,
          role: member.role,
          live: member.live,
          founder: member.id === state.founder,
          untilMs: stayEndsMs(member) ?? null,
          you: isYou,
          devices: devices.map(({ id, live, suspended }) => ({
            device: id,
            name: nameById.get(id) ?? "",
            platform: platformOf(id) ?? null,
            live,
            suspended,
            here: id === device.replica.device,
            reads: readsOf(id).map(circle => ({ circle: circle.id, name: circleName(circle) })),
            heardAtMs: heard.get(id) ?? null,
          })),
        },
        `${member.id.slice(0, 8)}  ${member.kind === "box" ? "box" : member.role}  ${await labelOfMember(device, member.id)}` +
          `${isYou ? " (you)" : ""}${member.live ? stayText(home, member) : " (removed)"}\n` +
          devices
            .map(
              ({ id, live, suspended }) =>
                `          device ${id.slice(0, 8)}  ${nameById.get(id) ?? ""}`.trimEnd() +
                (platformOf(id) === undefined ? "" : ` [${platformOf(id)}]`) +
                (live ? (suspended ? " (suspended)" : "") : " (removed)") +
                (live ? sightText(readsOf(id), heard.get(id)) : ""),
            )
            .join("\n"),
      )
    }
    return ok(undefined)
  })

/** Who was a guest reads nothing of the family yet: he comes into Everyone with his new role. */
const addToEveryone = (device: OpenDevice, member: MemberId): Outcome =>
  act(device, author => Promise.resolve(author.listIn(device.replica.everyone(), [member])))

export const setRole = (home: Home, options: { readonly member: string; readonly role: Role }): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const found = await findMember(device, options.member)
    if (!found.ok) return found
    const { id } = found.value
    const { role } = options
    const changed = await act(device, author => author.setRole(id, role))
    if (!changed.ok) return changed
    const everyone = device.replica.session.state().circles.get(device.replica.everyone())
    if (role !== "guest" && everyone?.members.has(id) !== true) {
      const added = await addToEveryone(device, id)
      if (!added.ok) return added
    }
    if (role === "guest" && everyone?.members.has(id) === true) {
      home.terminal.say(
        "As a guest this member goes on reading what everyone reads; only a removal ends that.",
      )
    }
    home.result({ member: id, role }, `${await labelOfMember(device, id)} is ${role} now.`)
    return ok(undefined)
  })

/** A removal is a seal: it is not taken back, only followed by a new invitation. */
export const remove = (
  home: Home,
  options: { readonly target: string; readonly isYes: boolean; readonly isByPhrase: boolean },
): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const found = await findMemberOrDevice(device, options.target)
    if (!found.ok) return found
    const target = found.value
    const owner: MemberId | undefined =
      target.type === "Member" ? target.id : device.replica.session.state().devices.get(target.id)?.member
    const label = owner === undefined ? "" : await labelOfMember(device, owner)
    const what =
      target.type === "Member"
        ? `${label} with all devices`
        : `the device ${target.id.slice(0, 8)} of ${label}`
    const asked = await confirmed(
      home,
      options.isYes,
      `Remove ${what}? Nothing new reaches it, and it erases what it has when it hears of it, if it plays fair.`,
    )
    if (!asked.ok) return asked
    if (!asked.value) return fail("refused", "nothing was removed")
    const removed = options.isByPhrase
      ? await actByPhrase(home, device, author => removalOf(author, target))
      : await act(device, author => removalOf(author, target))
    if (!removed.ok) return removed
    await tendShares(home, device)
    home.result({ removed: target.id, kind: target.type.toLowerCase() }, `Removed ${what}. The keys are new.`)
    return ok(undefined)
  })

const removalOf = (
  author: Author,
  target:
    { readonly type: "Member"; readonly id: MemberId } | { readonly type: "Device"; readonly id: DeviceId },
): Promise<OperationBody> =>
  target.type === "Member" ? author.removeMember(target.id) : author.removeDevice(target.id)
