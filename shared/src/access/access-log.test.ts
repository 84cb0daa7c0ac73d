import { describe, expect, it } from "vitest"
import type { CircleId } from "../base/index.js"
import { type AccessLine, accessLogOf } from "./access-log.js"
import type { GroupLog } from "./log.js"
import type { Author, Role } from "./operation.js"
import { roomNoticesOf } from "./room-notices.js"
import { createTestFamily } from "./testing/family.js"
import { testHash } from "./testing/hash.js"

const home = () => {
  const family = createTestFamily(31)
  const log = family.log()
  const admit = (at: GroupLog, by: Author, role: Role) => {
    const person = { member: family.member(), device: family.device() }
    family.act(at, by, family.body.addMember(at.state(), by, { ...person, role }))
    return person
  }
  const founder = family.founder.device.id
  return { family, log, admit, founder, lines: () => accessLogOf(log, testHash) }
}

const acts = (lines: readonly AccessLine[]): readonly string[] => lines.map(({ act }) => act.type)

describe("the access log", () => {
  it("[A71] has a line for every act on who may come in, read or write, and by whom", () => {
    const { family, log, admit, founder, lines } = home()
    const { body } = family
    const ben = admit(log, founder, "admin")
    const tablet = family.device()
    family.act(log, ben.device.id, body.addDevice(ben.member, tablet))
    family.act(log, founder, body.suspend(log.state(), founder, tablet.id))
    family.act(log, founder, { type: "resume", device: tablet.id })
    family.act(log, founder, body.setRole(log.state(), founder, ben.member, "user"))
    const circle = body.newCircle(log, founder, [family.founder.member])
    family.act(log, founder, circle)
    family.act(log, founder, body.circle(log.state(), founder, circle.circle, [ben.member], []))
    family.act(log, founder, body.circle(log.state(), founder, circle.circle, [], [ben.member]))
    family.act(log, founder, body.rekey(log.state(), founder, log.state().everyone))
    family.act(log, ben.device.id, { type: "yield", to: { type: "Device", device: tablet.id } })
    family.act(log, tablet.id, body.removeDevice(log.state(), tablet.id, ben.device.id))
    family.act(log, "recovery", body.setRecovery(log.state(), "recovery"))
    family.act(log, founder, body.removeMember(log.state(), founder, ben.member))
    expect(acts(lines())).toEqual([
      "founded",
      "memberAdmitted",
      "deviceAdmitted",
      "deviceSuspended",
      "deviceResumed",
      "roleGiven",
      "circleMade",
      "circleJoined",
      "circleLeft",
      "deviceFirst",
      "deviceRemoved",
      "phraseReplaced",
      "memberRemoved",
    ])
    const all = lines()
    expect(all.every(({ operation, by }) => log.get(operation)?.author === by)).toBe(true)
    expect(all.every(({ whyVoid }) => whyVoid === undefined)).toBe(true)
    expect(all[3]).toMatchObject({
      byMember: family.founder.member,
      act: { member: ben.member, device: tablet.id },
    })
    expect(all[11]).toMatchObject({ by: "recovery", byMember: undefined })
    // Circles that are there from the beginning are not made.
    const guest = admit(log, founder, "guest")
    family.act(log, founder, body.circle(log.state(), founder, log.state().everyone, [guest.member], []))
    expect(acts(lines()).slice(-2)).toEqual(["memberAdmitted", "circleJoined"])
  })

  it("[A72] what does not count stands in it with what stands against it, whichever way it came", () => {
    const { family, log, admit, founder } = home()
    const ben = admit(log, founder, "admin")
    const away = family.log(log.operations())
    const eve = admit(away, ben.device.id, "editor")
    const mallory = family.device()
    const added = family.act(away, eve.device.id, family.body.addDevice(eve.member, mallory))
    const removal = family.act(log, founder, family.body.removeMember(log.state(), founder, ben.member))
    for (const operation of away.operations()) log.add(operation)
    const other = family.log(away.operations())
    other.add(removal)
    for (const at of [log, other]) {
      const reasons = accessLogOf(at, testHash).filter(({ whyVoid }) => whyVoid !== undefined)
      const [admission, device] = reasons
      expect(reasons).toHaveLength(2)
      expect(admission?.act).toMatchObject({ type: "memberAdmitted", member: eve.member })
      expect(admission?.whyVoid).toEqual({ type: "Sealed", by: removal.id })
      expect(device?.operation).toBe(added.id)
      expect(device?.whyVoid).toEqual({ type: "Baseless", on: admission?.operation })
    }
  })

  it("[A73] gives a chat room what concerns its readers, and nothing of anybody else", () => {
    const { family, log, admit, founder } = home()
    const { body } = family
    const [ben, cleo, eve] = [
      admit(log, founder, "admin"),
      admit(log, founder, "user"),
      admit(log, founder, "user"),
    ]
    const circle = body.newCircle(log, founder, [family.founder.member, ben.member])
    family.act(log, founder, circle)
    const [bens, cleos, eves] = [family.device(), family.device(), family.device()]
    for (const [of, device] of [
      [ben, bens],
      [cleo, cleos],
      [eve, eves],
    ] as const)
      family.act(log, of.device.id, body.addDevice(of.member, device))
    const other = body.newCircle(log, ben.device.id, [ben.member])
    family.act(log, ben.device.id, other)
    family.act(log, founder, body.circle(log.state(), founder, circle.circle, [cleo.member], []))
    family.act(log, founder, body.circle(log.state(), founder, circle.circle, [], [cleo.member]))
    family.act(log, founder, body.setRole(log.state(), founder, cleo.member, "editor"))
    family.act(log, founder, body.suspend(log.state(), founder, bens.id))
    family.act(log, founder, { type: "resume", device: bens.id })
    family.act(log, founder, body.removeMember(log.state(), founder, eve.member))
    family.act(log, "recovery", body.setRecovery(log.state(), "recovery"))
    // What Ben admitted before he knew that he was gone does not count, and is not told.
    const away = family.log(log.operations())
    admit(away, ben.device.id, "editor")
    family.act(log, founder, body.removeMember(log.state(), founder, ben.member))
    for (const operation of away.operations()) log.add(operation)

    const toldIn = (of: CircleId) =>
      roomNoticesOf(log, testHash, of).map(({ act }) =>
        act.type === "phraseReplaced" ? [act.type] : [act.type, "member" in act ? act.member : act],
      )
    const inside = toldIn(circle.circle)
    expect(inside.map(([type]) => type)).toEqual([
      "circleMade",
      "deviceAdmitted",
      "circleJoined",
      "circleLeft",
      "deviceSuspended",
      "deviceResumed",
      "phraseReplaced",
      "memberRemoved",
    ])
    expect(inside.flat()).not.toContain(eve.member)
    const everywhere = toldIn(log.state().everyone)
    expect(everywhere.filter(([, member]) => member === eve.member).map(([type]) => type)).toEqual([
      "memberAdmitted",
      "deviceAdmitted",
      "memberRemoved",
    ])
    expect(everywhere.some(([type]) => String(type).startsWith("circle"))).toBe(false)
  })
})
