import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import type { OperationId } from "../base/index.js"
import type { GroupLog } from "./log.js"
import type { Operation } from "./operation.js"
import { compareRank } from "./rank.js"
import { liveDevicesOf, missingWraps, needsRekey, rankOf, whoHealsFirst } from "./readers.js"
import { effectText, stateText } from "./testing/family.js"
import { type Coverage, type Step, type World, count, playWorld } from "./testing/world.js"

const worldRuns = 45
const seed = 20260

const steps = fc.array(
  fc.record({
    kind: fc.nat(1199),
    place: fc.nat(3),
    author: fc.nat(1000),
    target: fc.nat(1000),
    detail: fc.nat(1000),
  }),
  { minLength: 110, maxLength: 170 },
)

/** Fixed worlds for all properties: made once, for making them is most of the work. */
const coverage: Coverage = new Map()
const worlds: readonly World[] = fc
  .sample(steps, { numRuns: worldRuns, seed })
  .map((played: readonly Step[], i) => playWorld(i, played, coverage))

const fresh = ({ family, operations }: World): GroupLog => family.log(operations)
const wholeLogs = new Map<World, GroupLog>()
/** Shared by the properties that only read. */
const whole = (world: World): GroupLog => {
  const log = wholeLogs.get(world) ?? fresh(world)
  wholeLogs.set(world, log)
  return log
}

const ancestorsOf = (log: GroupLog, operation: Operation): ReadonlySet<OperationId> => {
  const found = new Set<OperationId>()
  const waiting = [...operation.parents]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue
    found.add(id)
    waiting.push(...(log.get(id)?.parents ?? []))
  }
  return found
}

/** The log as it was for the author of an operation. */
const before = (world: World, log: GroupLog, operation: Operation): GroupLog => {
  const past = ancestorsOf(log, operation)
  return world.family.log(log.operations().filter(other => past.has(other.id)))
}

const shuffled = (operations: readonly Operation[], random: number): readonly Operation[] => {
  const order = [...operations]
  let state = random
  for (let i = order.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = state % (i + 1)
    const [a, b] = [order[i], order[j]]
    if (a && b) [order[i], order[j]] = [b, a]
  }
  return order
}

/** Delivers in the order given; what lacks a parent waits. */
const deliver = (world: World, order: readonly Operation[], ask: boolean): GroupLog => {
  const log = world.family.log()
  let waiting = order
  while (waiting.length > 0) {
    const parked = waiting.filter(operation => {
      const outcome = log.add(operation)
      if (ask) log.state()
      return typeof outcome === "object" && "missing" in outcome
    })
    expect(parked.length).toBeLessThan(waiting.length)
    waiting = parked
  }
  return log
}

const isFoundersYield = (log: GroupLog, world: World, operation: Operation): boolean =>
  operation.body.type === "yield" &&
  log.state().devices.get(operation.author as never)?.member === world.family.founder.member

describe("the membership log in random worlds", () => {
  afterAll(() => {
    console.log(
      [...coverage]
        .sort()
        .map(([name, n]) => `${name}: ${n}`)
        .join(", "),
    )
  })

  it("[A60] any order of delivery gives one state", () => {
    worlds.forEach((world, i) => {
      const text = stateText(whole(world).state())
      expect(stateText(deliver(world, shuffled(world.operations, i + 1), false).state())).toBe(text)
      expect(stateText(deliver(world, shuffled(world.operations, i + 77), i % 4 === 0).state())).toBe(text)
      expect(stateText(deliver(world, [...world.operations].reverse(), false).state())).toBe(text)
    })
  })

  it("[A61] the founder stays unless the recovery key acted or he yielded", () => {
    for (const world of worlds) {
      const log = whole(world)
      const isFree = world.operations.some(
        operation => operation.author === "recovery" || isFoundersYield(log, world, operation),
      )
      if (isFree) continue
      count(coverage, "worlds with the founder at stake")
      const founder = log.state().members.get(world.family.founder.member)
      expect(founder?.live).toBe(true)
      expect(founder?.role).toBe("admin")
      expect(log.state().founder).toBe(world.family.founder.member)
    }
  })

  it("[A62] a removal is made void only by a higher rank", () => {
    for (const world of worlds) {
      const log = whole(world)
      const state = log.state()
      const hasYields = world.operations.some(operation => operation.body.type === "yield")
      const rank = (operation: Operation) => rankOf(before(world, log, operation).state(), operation.author)
      const seals = world.operations.filter(
        ({ id, body }) =>
          !state.void.has(id) &&
          ["removeMember", "removeDevice", "setRole", "setRecovery"].includes(body.type),
      )
      for (const operation of world.operations) {
        const { body, id } = operation
        if (body.type === "removeMember" && !state.void.has(id))
          expect(state.members.get(body.member)?.live).not.toBe(true)
        if (body.type === "removeDevice" && !state.void.has(id))
          expect(state.devices.get(body.device)?.live).not.toBe(true)
        if (!state.void.has(id)) continue
        count(coverage, "void operations")
        if (body.type !== "removeMember" && body.type !== "removeDevice") continue
        count(coverage, "void removals")
        if (hasYields) continue
        const own = rank(operation)
        const isOutranked = seals.some(seal => {
          const theirs = rank(seal)
          return (
            theirs &&
            own &&
            (compareRank(theirs, own) < 0 ||
              (seal.body.type === "setRecovery" && operation.author === "recovery"))
          )
        })
        expect(isOutranked).toBe(true)
      }
    }
  })

  it("[A63] late and backdated operations of the removed change nothing", () => {
    for (const world of worlds) {
      const log = whole(world)
      const state = log.state()
      for (const removal of world.operations) {
        if (removal.body.type !== "removeMember" || state.void.has(removal.id)) continue
        const target = removal.body.member
        const past = ancestorsOf(log, removal)
        const known = world.family.log(log.operations().filter(other => past.has(other.id)))
        const device = [...known.state().devices.values()].find(d => d.member === target && d.live)
        if (device === undefined || known.state().members.get(target)?.role !== "admin") continue
        const victim = [...known.state().members.values()].find(member => member.live && member.id !== target)
        const newcomer = {
          member: world.family.member(),
          device: world.family.device(),
          role: "admin",
        } as const
        const late = [
          world.family.make(
            known,
            device.id,
            world.family.body.addMember(known.state(), device.id, newcomer),
          ),
          ...(victim
            ? [
                world.family.make(
                  known,
                  device.id,
                  world.family.body.removeMember(known.state(), device.id, victim.id),
                ),
              ]
            : []),
          world.family.make(known, device.id, world.family.body.addDevice(target, world.family.device())),
        ]
        const after = world.family.log(log.operations())
        const added = late.filter(operation => after.add(operation) === "Added")
        count(coverage, "late operations", added.length)
        expect(effectText(after.state())).toBe(effectText(state))
        expect(added.every(({ id }) => after.state().void.has(id))).toBe(true)
      }
    }
  })

  it("[A64] live devices belong to live members", () => {
    for (const world of worlds) {
      const state = whole(world).state()
      for (const device of state.devices.values()) {
        if (!device.live) continue
        count(coverage, "live devices")
        expect(state.members.get(device.member)?.live).toBe(true)
        expect(state.void.has(device.admittedBy)).toBe(false)
      }
      for (const circle of state.circles.values()) {
        for (const member of circle.members) expect(state.members.get(member)?.live).toBe(true)
      }
    }
  })

  it("[A65] nobody is removed by a void operation", () => {
    for (const world of worlds) {
      const state = whole(world).state()
      const live = world.operations.filter(({ id }) => !state.void.has(id)).map(({ body }) => body)
      for (const member of state.members.values()) {
        if (member.live) continue
        count(coverage, "removed members")
        expect(live.some(body => body.type === "removeMember" && body.member === member.id)).toBe(true)
      }
      for (const device of state.devices.values()) {
        if (device.live || !state.members.get(device.member)?.live) continue
        count(coverage, "removed devices")
        expect(live.some(body => body.type === "removeDevice" && body.device === device.id)).toBe(true)
      }
    }
  })

  it("[A66] every live operation has a live grant in its past", () => {
    for (const world of worlds) {
      const log = whole(world)
      const state = log.state()
      for (const operation of world.operations) {
        if (state.void.has(operation.id) || operation.author === "recovery") continue
        const past = ancestorsOf(log, operation)
        const device = state.devices.get(operation.author)
        const member = device && state.members.get(device.member)
        expect(device !== undefined && past.has(device.admittedBy)).toBe(true)
        expect(member !== undefined && past.has(member.admittedBy)).toBe(true)
        if (!["addMember", "removeMember", "suspend", "docPolicy"].includes(operation.body.type)) continue
        const grants = log.operations().filter(({ id, body }) => {
          const isAdmin = (body.type === "addMember" || body.type === "setRole") && body.role === "admin"
          const isFounding = body.type === "genesis" && body.founder === member?.id
          const isForThem =
            (body.type === "addMember" || body.type === "setRole") && body.member === member?.id
          return past.has(id) && !state.void.has(id) && (isFounding || (isAdmin && isForThem))
        })
        expect(grants.length).toBeGreaterThan(0)
      }
    }
  })

  it("[A67] a state at heads is the state of their past without what is void", () => {
    for (const world of worlds) {
      const log = whole(world)
      const { void: voids } = log.state()
      expect(log.stateAt(log.heads())).toBe(log.state())
      for (const operation of log.operations().filter((_, i) => i % 7 === 3)) {
        const past = new Set(ancestorsOf(log, operation)).add(operation.id)
        if ([...past].some(id => voids.has(id))) continue
        const alone = world.family.log(log.operations().filter(({ id }) => past.has(id)))
        if (alone.state().void.size > 0) continue
        count(coverage, "states at heads compared")
        expect(stateText(log.stateAt([operation.id]) ?? alone.state())).toBe(stateText(alone.state()))
      }
    }
  })

  it("[A68] once healed, exactly the live readers hold the key that seals", () => {
    for (const world of worlds) {
      const log = fresh(world)
      for (const circle of log.state().circles.keys()) {
        const healer = whoHealsFirst(log.state(), circle)[0]
        if (healer === undefined) continue
        const need = needsRekey(log.state(), circle)
        if (need !== undefined) {
          world.family.act(log, healer, world.family.body.rekey(log.state(), healer, circle))
          count(coverage, `healed: ${need}`)
        }
        const wraps = missingWraps(log.state(), circle).map(({ device, epoch }) => ({
          circle,
          epoch,
          to: device,
          sealed: new Uint8Array(0),
        }))
        if (wraps.length > 0) {
          const head = log.state().circles.get(circle)?.heads[0]
          const holder = liveDevicesOf(log.state(), circle).find(
            id =>
              whoHealsFirst(log.state(), circle).includes(id) &&
              head &&
              log.state().circles.get(circle)?.epochs.get(head)?.holders.has(id),
          )
          if (holder === undefined) continue
          world.family.act(log, holder, { type: "wrap", wraps })
          count(coverage, "healed: wraps")
        }
        const state = log.state()
        expect(needsRekey(state, circle)).toBe(undefined)
        const [head, ...more] = state.circles.get(circle)?.heads ?? []
        expect(more).toEqual([])
        const holders = head ? state.circles.get(circle)?.epochs.get(head)?.holders : undefined
        expect([...(holders ?? [])].sort()).toEqual([...liveDevicesOf(state, circle)].sort())
      }
    }
  })

  it("[A69] the worlds cover what they claim to", () => {
    for (const world of worlds) {
      const log = whole(world)
      count(coverage, "operations", log.operations().length)
      count(coverage, "merges", log.operations().filter(({ parents }) => parents.length > 1).length)
      const removals = world.operations.filter(({ body }) => body.type === "removeMember")
      for (const removal of removals) {
        const past = ancestorsOf(log, removal)
        count(
          coverage,
          "concurrent removals",
          removals.filter(r => r.id < removal.id && !past.has(r.id) && !ancestorsOf(log, r).has(removal.id))
            .length,
        )
      }
    }
    const least = {
      operations: 40 * worldRuns,
      merges: 500,
      backdated: 300,
      "concurrent removals": 150,
      "void operations": 200,
      "void removals": 20,
      "late operations": 50,
      "removed members": 80,
      "removed devices": 50,
      "worlds with the founder at stake": 10,
      "states at heads compared": 100,
      "healed: dead device": 50,
      "healed: several heads": 3,
      "healed: wraps": 10,
      "refusal RankTooLow": 300,
      "refusal RekeyUnneeded": 5,
      "added addMember": 300,
      "added addDevice": 150,
      "added removeMember": 100,
      "added removeDevice": 60,
      "added setRole": 40,
      "added yield": 8,
      "added suspend": 40,
      "added resume": 5,
      "added circle": 100,
      "added rekey": 150,
      "added wrap": 40,
      "added setRecovery": 10,
      "added docPolicy": 60,
      "added rebase": 50,
      "added move": 5,
    }
    for (const [name, minimum] of Object.entries(least)) {
      expect(coverage.get(name) ?? 0, name).toBeGreaterThanOrEqual(minimum)
    }
  })
})
