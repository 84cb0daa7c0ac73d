import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bytesToHex } from "../base/index.js"
import { accessLogOf } from "./access-log.js"
import { encodeCheckpoint, openCheckpoint } from "./checkpoint.js"
import { type GroupLog, resumeGroupLog } from "./log.js"
import type { Operation } from "./operation.js"
import { createTestFamily, outcomeName, stateText } from "./testing/family.js"
import { testHash } from "./testing/hash.js"
import { type Coverage, type Step, type World, count, playWorld } from "./testing/world.js"

const worldRuns = 16

const steps = fc.array(
  fc.record({
    kind: fc.nat(1199),
    place: fc.nat(3),
    author: fc.nat(1000),
    target: fc.nat(1000),
    detail: fc.nat(1000),
  }),
  { minLength: 90, maxLength: 150 },
)

const worlds: readonly World[] = fc
  .sample(steps, { numRuns: worldRuns, seed: 4711 })
  .map((played: readonly Step[], i) => playWorld(i, played, new Map()))

const kept = (log: GroupLog, more: unknown = undefined): Uint8Array =>
  encodeCheckpoint(log.heads(), log.operations(), log.checkpoint(), more)

/** As a device opens: what fits is resumed, and the rest is taken in. */
const open = (bytes: Uint8Array, operations: readonly Operation[]): GroupLog | undefined => {
  const opened = openCheckpoint(bytes, operations)
  const log = opened && resumeGroupLog(opened.resumed, testHash)
  if (opened === undefined || log === undefined) return undefined
  deliver(log, opened.rest)
  return log
}

const deliver = (log: GroupLog, operations: readonly Operation[]): void => {
  let waiting = operations
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length
    waiting = waiting.filter(operation => {
      const outcome = log.add(operation)
      return typeof outcome === "object" && "missing" in outcome
    })
  }
}

const expectSame = (one: GroupLog, other: GroupLog): void => {
  expect(stateText(one.state())).toBe(stateText(other.state()))
  expect(one.heads()).toEqual(other.heads())
  expect(one.operations().map(({ id }) => id)).toEqual(other.operations().map(({ id }) => id))
  expect(accessLogOf(one, testHash)).toEqual(accessLogOf(other, testHash))
  for (const { id, author } of other.operations().filter((_, i) => i % 4 === 1)) {
    expect(stateText(one.stateAt([id]) ?? {})).toBe(stateText(other.stateAt([id]) ?? {}))
    expect(one.nextSeq(author)).toBe(other.nextSeq(author))
  }
}

describe("a checkpoint of the membership log", () => {
  it("[A90] a log that goes on from one is what it is from the genesis, whatever comes after it or beside it", () => {
    const coverage: Coverage = new Map()
    worlds.forEach((world, i) => {
      const { family } = world
      const operations = [family.genesis, ...world.operations]
      const whole = family.log(operations)
      // In the order in which they were made: what comes later names old heads, and seals what was live.
      const at = Math.floor((operations.length * (2 + (i % 7))) / 9)
      const early = family.log(operations.slice(0, at))
      const resumed = open(kept(early), operations)
      if (resumed === undefined) throw new Error("it fits")
      expectSame(resumed, whole)
      const voids = early.state().void
      const heads = new Set<string>(early.heads())
      count(coverage, "operations after", operations.length - at)
      count(coverage, "voids in it", voids.size)
      for (const id of whole.state().void) if (early.has(id) && !voids.has(id)) count(coverage, "void since")
      for (const { parents } of operations.slice(at))
        if (parents.every(id => early.has(id) && !heads.has(id))) count(coverage, "beside its end")
      count(coverage, "of several heads", heads.size > 1 ? 1 : 0)
      for (const { body } of operations.slice(0, at)) count(coverage, body.type)
      // Another one, of the log that went on.
      const again = open(kept(resumed), operations)
      expect(stateText(again?.state() ?? {})).toBe(stateText(whole.state()))
    })
    for (const [name, least] of Object.entries({
      "operations after": 300,
      "voids in it": 15,
      "void since": 3,
      "beside its end": 20,
      "of several heads": 3,
      removeMember: 10,
      removeDevice: 5,
      suspend: 3,
      resume: 1,
      setRecovery: 1,
      move: 1,
      docPolicy: 3,
    }))
      expect(coverage.get(name) ?? 0, name).toBeGreaterThanOrEqual(least)
  })

  it("[A90] what was made void behind its end is void from all that it kept", () => {
    const family = createTestFamily(5)
    const anna = family.founder.device.id
    const ben = { member: family.member(), device: family.device(), role: "admin" } as const
    const log = family.log()
    const admitted = [family.act(log, anna, family.body.addMember(log.state(), anna, ben))]
    const known = family.log(admitted)
    const removal = family.make(known, anna, family.body.removeMember(known.state(), anna, ben.member))
    for (let i = 0; i < 140; i++) {
      const newcomer = { member: family.member(), device: family.device(), role: "user" } as const
      const author = i % 5 === 0 ? ben.device.id : anna
      family.act(log, author, family.body.addMember(log.state(), author, newcomer))
    }
    const before = kept(log)
    expect(openCheckpoint(before, log.operations())?.resumed.checkpoint.states.length).toBeGreaterThan(2)
    expect(log.add(removal)).toBe("Added")
    for (const bytes of [before, kept(log)]) {
      const resumed = open(bytes, log.operations())
      if (resumed === undefined) throw new Error("it fits")
      expect(resumed.state().void.size).toBeGreaterThan(20)
      expectSame(resumed, family.log(log.operations()))
    }
  })

  it("[A91] says of what comes next what the whole log says", () => {
    const refused: Coverage = new Map()
    for (const world of worlds.slice(0, 4)) {
      const { family } = world
      const operations = [family.genesis, ...world.operations]
      const whole = family.log(operations)
      const resumed = open(kept(family.log(operations.slice(0, -15))), operations)
      if (resumed === undefined) throw new Error("it fits")
      const devices = [...whole.state().devices.values()]
      for (const [i, { id }] of devices.entries()) {
        const target = devices[(i * 3 + 1) % devices.length]
        if (target === undefined || !whole.state().devices.has(id)) continue
        const state = whole.state()
        const body = family.body.removeMember(state, id, target.member)
        const operation = family.make(whole, id, body)
        const outcome = family.log(operations).add(operation)
        expect(open(kept(resumed), operations)?.add(operation)).toEqual(outcome)
        count(refused, outcomeName(outcome))
      }
    }
    expect(refused.get("Added") ?? 0).toBeGreaterThan(3)
    expect(refused.get("RankTooLow") ?? 0).toBeGreaterThan(3)
  })

  it("[A93] its number stands for these rules and this form", () => {
    const [world] = worlds
    if (world === undefined) throw new Error("a world")
    const bytes = kept(world.family.log(world.operations))
    // Where this differs, what the rules come to has changed, or the form: checkpointVersion wants the next number.
    expect([bytes[0], bytesToHex(testHash("checkpoint", bytes)).slice(0, 16)]).toEqual([
      1,
      "5e586a70e41fd177",
    ])
  })

  it("[A92] one that does not fit the operations is not taken", () => {
    const [world] = worlds
    if (world === undefined) throw new Error("a world")
    const { family, operations } = world
    const bytes = kept(family.log(operations))
    const all = family.log(operations).operations()
    expect(open(bytes, all)).toBeDefined()
    for (const missing of all)
      expect(
        open(
          bytes,
          all.filter(operation => operation !== missing),
        ),
      ).toBeUndefined()
    const other = createTestFamily(99)
    expect(open(bytes, other.log().operations())).toBeUndefined()
    const old = bytes.slice()
    old[0] = (old[0] ?? 0) + 1
    expect(open(old, all)).toBeUndefined()
    for (let length = 0; length < bytes.length; length += 97)
      expect(open(bytes.subarray(0, length), all)).toBeUndefined()
  })
})
