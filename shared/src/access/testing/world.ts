import type { CircleId, MemberId } from "../../base/index.js"
import { type GroupLog } from "../log.js"
import type { Author, Operation, OperationBody, Role } from "../operation.js"
import { liveDevicesOf, needsRekey } from "../readers.js"
import type { Device, GroupState } from "../state.js"
import { type TestFamily, createTestFamily, outcomeName } from "./family.js"

/** One step of a random world: all are plain numbers, taken modulo what there is to choose from. */
export interface Step {
  readonly kind: number
  readonly place: number
  readonly author: number
  readonly target: number
  readonly detail: number
}

/** What the steps of many worlds came to, by name. */
export type Coverage = Map<string, number>
export const count = (coverage: Coverage, name: string, by = 1): void => {
  coverage.set(name, (coverage.get(name) ?? 0) + by)
}

export interface World {
  readonly family: TestFamily
  /** Every operation that some place took. */
  readonly operations: readonly Operation[]
}

const placeCount = 4
const roles: readonly Role[] = ["admin", "admin", "editor", "user", "guest"]
const pick = <T>(items: readonly T[], at: number): T | undefined => items[at % items.length]

const otherMember = (state: GroupState, step: Step): MemberId | undefined =>
  pick(
    [...state.members.values()].filter(member => member.live).map(member => member.id),
    step.target,
  )

const otherDevice = (state: GroupState, step: Step): Device | undefined =>
  pick(
    [...state.devices.values()].filter(device => device.live),
    step.target,
  )

const circleOf = (state: GroupState, step: Step): CircleId =>
  pick([...state.circles.keys()], step.detail) ?? state.everyone

const bodyOf = (family: TestFamily, log: GroupLog, author: Author, step: Step): OperationBody | undefined => {
  const state = log.state()
  const { body } = family
  const member = otherMember(state, step)
  const device = otherDevice(state, step)
  const ownMember = author === "recovery" ? undefined : state.devices.get(author)?.member
  const circle = circleOf(state, step)
  const listed = [...(state.circles.get(circle)?.members ?? [])]
  if (member === undefined || device === undefined) return undefined
  switch (step.kind % 24) {
    case 0:
    case 1:
    case 2: {
      const newcomer = {
        member: family.member(),
        device: family.device(),
        role: pick(roles, step.detail) ?? "user",
      }
      return body.addMember(state, author, newcomer)
    }
    case 3:
    case 4:
      return body.addDevice(step.detail % 3 === 0 ? member : (ownMember ?? member), family.device())
    case 5:
    case 6:
    case 7:
      return body.removeMember(state, author, member)
    case 8:
    case 9:
      return body.removeDevice(state, author, device.id)
    case 10:
    case 11:
      return body.setRole(
        state,
        author,
        member,
        pick(["admin", "editor", "user", "guest"] as const, step.detail) ?? "user",
      )
    case 12: {
      const own = [...state.devices.values()].filter(d => d.live && d.member === ownMember && d.id !== author)
      const heir = pick(own, step.target)
      if (step.detail % 2 === 0 && heir !== undefined)
        return { type: "yield", to: { type: "Device", device: heir.id } }
      return { type: "yield", to: { type: "Member", member } }
    }
    case 13:
      return body.suspend(state, author, device.id)
    case 14: {
      const suspended = pick(
        [...state.devices.values()].filter(d => d.live && d.suspended),
        step.target,
      )
      return suspended && { type: "resume", device: suspended.id }
    }
    case 15: {
      const others = step.detail % 2 === 0 ? [] : [member]
      return body.newCircle(log, author, [
        ...new Set([
          ...(ownMember === undefined ? [] : [ownMember]),
          ...others,
          ...(ownMember === undefined ? [member] : []),
        ]),
      ])
    }
    case 16:
      return listed.includes(member)
        ? body.circle(state, author, circle, [], [member])
        : body.circle(state, author, circle, [member], [])
    case 17:
    case 18: {
      const sick = [...state.circles.keys()].find(id => needsRekey(state, id) !== undefined)
      return body.rekey(state, author, sick ?? circle)
    }
    case 19: {
      const [epoch] = state.circles.get(circle)?.heads ?? []
      const to = pick(liveDevicesOf(state, circle), step.target)
      return epoch && to && { type: "wrap", wraps: [{ circle, epoch, to, sealed: Uint8Array.of(2) }] }
    }
    case 20:
      return step.detail % 3 === 0 ? body.setRecovery(state, author) : body.rekey(state, author, circle)
    case 21: {
      const document = "dd".repeat(16) as never
      const change = {
        type: "docPolicy",
        circle,
        document,
        usersWrite: step.detail % 2 === 0,
        invited: [],
      } as const
      return { ...change, taking: family.taking(state, author, change) }
    }
    case 22:
      if (step.detail % 3 === 0) {
        const others = [...state.circles.values()].filter(
          ({ id, members }) => id !== circle && ownMember !== undefined && members.has(ownMember),
        )
        const toCircle = pick(others, step.target)?.id ?? circle
        const to = `${toCircle.slice(0, 30)}dd` as never
        return { type: "move", circle, document: "dd".repeat(16) as never, toCircle, to, frontier: [] }
      }
      return {
        type: "rebase",
        circle,
        document: "dd".repeat(16) as never,
        frontier: [],
        to: "de".repeat(16) as never,
      }
    default: {
      const box = { member: family.member(), device: family.device(), role: "user", kind: "box" } as const
      return body.addMember(state, author, box)
    }
  }
}

/**
 * Of the live devices those that may most are tried more often; now and then one that is out. Recovery acts in every
 * third world; in another third nobody yields, so that ranks stay put.
 */
const authorOf = (state: GroupState, step: Step, seed: number): Author | undefined => {
  if (step.author % 23 === 22 && seed % 3 === 0) return "recovery"
  const devices = [...state.devices.values()]
  if (step.author % 11 === 10) return pick(devices, step.author)?.id
  const admins = devices.filter(device => device.live && state.members.get(device.member)?.role === "admin")
  const live = devices.filter(device => device.live)
  return pick(step.author % 3 === 0 ? live : admins, step.author >> 3)?.id
}

/** The first operations of a place in order are closed under parents: what somebody knew who then stayed away. */
const earlier = (family: TestFamily, log: GroupLog, step: Step): GroupLog => {
  const all = log.operations()
  return family.log(all.slice(1, Math.max(1, all.length - (step.detail % 12))))
}

const measure = (coverage: Coverage, step: Step, body: OperationBody, outcome: string): void => {
  count(coverage, `${outcome === "Added" ? "added" : "refused"} ${body.type}`)
  if (outcome !== "Added") count(coverage, `refusal ${outcome}`)
  if (outcome === "Added" && step.kind >= 1000) count(coverage, "backdated")
}

/**
 * Plays the steps at a few places that each know part of the log: acting on what one knows, exchanging now and
 * then, and sometimes going back to what was known before (as a restored, a removed or a lying device does).
 */
export const playWorld = (seed: number, steps: readonly Step[], coverage: Coverage): World => {
  const family = createTestFamily(seed)
  const places = Array.from({ length: placeCount }, () => family.log())
  const operations: Operation[] = []
  const taken = new Set<string>()
  for (const step of steps) {
    const place = pick(places, step.place) ?? family.log()
    if (step.kind % 100 < 12) {
      const other = pick(places, step.target) ?? place
      for (const operation of other.operations()) place.add(operation)
      continue
    }
    const at = step.kind >= 1000 ? earlier(family, place, step) : place
    const author = authorOf(at.state(), step, seed)
    const body = author === undefined ? undefined : bodyOf(family, at, author, step)
    if (author === undefined || body === undefined) continue
    if (body.type === "yield" && seed % 3 === 1) continue
    const operation = family.make(at, author, body)
    const outcome = outcomeName(place.add(operation))
    measure(coverage, step, body, outcome)
    if (outcome === "Added" && !taken.has(operation.id)) {
      taken.add(operation.id)
      operations.push(operation)
    }
  }
  return { family, operations }
}
