import type { CircleId, DeviceId, MemberId, OperationId } from "../base/index.js"
import { circleIdOf, deviceIdOf } from "./identity.js"
import type { Hash, KeyWrap, Operation, OperationBody, Rekey, Role, Taking } from "./operation.js"
import { groupLimits } from "./operation-limits.js"
import { compareRank, compareSeniority } from "./rank.js"
import { needsRekey, rankOf } from "./readers.js"
import type { Refusal } from "./refusal.js"
import { type Change, isAsPlanned, losersOf, readsCircle, rekeyPlans } from "./rekey-plan.js"
import { compareRoles } from "./roles.js"
import type { Device, GroupState, Member } from "./state.js"

/** What an operation is judged by: the state of its own ancestors, and nothing else. */
export interface Setting {
  readonly state: GroupState
  readonly operation: Operation
  /** `undefined`: the recovery key, which may and outranks all. */
  readonly author: { readonly device: Device; readonly member: Member } | undefined
  readonly hash: Hash
  readonly isAncestor: (earlier: OperationId, later: OperationId) => boolean
}

/** What the author must have; what the operation then rests on. */
export interface Requirements {
  /** The lowest role that permits it. */
  readonly needs: Role
  /** Circles that the author must read. */
  readonly reads?: readonly CircleId[]
  /** Whether it was permitted because of the author's rank. */
  readonly ranked?: boolean
  readonly losers?: readonly MemberId[]
}

export type Judgement = Requirements | Refusal
export const isRefusal = (judgement: Judgement): judgement is Refusal => "type" in judgement

type BodyOf<Type extends OperationBody["type"]> = Extract<OperationBody, { readonly type: Type }>

const outranksMember = ({ author }: Setting, target: Member): boolean =>
  author === undefined || compareSeniority(author.member.seniority, target.seniority) < 0

/** One's own junior device with any role, another's as an admin senior to its member. */
const outranksDevice = (setting: Setting, device: Device, member: Member): boolean =>
  setting.author?.member.id === member.id
    ? compareSeniority(setting.author.device.seniority, device.seniority) < 0
    : outranksMember(setting, member)

const liveMember = (state: GroupState, id: MemberId): Member | undefined => {
  const member = state.members.get(id)
  return member?.live === true ? member : undefined
}

const liveDevice = (state: GroupState, id: DeviceId): { device: Device; member: Member } | undefined => {
  const device = state.devices.get(id)
  const member = device && state.members.get(device.member)
  return device?.live === true && member ? { device, member } : undefined
}

const checkRekeys = (
  { state, operation }: Setting,
  change: Change,
  rekeys: readonly Rekey[],
): Refusal | undefined => {
  const plans = rekeyPlans(state, operation.author, change)
  for (const planned of plans) {
    const rekey = rekeys.filter(candidate => candidate.circle === planned.circle)
    const [only] = rekey
    if (only === undefined || rekey.length > 1 || !isAsPlanned(state, only, planned)) {
      return { type: "RekeyWrong", circle: planned.circle }
    }
  }
  const isOnceEach = new Set(rekeys.map(({ epoch }) => epoch)).size === rekeys.length
  return isOnceEach && rekeys.length === plans.length ? undefined : { type: "RekeyWrong", circle: undefined }
}

/** What takes rights embeds a rekey for, and binds its cuts in, every circle that its author and its target share. */
const checkTaking = (setting: Setting, change: Change, taking: Taking): Refusal | undefined => {
  const wrong = checkRekeys(setting, change, taking.rekeys)
  if (wrong !== undefined) return wrong
  const bound = new Set(taking.circles)
  const isExact =
    bound.size === taking.circles.length &&
    bound.size === taking.rekeys.length &&
    taking.rekeys.every(rekey => bound.has(rekey.circle))
  return isExact ? undefined : { type: "RekeyWrong", circle: undefined }
}

/** Keys that an operation hands to devices: of known epochs, to those who are (or hereby become) readers. */
const checkWraps = (
  { state }: Setting,
  wraps: readonly KeyWrap[],
  mayHold: (circle: CircleId, to: DeviceId | "recovery") => boolean,
): Refusal | undefined => {
  const isRight = (wrap: KeyWrap): boolean =>
    state.circles.get(wrap.circle)?.epochs.has(wrap.epoch) === true && mayHold(wrap.circle, wrap.to)
  return wraps.every(isRight) ? undefined : { type: "WrapWrong" }
}

const wrapCircles = (wraps: readonly KeyWrap[]): readonly CircleId[] => [
  ...new Set(wraps.map(wrap => wrap.circle)),
]

/** Whether there is room for one more device, of this member. */
const isFull = (state: GroupState, member: MemberId): boolean => {
  const live = [...state.devices.values()].filter(device => device.live)
  const own = live.filter(device => device.member === member)
  return live.length >= groupLimits.devices || own.length >= groupLimits.devicesPerMember
}

export const judgeAddMember = (setting: Setting, body: BodyOf<"addMember">): Judgement => {
  const { state, hash } = setting
  const device = deviceIdOf(body.device.keys, hash)
  if (state.members.has(body.member) || state.devices.has(device)) return { type: "TargetExists" }
  if (state.removed.has(body.member) || state.removed.has(device)) return { type: "TargetExists" }
  if (body.kind === "box" && body.role !== "user") return { type: "Pointless" }
  if (body.expiresMs !== undefined && body.role !== "guest") return { type: "Pointless" }
  if (!body.circles.every(circle => state.circles.has(circle))) return { type: "TargetUnknown" }
  if (isFull(state, body.member)) return { type: "TooMany" }
  const wrong = checkWraps(
    setting,
    body.wraps,
    (circle, to) => to === device && body.circles.includes(circle),
  )
  return wrong ?? { needs: "admin", reads: body.circles }
}

export const judgeAddDevice = (setting: Setting, body: BodyOf<"addDevice">): Judgement => {
  const { state, hash, author } = setting
  const device = deviceIdOf(body.device.keys, hash)
  if (state.devices.has(device) || state.removed.has(device)) return { type: "TargetExists" }
  const member = liveMember(state, body.member)
  if (member === undefined) return { type: "TargetUnknown" }
  if (isFull(state, member.id)) return { type: "TooMany" }
  const isHolder = (circle: CircleId, to: DeviceId | "recovery"): boolean =>
    to === device && state.circles.get(circle)?.members.has(member.id) === true
  const wrong = checkWraps(setting, body.wraps, isHolder)
  if (wrong !== undefined) return wrong
  const reads = wrapCircles(body.wraps)
  if (author?.member.id === member.id) return { needs: "user", reads }
  return outranksMember(setting, member) ? { needs: "admin", ranked: true, reads } : { type: "RankTooLow" }
}

export const judgeRemoveMember = (setting: Setting, body: BodyOf<"removeMember">): Judgement => {
  const member = liveMember(setting.state, body.member)
  if (member === undefined) return { type: "TargetUnknown" }
  if (!outranksMember(setting, member)) return { type: "RankTooLow" }
  return checkTaking(setting, body, body.taking) ?? { needs: "admin", ranked: true }
}

export const judgeRemoveDevice = (setting: Setting, body: BodyOf<"removeDevice">): Judgement => {
  const target = liveDevice(setting.state, body.device)
  if (target === undefined) return { type: "TargetUnknown" }
  if (!outranksDevice(setting, target.device, target.member)) return { type: "RankTooLow" }
  const isOwn = setting.author?.member.id === target.member.id
  return checkTaking(setting, body, body.taking) ?? { needs: isOwn ? "guest" : "admin", ranked: true }
}

export const judgeSetRole = (setting: Setting, body: BodyOf<"setRole">): Judgement => {
  const member = liveMember(setting.state, body.member)
  if (member === undefined) return { type: "TargetUnknown" }
  if (member.kind === "box" || member.role === body.role) return { type: "Pointless" }
  if (!outranksMember(setting, member)) return { type: "RankTooLow" }
  const losers = compareRoles(body.role, member.role) < 0 ? [member.id] : []
  return checkTaking(setting, body, body.taking) ?? { needs: "admin", ranked: true, losers }
}

export const judgeYield = ({ state, author }: Setting, body: BodyOf<"yield">): Judgement => {
  if (author === undefined) return { type: "Pointless" }
  if (body.to.type === "Device") {
    const heir = liveDevice(state, body.to.device)
    if (heir === undefined || heir.member.id !== author.member.id) return { type: "TargetUnknown" }
    const isJunior = compareSeniority(author.device.seniority, heir.device.seniority) < 0
    return isJunior ? { needs: "guest", ranked: true } : { type: "RankTooLow" }
  }
  const heir = liveMember(state, body.to.member)
  if (heir === undefined || heir.kind === "box") return { type: "TargetUnknown" }
  if (compareSeniority(author.member.seniority, heir.seniority) >= 0) return { type: "RankTooLow" }
  const isSenior = (device: Device): boolean =>
    device.live &&
    device.member === author.member.id &&
    compareSeniority(device.seniority, author.device.seniority) < 0
  const hasSenior = [...state.devices.values()].some(isSenior)
  return hasSenior ? { type: "RankTooLow" } : { needs: "guest", ranked: true }
}

/** Any admin, any target: a brake, not a removal. */
export const judgeSuspend = (setting: Setting, body: BodyOf<"suspend">): Judgement => {
  const target = liveDevice(setting.state, body.device)
  if (target === undefined) return { type: "TargetUnknown" }
  if (setting.author?.device.id === body.device) return { type: "Pointless" }
  return checkTaking(setting, body, body.taking) ?? { needs: "admin" }
}

export const judgeResume = (setting: Setting, body: BodyOf<"resume">): Judgement => {
  const { state, operation, author, isAncestor } = setting
  const target = liveDevice(state, body.device)
  if (target === undefined) return { type: "TargetUnknown" }
  const { suspensions } = target.device
  if (suspensions.length === 0) return { type: "Pointless" }
  if (author === undefined) return { needs: "guest" }
  const { device } = author
  const isSibling = device.member === target.member.id && device.id !== body.device && !device.suspended
  if (isSibling && suspensions.every(({ operation: id }) => isAncestor(device.admittedBy, id)))
    return { needs: "guest" }
  const rank = rankOf(state, operation.author)
  const targetRank = rankOf(state, body.device)
  const outranks = (other: typeof rank): boolean => !!rank && !!other && compareRank(rank, other) < 0
  const isSenior = outranks(targetRank) || suspensions.every(suspension => outranks(suspension.rank))
  return isSenior && !device.suspended ? { needs: "admin", ranked: true } : { type: "RankTooLow" }
}

const judgeNewCircle = (setting: Setting, body: BodyOf<"circle">): Judgement => {
  const { state, operation, author, hash } = setting
  if (body.circle !== circleIdOf(state.group, operation.author, operation.seq, hash))
    return { type: "TargetUnknown" }
  if (body.remove.length > 0 || body.add.length === 0 || body.wraps.length > 0) return { type: "Pointless" }
  if (!body.add.every(member => liveMember(state, member))) return { type: "TargetUnknown" }
  if (author !== undefined && !body.add.includes(author.member.id))
    return { type: "CircleNotRead", circle: body.circle }
  if (author?.device.suspended === true) return { type: "CircleNotRead", circle: body.circle }
  const isOnlyMe = body.add.every(member => member === author?.member.id)
  const own = [...state.circles.values()].filter(
    ({ members }) => members.size === 1 && author !== undefined && members.has(author.member.id),
  )
  const isFullOfOwn = isOnlyMe && author?.member.role !== "admin" && own.length >= groupLimits.ownCircles
  if (state.circles.size >= groupLimits.circles || isFullOfOwn) return { type: "TooMany" }
  return checkTaking(setting, body, body.taking) ?? { needs: isOnlyMe ? "user" : "admin" }
}

export const judgeCircle = (setting: Setting, body: BodyOf<"circle">): Judgement => {
  const { state } = setting
  const circle = state.circles.get(body.circle)
  if (circle === undefined) return judgeNewCircle(setting, body)
  if (body.add.length + body.remove.length === 0) return { type: "Pointless" }
  const added = body.add.map(id => liveMember(state, id))
  if (added.includes(undefined)) return { type: "TargetUnknown" }
  if (body.add.some(id => circle.members.has(id) || body.remove.includes(id))) return { type: "Pointless" }
  for (const id of body.remove) {
    const member = liveMember(state, id)
    if (member === undefined || !circle.members.has(id)) return { type: "TargetUnknown" }
    if (!outranksMember(setting, member)) return { type: "RankTooLow" }
  }
  const isHolder = (wrapped: CircleId, to: DeviceId | "recovery"): boolean => {
    const device = to === "recovery" ? undefined : liveDevice(state, to)
    return wrapped === body.circle && device !== undefined && body.add.includes(device.member.id)
  }
  const wrong = checkWraps(setting, body.wraps, isHolder) ?? checkTaking(setting, body, body.taking)
  return wrong ?? { needs: "admin", reads: [body.circle], ranked: body.remove.length > 0 }
}

export const judgeRekey = (setting: Setting, body: BodyOf<"rekey">): Judgement => {
  const { state, author } = setting
  const { circle } = body.rekey
  if (!state.circles.has(circle)) return { type: "TargetUnknown" }
  const isNeeded = needsRekey(state, circle) !== undefined
  if (!isNeeded && author !== undefined && author.member.role !== "admin") return { type: "RekeyUnneeded" }
  const needs = isNeeded ? "guest" : "admin"
  return checkRekeys(setting, { type: "rekey", circle }, [body.rekey]) ?? { needs, reads: [circle] }
}

/** Any reader hands on what he was given. */
export const judgeWrap = (setting: Setting, body: BodyOf<"wrap">): Judgement => {
  const { state, author } = setting
  if (body.wraps.length === 0) return { type: "Pointless" }
  const isHolder = (id: CircleId, to: DeviceId | "recovery"): boolean => {
    const circle = state.circles.get(id)
    return circle !== undefined && readsCircle(state, to, circle)
  }
  const isHeld = ({ circle, epoch }: KeyWrap): boolean =>
    author === undefined ||
    state.circles.get(circle)?.epochs.get(epoch)?.holders.has(author.device.id) === true
  const wrong = checkWraps(setting, body.wraps, isHolder)
  if (wrong !== undefined || !body.wraps.every(isHeld)) return { type: "WrapWrong" }
  return { needs: "guest", reads: wrapCircles(body.wraps) }
}

export const judgeSetRecovery = (setting: Setting, body: BodyOf<"setRecovery">): Judgement => {
  const { state, author } = setting
  if (author !== undefined && author.member.id !== state.founder) return { type: "RankTooLow" }
  return checkRekeys(setting, { type: "setRecovery" }, body.rekeys) ?? { needs: "admin", ranked: true }
}

export const judgeDocPolicy = (setting: Setting, body: BodyOf<"docPolicy">): Judgement => {
  const { state } = setting
  if (!state.circles.has(body.circle)) return { type: "TargetUnknown" }
  if (!body.invited.every(member => liveMember(state, member))) return { type: "TargetUnknown" }
  const wrong = checkTaking(setting, body, body.taking)
  return wrong ?? { needs: "admin", reads: [body.circle], losers: losersOf(state, body) }
}

/**
 * What a move takes away it takes from the other readers of the old circle: who is alone there needs no role for that.
 * A second one to the same place takes along what came late.
 */
export const judgeMove = ({ state, author }: Setting, body: BodyOf<"move">): Judgement => {
  const circle = state.circles.get(body.circle)
  if (circle === undefined || !state.circles.has(body.toCircle)) return { type: "TargetUnknown" }
  // The phrase seals nothing into a circle: it could only take away.
  if (body.circle === body.toCircle || author === undefined) return { type: "Pointless" }
  const [before] = state.moves.get(body.document) ?? []
  if (before !== undefined && before.to !== body.to) return { type: "MovedAlready" }
  if (before?.frontier.join() === body.frontier.join()) return { type: "Pointless" }
  const isAlone = circle.members.size === 1 && circle.members.has(author.member.id)
  return { needs: isAlone ? "user" : "editor", reads: [body.circle, body.toCircle] }
}

export const judgeRebase = ({ state }: Setting, body: BodyOf<"rebase">): Judgement => {
  if (!state.circles.has(body.circle)) return { type: "TargetUnknown" }
  if (body.to === body.document) return { type: "Pointless" }
  return { needs: "admin", reads: [body.circle] }
}
