import { describe, expect, it } from "vitest"
import type { DocumentId } from "../base/index.js"
import { endedStays, isStayOver } from "./expiry.js"
import { deviceIdOf } from "./identity.js"
import type { GroupLog } from "./log.js"
import type { Author, Operation, Rekey, Role } from "./operation.js"
import { groupLimits, operationLimits } from "./operation-limits.js"
import { type PolicyTarget, circleProfile, may, profileNameOf } from "./policy.js"
import { liveDevicesOf, missingWraps, needsRekey, whoHealsFirst } from "./readers.js"
import { createTestFamily, outcomeName } from "./testing/family.js"
import { testHash } from "./testing/hash.js"

const home = () => {
  const family = createTestFamily(9)
  const log = family.log()
  const admit = (role: Role, kind: "person" | "box" = "person") => {
    const newcomer = { member: family.member(), device: family.device(), role, kind }
    family.act(
      log,
      family.founder.device.id,
      family.body.addMember(log.state(), family.founder.device.id, newcomer),
    )
    return newcomer
  }
  const copy = (): GroupLog => family.log(log.operations())
  const join = (other: GroupLog): void => other.operations().forEach(operation => log.add(operation))
  const say = (author: Author, body: Operation["body"], at = log): string =>
    outcomeName(family.tell(at, author, body))
  return { family, log, admit, copy, join, say, founder: family.founder, by: family.founder.device.id }
}

const named = (rekey: Rekey, epoch: Rekey["epoch"]): Rekey => ({
  ...rekey,
  epoch,
  wraps: rekey.wraps.map(wrap => ({ ...wrap, epoch })),
})

describe("circles", () => {
  it("[A30] an admin makes a circle that he is in; anybody but a guest one of his own", () => {
    const { family, log, admit, say, founder, by } = home()
    const user = admit("user")
    const guest = admit("guest")
    const two = [founder.member, user.member]
    expect(say(by, family.body.newCircle(log, by, [user.member]))).toBe("CircleNotRead")
    expect(say(user.device.id, family.body.newCircle(log, user.device.id, two))).toBe("RoleTooLow")
    expect(say(guest.device.id, family.body.newCircle(log, guest.device.id, [guest.member]))).toBe(
      "RoleTooLow",
    )
    expect(
      say(by, {
        ...family.body.newCircle(log, by, two),
        circle: log.state().everyone.replace(/^./, "f"),
      } as never),
    ).not.toBe("Added")
    expect(say(user.device.id, family.body.newCircle(log, user.device.id, [user.member]))).toBe("Added")
    const made = family.body.newCircle(log, by, two)
    expect(say(by, made)).toBe("Added")
    expect([...(log.state().circles.get(made.circle)?.members ?? [])].sort()).toEqual([...two].sort())
  })

  it("[A56] nobody makes circle after circle, or lets device after device in", () => {
    const { family, log, admit, say, founder, by } = home()
    const user = admit("user")
    const own = (): string => say(user.device.id, family.body.newCircle(log, user.device.id, [user.member]))
    for (let n = 0; n < groupLimits.ownCircles; n++) expect(own()).toBe("Added")
    expect(own()).toBe("TooMany")
    // An admin could put somebody in anyway; and who founds anew begins with as many as there were.
    for (let n = 0; n <= groupLimits.ownCircles; n++)
      expect(say(by, family.body.newCircle(log, by, [founder.member]))).toBe("Added")
    const all = (): string => say(by, family.body.newCircle(log, by, [founder.member, user.member]))
    while (log.state().circles.size < groupLimits.circles) expect(all()).toBe("Added")
    expect(all()).toBe("TooMany")
    const another = (author: Author, member = user.member): string =>
      say(author, family.body.addDevice(member, family.device()))
    for (let n = 1; n < groupLimits.devicesPerMember; n++) expect(another(user.device.id)).toBe("Added")
    expect(another(user.device.id)).toBe("TooMany")
    // Whoever fills it up can still be removed, and so can anybody beside him.
    expect(say(by, family.body.removeMember(log.state(), by, user.member))).toBe("Added")
  })

  it("[A56] a group has so many devices and no more", () => {
    const { family, log, admit, say, by } = home()
    const liveDevices = (): number => [...log.state().devices.values()].filter(({ live }) => live).length
    while (liveDevices() < groupLimits.devices) admit("user")
    const newcomer = { member: family.member(), device: family.device(), role: "user" as const }
    expect(say(by, family.body.addMember(log.state(), by, newcomer))).toBe("TooMany")
    expect(groupLimits.devices).toBeLessThan(operationLimits.wraps)
    expect(groupLimits.circles).toBeLessThanOrEqual(operationLimits.circles)
    expect(say(by, family.body.rekey(log.state(), by, log.state().everyone))).toBe("Added")
  })

  it("[A31] only an admin who reads a circle changes it", () => {
    const { family, log, admit, say, by } = home()
    const admin = admit("admin")
    const user = admit("user")
    const own = family.body.newCircle(log, user.device.id, [user.member])
    family.act(log, user.device.id, own)
    expect(say(by, family.body.circle(log.state(), by, own.circle, [admin.member], []))).toBe("CircleNotRead")
    expect(
      say(user.device.id, family.body.circle(log.state(), user.device.id, own.circle, [admin.member], [])),
    ).toBe("RoleTooLow")
    const newcomer = {
      member: family.member(),
      device: family.device(),
      role: "user",
      circles: [own.circle],
    } as const
    expect(say(by, family.body.addMember(log.state(), by, newcomer))).toBe("CircleNotRead")
  })

  it("[A32] of a listing and a removal beside it the removal wins; a later listing counts again", () => {
    const { family, log, admit, copy, join, founder, by } = home()
    const admin = admit("admin")
    const user = admit("user")
    const made = family.body.newCircle(log, by, [founder.member, admin.member, user.member])
    family.act(log, by, made)
    const away = copy()
    const { circle } = made
    const remove = (at: GroupLog, author: Author) =>
      family.act(at, author, family.body.circle(at.state(), author, circle, [], [user.member]))
    const add = (at: GroupLog, author: Author) =>
      family.act(at, author, family.body.circle(at.state(), author, circle, [user.member], []))
    remove(away, admin.device.id)
    add(away, admin.device.id)
    remove(log, by)
    join(away)
    expect(log.state().circles.get(circle)?.members.has(user.member)).toBe(false)
    expect(log.state().circles.get(log.state().everyone)?.members.has(user.member)).toBe(true)
    add(log, by)
    expect(log.state().circles.get(circle)?.members.has(user.member)).toBe(true)
  })

  it("[A33] who leaves the family leaves every circle", () => {
    const { family, log, admit, founder, by } = home()
    const user = admit("user")
    const made = family.body.newCircle(log, by, [founder.member, user.member])
    family.act(log, by, made)
    family.act(log, by, family.body.removeMember(log.state(), by, user.member))
    for (const circle of log.state().circles.values()) expect(circle.members.has(user.member)).toBe(false)
    expect(liveDevicesOf(log.state(), made.circle)).toEqual([by])
  })
})

describe("epochs", () => {
  it("[A40] without admin's role a rekey is valid only for a dead device in reach or several heads", () => {
    const { family, log, admit, copy, join, say, by } = home()
    const user = admit("user")
    const { everyone } = log.state()
    const rekey = (at: GroupLog, author: Author) => family.body.rekey(at.state(), author, everyone)
    expect(say(user.device.id, rekey(log, user.device.id))).toBe("RekeyUnneeded")
    const away = copy()
    family.act(away, by, rekey(away, by))
    family.act(log, by, rekey(log, by))
    join(away)
    expect(log.state().circles.get(everyone)?.heads.length).toBe(2)
    expect(needsRekey(log.state(), everyone)).toBe("several heads")
    expect(say(user.device.id, rekey(log, user.device.id))).toBe("Added")
    expect(log.state().circles.get(everyone)?.heads.length).toBe(1)
    expect(say(user.device.id, rekey(log, user.device.id))).toBe("RekeyUnneeded")
  })

  it("[A44] an epoch is named once: never again in its own circle, in another one, or twice in an operation", () => {
    const { family, log, admit, say, founder, by } = home()
    const user = admit("user")
    const inner = family.body.newCircle(log, by, [founder.member, user.member])
    family.act(log, by, inner)
    const [used] = [...(log.state().circles.get(inner.circle)?.epochs.keys() ?? [])]
    const rekeyOf = (circle: typeof inner.circle) => {
      const body = family.body.rekey(log.state(), by, circle)
      if (body.type !== "rekey" || used === undefined) throw new Error("a rekey, and an epoch before it")
      return { ...body, rekey: named(body.rekey, used) }
    }
    expect(say(by, rekeyOf(inner.circle))).toBe("RekeyWrong")
    expect(say(by, rekeyOf(log.state().everyone))).toBe("RekeyWrong")
    const removal = family.body.removeMember(log.state(), by, user.member)
    if (removal.type !== "removeMember") throw new Error("a removal")
    const [first, ...others] = removal.taking.rekeys
    if (first === undefined) throw new Error("two rekeys")
    const rekeys = [first, ...others.map(other => named(other, first.epoch))]
    expect(say(by, { ...removal, taking: { ...removal.taking, rekeys } })).toBe("RekeyWrong")
    expect(say(by, removal)).toBe("Added")
  })

  it("[A41] the epoch of a void rekey is kept, and never seals", () => {
    const { family, log, admit, copy, join, by } = home()
    const admin = admit("admin")
    const { everyone } = log.state()
    const away = copy()
    family.act(away, admin.device.id, family.body.rekey(away.state(), admin.device.id, everyone))
    const epoch = away.state().circles.get(everyone)?.heads[0]
    family.act(log, by, family.body.removeMember(log.state(), by, admin.member))
    const heads = log.state().circles.get(everyone)?.heads
    join(away)
    const circle = log.state().circles.get(everyone)
    expect(circle?.heads).toEqual(heads)
    expect(epoch && circle?.epochs.get(epoch)?.live).toBe(false)
  })

  it("[A42] any reader who holds a key wraps it for a live reader that lacks it, and for nobody else", () => {
    const { log, admit, say, by } = home()
    const user = admit("user")
    const guest = admit("guest")
    const { everyone } = log.state()
    const epoch = log.state().circles.get(everyone)?.heads[0] ?? ("" as never)
    const wrap = (to: typeof by) =>
      ({ type: "wrap", wraps: [{ circle: everyone, epoch, to, sealed: new Uint8Array(8) }] }) as const
    expect(missingWraps(log.state(), everyone)).toEqual([{ device: user.device.id, epoch }])
    expect(say(user.device.id, wrap(user.device.id))).toBe("WrapWrong")
    expect(say(by, wrap(guest.device.id))).toBe("WrapWrong")
    expect(say(by, wrap(user.device.id))).toBe("Added")
    expect(missingWraps(log.state(), everyone)).toEqual([])
    expect(say(user.device.id, wrap(by))).toBe("Added")
  })

  it("[A43] the highest-ranked live reader heals first, and never the box", () => {
    const { log, admit, by } = home()
    const box = admit("user", "box")
    const user = admit("user")
    expect(whoHealsFirst(log.state(), log.state().everyone)).toEqual([by, user.device.id])
    expect(liveDevicesOf(log.state(), log.state().everyone)).toContain(box.device.id)
  })
})

describe("who may do what", () => {
  const roles: readonly Role[] = ["admin", "editor", "user", "guest"]
  const document = "dd".repeat(16) as DocumentId
  const target = (log: GroupLog, more: Partial<PolicyTarget>): PolicyTarget => ({
    circle: log.state().everyone,
    document,
    area: "notes",
    name: "n",
    ...more,
  })

  it("[A50] follows the table", () => {
    const { family, log, admit, by } = home()
    const people = roles.map(role => admit(role))
    const guest = people[3]
    if (guest)
      family.act(log, by, family.body.circle(log.state(), by, log.state().everyone, [guest.member], []))
    const row = (verb: Parameters<typeof may>[2], more: Partial<PolicyTarget>) =>
      people.map(person => may(log.state(), person.device.id, verb, target(log, more)))
    expect(row("read", {})).toEqual([true, true, true, true])
    for (const area of ["catalogue", "book", "ledger", "notes", "plans"] as const) {
      expect(row("write", { area })).toEqual([true, true, true, false])
    }
    expect(row("write", { area: "chat" })).toEqual([true, true, true, true])
    expect(row("snapshot", {})).toEqual([true, false, false, false])
    const name = people[2] ? profileNameOf(people[2].member) : ""
    expect(row("write", { area: "profile", name })).toEqual([true, false, true, false])
    const elsewhere = family.body.newCircle(log, by, [family.founder.member])
    family.act(log, by, elsewhere)
    expect(row("read", { circle: elsewhere.circle })).toEqual([false, false, false, false])
    // A circle's name: the admins', or whose circle it is alone.
    const called = { area: "profile", name: circleProfile } as const
    expect(row("write", called)).toEqual([true, false, false, false])
    const [, , user] = people
    if (user === undefined) throw new Error("nobody is a user")
    const own = family.body.newCircle(log, user.device.id, [user.member])
    family.act(log, user.device.id, own)
    expect(row("write", { ...called, circle: own.circle })).toEqual([false, false, true, false])
    expect(row("write", { area: "profile", name: "family", circle: own.circle })[2]).toBe(false)
  })

  it("[A52a] lets admins alone write contacts, whatever a document's policy says", () => {
    const { family, log, admit, by } = home()
    const people = roles.map(role => admit(role))
    const invited = people.map(({ member }) => member)
    const { everyone } = log.state()
    const guest = people[3]
    if (guest) family.act(log, by, family.body.circle(log.state(), by, everyone, [guest.member], []))
    const change = { type: "docPolicy", circle: everyone, document, usersWrite: true, invited } as const
    family.act(log, by, { ...change, taking: family.taking(log.state(), by, change) })
    const writes = (area: PolicyTarget["area"]) =>
      people.map(person => may(log.state(), person.device.id, "write", target(log, { area })))
    expect(writes("contacts")).toEqual([true, false, false, false])
    expect(writes("notes")).toEqual([true, true, true, true])
  })

  it("[A51] a document's policy takes writing from users and invites guests; taking carries a rekey", () => {
    const { family, log, admit, say, by } = home()
    const user = admit("user")
    const guest = admit("guest")
    const { everyone } = log.state()
    family.act(log, by, family.body.circle(log.state(), by, everyone, [guest.member], []))
    const change = {
      type: "docPolicy",
      circle: everyone,
      document,
      usersWrite: false,
      invited: [guest.member],
    } as const
    expect(say(by, { ...change, taking: { circles: [], cuts: [], rekeys: [] } })).toBe("RekeyWrong")
    family.act(log, by, { ...change, taking: family.taking(log.state(), by, change) })
    expect(may(log.state(), user.device.id, "write", target(log, {}))).toBe(false)
    expect(may(log.state(), guest.device.id, "write", target(log, {}))).toBe(true)
    expect(log.state().cutRules.map(rule => rule.device)).toEqual([user.device.id])
  })

  it("[A52] the box writes snapshots and receipts only, and authors no operations", () => {
    const { family, log, admit, say } = home()
    const box = admit("user", "box")
    const verbs = ["read", "receipt", "snapshot", "write"] as const
    const allowed = verbs.filter(verb => may(log.state(), box.device.id, verb, target(log, { area: "chat" })))
    expect(allowed).toEqual(["read", "receipt", "snapshot"])
    expect(say(box.device.id, family.body.addDevice(box.member, family.device()))).toBe("AuthorNotLive")
  })

  it("[A53] a suspended, a removed and an unknown device may nothing", () => {
    const { family, log, admit, by } = home()
    const one = admit("editor")
    const other = admit("editor")
    family.act(log, by, family.body.suspend(log.state(), by, one.device.id))
    family.act(log, by, family.body.removeMember(log.state(), by, other.member))
    for (const id of [one.device.id, other.device.id, family.device().id]) {
      for (const verb of ["read", "write", "receipt"] as const)
        expect(may(log.state(), id, verb, target(log, {}))).toBe(false)
    }
  })

  it("[A55] a guest's stay ends by the clock of whoever asks, and changes nothing in the fold", () => {
    const { family, log, say, by } = home()
    const stay = (role: Role) =>
      family.body.addMember(log.state(), by, {
        member: family.member(),
        device: family.device(),
        role,
        expiresMs: 1_000,
      })
    for (const role of ["admin", "editor", "user"] as const) expect(say(by, stay(role))).toBe("Pointless")
    const admission = stay("guest")
    expect(say(by, admission)).toBe("Added")
    if (admission.type !== "addMember") throw new Error(admission.type)
    const device = deviceIdOf(admission.device.keys, testHash)
    const at = (nowMs: number) => [isStayOver(log.state(), device, nowMs), endedStays(log.state(), nowMs)]
    expect(at(999)).toEqual([false, { over: [], nextMs: 1_000 }])
    expect(at(1_000)).toEqual([true, { over: [admission.member], nextMs: undefined }])
    expect(isStayOver(log.state(), by, 1_000)).toBe(false)
    expect(log.state().devices.get(device)?.live).toBe(true)
    // Who is a guest no more stays, and who has left is not seen out again.
    const other = family.log(log.operations())
    family.act(log, by, family.body.setRole(log.state(), by, admission.member, "user"))
    expect(at(2_000)).toEqual([false, { over: [], nextMs: undefined }])
    family.act(other, by, family.body.removeMember(other.state(), by, admission.member))
    expect(endedStays(other.state(), 2_000).over).toEqual([])
  })
})
