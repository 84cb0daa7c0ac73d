import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { DocumentId, MemberId } from "../base/index.js"
import type { GroupLog } from "./log.js"
import { type Author, type Operation, type OperationBody, type Role, nothingTaken } from "./operation.js"
import { may } from "./policy.js"
import { deadDevicesInReach, liveDevicesOf, whoHealsFirst } from "./readers.js"
import { type TestDevice, createTestFamily, outcomeName, stateText } from "./testing/family.js"

const share = (role: Role = "editor", seed = 1) => {
  const group = createTestFamily(seed, role)
  const log = group.log()
  const [ours, theirs] = [group.founder, group.voucher]
  const by = ours.device.id
  const say = (author: Author, body: OperationBody, at: GroupLog = log): string =>
    outcomeName(group.tell(at, author, body))
  const admit = (at: GroupLog = log): TestDevice => {
    const device = group.device()
    group.act(at, theirs.device.id, group.body.addDevice(theirs.member, device))
    return device
  }
  const other = (): GroupLog => group.log(log.operations())
  const join = (from: GroupLog): void => from.operations().forEach(operation => log.add(operation))
  return { group, log, ours, theirs, by, say, admit, other, join }
}

const document = "dd".repeat(16) as DocumentId
const writes = (log: GroupLog, device: TestDevice, area: "notes" | "chat" = "notes"): boolean =>
  may(log.state(), device.id, "write", { circle: log.state().everyone, document, area, name: "n" })

describe("a share", () => {
  it("[A80] has two sides from the first: the other one junior, and a reader", () => {
    const { log, ours, theirs } = share("user")
    const state = log.state()
    expect([state.kind, state.founder]).toEqual(["share", ours.member])
    expect(state.members.get(theirs.member)).toMatchObject({ role: "user", live: true })
    expect(liveDevicesOf(state, state.everyone)).toEqual([ours.device.id, theirs.device.id])
    expect(deadDevicesInReach(state, state.everyone).size).toBe(0)
  })

  it("[A80] a genesis with an admin, a stranger's wrap, or one member for both sides founds nothing", () => {
    expect(() => share("admin")).toThrow("GenesisInvalid")
    const { group } = share()
    const body = group.genesis.body
    if (body.type !== "genesis" || body.voucher === undefined) throw new Error("no share")
    const wraps = body.rekey.wraps.filter(({ to }) => to !== group.voucher.device.id)
    const one = { ...body, voucher: { ...body.voucher, member: body.founder } }
    for (const wrong of [{ ...body, rekey: { ...body.rekey, wraps } }, one])
      expect(() => group.found(wrong)).toThrow("GenesisInvalid")
  })

  it.each(["editor", "user", "guest"] as const)(
    "[A81] the voucher lets devices of its own side in and out, as %s too",
    role => {
      const { group, log, theirs, by, say, admit } = share(role)
      const [phone, laptop] = [admit(), admit()]
      const out = group.body.removeDevice(log.state(), theirs.device.id, phone.id)
      expect(say(theirs.device.id, out)).toBe("Added")
      expect([phone, laptop].map(({ id }) => log.state().devices.get(id)?.live)).toEqual([false, true])
      expect(say(theirs.device.id, group.body.addDevice(group.founder.member, group.device()))).toBe(
        "RoleTooLow",
      )
      expect(say(by, group.body.addDevice(theirs.member, group.device()))).toBe("RoleTooLow")
    },
  )

  it("[A81] the voucher is senior to the first device that it lets in, whatever their hashes", () => {
    for (let seed = 1; seed <= 16; seed++) {
      const { group, log, theirs, say, admit } = share("editor", seed)
      const { id } = admit()
      expect(say(theirs.device.id, group.body.removeDevice(log.state(), theirs.device.id, id))).toBe("Added")
    }
  })

  it("[A81] two admins of that side may use it at once", () => {
    const { log, other, join, admit } = share()
    const elsewhere = other()
    const [phone, laptop] = [admit(), admit(elsewhere)]
    join(elsewhere)
    expect([phone, laptop].map(({ id }) => log.state().devices.get(id)?.live)).toEqual([true, true])
  })

  it("[A81] the voucher does nothing else", () => {
    const { group, log, ours, theirs, say } = share()
    const by = theirs.device.id
    const state = log.state()
    const bodies: readonly OperationBody[] = [
      group.body.addMember(state, by, { member: group.member(), device: group.device(), role: "guest" }),
      group.body.removeDevice(state, by, ours.device.id),
      group.body.removeMember(state, by, ours.member),
      group.body.setRole(state, by, theirs.member, "editor"),
      group.body.newCircle(log, by, [theirs.member]),
      group.body.rekey(state, by, state.everyone),
      group.body.suspend(state, by, ours.device.id),
      { type: "yield", to: { type: "Member", member: ours.member } },
    ]
    expect(bodies.map(body => say(by, body))).toEqual(bodies.map(() => "RoleTooLow"))
  })

  it("[A82] the other side's devices keep keys in order and let nobody in, out or up", () => {
    const { group, log, theirs, by, say, admit } = share()
    const [phone, laptop] = [admit(), admit()]
    const state = log.state()
    const bodies: readonly OperationBody[] = [
      group.body.addDevice(theirs.member, group.device()),
      group.body.removeDevice(state, phone.id, laptop.id),
      group.body.addMember(state, phone.id, {
        member: group.member(),
        device: group.device(),
        role: "guest",
      }),
      group.body.newCircle(log, phone.id, [theirs.member]),
      { type: "yield", to: { type: "Device", device: laptop.id } },
    ]
    expect(bodies.map(body => say(phone.id, body))).toEqual(bodies.map(() => "RoleTooLow"))
    group.act(log, by, group.body.suspend(log.state(), by, laptop.id))
    expect(say(phone.id, { type: "resume", device: laptop.id })).toBe("RoleTooLow")
    const [epoch] = log.state().circles.get(state.everyone)?.heads ?? []
    if (epoch === undefined) throw new Error("no epoch")
    const wrap = { circle: state.everyone, epoch, to: by, sealed: Uint8Array.of(1) }
    expect(say(phone.id, { type: "wrap", wraps: [wrap] })).toBe("Added")
  })

  it("[A83] the side that made it gives nobody its own place, and makes no circle", () => {
    const { group, log, ours, theirs, by, say } = share()
    const anna = { member: group.member(), device: group.device(), role: "editor" as const }
    expect(say(by, group.body.addMember(log.state(), by, { ...anna, role: "admin" }))).toBe("RoleTooLow")
    expect(say(by, group.body.addMember(log.state(), by, anna))).toBe("Added")
    const bodies: readonly OperationBody[] = [
      { type: "setRole", member: theirs.member, role: "admin", taking: nothingTaken },
      { type: "yield", to: { type: "Member", member: theirs.member } },
      group.body.newCircle(log, by, [ours.member]),
    ]
    expect(bodies.map(body => say(by, body))).toEqual(bodies.map(() => "RoleTooLow"))
    expect(say(by, group.body.setRole(log.state(), by, theirs.member, "guest"))).toBe("Added")
  })

  it("[A84] the voucher reads, and neither writes nor heals", () => {
    const { group, log, theirs, by, admit } = share()
    const phone = admit()
    expect([phone, theirs.device].map(device => writes(log, device))).toEqual([true, false])
    const { everyone } = log.state()
    const snapshot = { circle: everyone, document, area: "notes", name: "n" } as const
    expect(may(log.state(), theirs.device.id, "read", snapshot)).toBe(true)
    expect(whoHealsFirst(log.state(), everyone)).toEqual([by, phone.id])
    const rekeyed = group.act(log, by, group.body.rekey(log.state(), by, everyone))
    const to = rekeyed.body.type === "rekey" ? rekeyed.body.rekey.wraps.map(wrap => wrap.to) : []
    expect(to).toContain(theirs.device.id)
    group.act(log, by, group.body.setRole(log.state(), by, theirs.member, "guest"))
    expect([writes(log, phone), writes(log, phone, "chat")]).toEqual([false, true])
  })

  it("[A85] revoking it ends what that side does, and what its voucher did beside it", () => {
    const { group, log, theirs, by, say, admit, other, join } = share()
    const phone = admit()
    const elsewhere = other()
    const late = admit(elsewhere)
    group.act(log, by, group.body.removeMember(log.state(), by, theirs.member))
    join(elsewhere)
    expect([phone, late].map(({ id }) => log.state().devices.get(id)?.live ?? false)).toEqual([false, false])
    expect([phone, late].map(device => writes(log, device))).toEqual([false, false])
    expect(liveDevicesOf(log.state(), log.state().everyone)).toEqual([by])
    expect(deadDevicesInReach(log.state(), log.state().everyone).size).toBe(0)
    expect(log.state().cutRules.map(({ device }) => device)).toContain(phone.id)
    expect(say(theirs.device.id, group.body.addDevice(theirs.member, group.device()))).toBe("AuthorNotLive")
  })
})

/** What anybody could try, with rekeys and wraps as they must be; whether it is taken the log says. */
const attempt = (
  world: ReturnType<typeof share>,
  at: GroupLog,
  pick: readonly [what: number, who: number, whom: number, role: number],
): Operation | undefined => {
  const { group } = world
  const state = at.state()
  const [what, who, whom, role] = pick
  const devices = [...state.devices.keys()]
  const members = [...state.members.keys()]
  const authors: readonly Author[] = [...devices, "recovery"]
  const author = authors[who % authors.length] ?? "recovery"
  const device = devices[whom % devices.length]
  const member = members[whom % members.length]
  if (device === undefined || member === undefined) return undefined
  const as = (["admin", "editor", "user", "guest"] as const)[role % 4] ?? "guest"
  const bodies: readonly (() => OperationBody)[] = [
    () => group.body.addDevice(member, group.device()),
    () => group.body.addMember(state, author, { member: group.member(), device: group.device(), role: as }),
    () => group.body.removeDevice(state, author, device),
    () => group.body.removeMember(state, author, member),
    () => group.body.setRole(state, author, member, as),
    () => group.body.suspend(state, author, device),
    () => ({ type: "resume", device }),
    () => ({ type: "yield", to: { type: "Device", device } }),
    () => ({ type: "yield", to: { type: "Member", member } }),
    () => group.body.newCircle(at, author, [member]),
    () => group.body.rekey(state, author, state.everyone),
  ]
  const body = bodies[what % bodies.length]
  if (body === undefined) return undefined
  const operation = group.make(at, author, body())
  return at.add(operation) === "Added" ? operation : undefined
}

/** Who is on the side that made the share, with which role and devices. */
const ownSide = (log: GroupLog, theirs: MemberId): readonly string[] => {
  const { members, devices } = log.state()
  return [
    ...[...members.values()].map(({ id, live, role }) => [id, id, live, role] as const),
    ...[...devices.values()].map(({ id, member, live, suspended }) => [member, id, live, suspended] as const),
  ]
    .filter(([member]) => member !== theirs)
    .map(each => each.join(" "))
    .sort()
}

describe("shares in random worlds", () => {
  it("[A86] the other side stays what its voucher makes it, and its side only", () => {
    const taken = new Map<string, number>()
    const number = fc.nat({ max: 1_000 })
    const steps = fc.array(fc.tuple(number, number, number, number, fc.boolean()), {
      minLength: 12,
      maxLength: 24,
    })
    fc.assert(
      fc.property(fc.constantFrom("editor", "user", "guest" as const), steps, (role, picks) => {
        const world = share(role, picks.length)
        const { group, ours, theirs } = world
        // Two replicas that meet now and then; an outsider of one is an insider of the other for a while.
        const [one, two] = [group.log(), group.log()]
        const vouched = new Set([theirs.device.id])
        for (const [what, who, whom, to, isFirst] of picks) {
          const at = isFirst ? one : two
          const before = ownSide(at, theirs.member)
          const operation = attempt(world, at, [what, who, whom, to])
          if (operation === undefined) continue
          const { body } = operation
          const side =
            operation.author === "recovery" ? "recovery" : vouched.has(operation.author) ? "theirs" : "ours"
          if (side === "theirs") expect(ownSide(at, theirs.member)).toEqual(before)
          taken.set(`${side} ${body.type}`, (taken.get(`${side} ${body.type}`) ?? 0) + 1)
          if (body.type === "addDevice" && body.member === theirs.member) {
            expect(operation.author).toBe(theirs.device.id)
            for (const [id, device] of at.state().devices)
              if (device.member === theirs.member) vouched.add(id)
          }
          if (what % 5 === 0) for (const each of two.operations()) one.add(each)
        }
        for (const each of two.operations()) one.add(each)
        for (const each of one.operations()) two.add(each)
        const state = one.state()
        expect(stateText(two.state())).toBe(stateText(state))
        for (const member of state.members.values())
          if (member.role === "admin") expect(member.id).toBe(ours.member)
        expect([...state.circles.keys()]).toEqual([state.everyone])
      }),
      { seed: 3, numRuns: 60 },
    )
    const kinds = [...taken.keys()]
    expect(kinds.filter(kind => kind.startsWith("theirs")).sort()).toEqual(
      expect.arrayContaining(["theirs addDevice", "theirs removeDevice"]),
    )
    expect(kinds.filter(kind => kind.startsWith("ours")).length).toBeGreaterThan(5)
  })
})
